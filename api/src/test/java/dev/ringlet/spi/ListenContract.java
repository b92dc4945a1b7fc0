package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Binding and listening. */
interface ListenContract extends DriverContractPart {
  default IoHandle listener() {
    return rig().handle(TestRequest.listen(Peers.anyPort(), 256, 0));
  }

  @Test
  default void theKernelChoosesThePort() {
    InetSocketAddress first = rig().driver.localAddress(listener());
    InetSocketAddress second = rig().driver.localAddress(listener());
    assertEquals(Peers.anyPort().getAddress(), first.getAddress());
    assertTrue(first.getPort() > 0, first::toString);
    assertNotEquals(first, second);
  }

  @Test
  default void aPortInUseIsRefused() {
    rig().fails(Errno.EADDRINUSE, TestRequest.listen(peers().serverAddress(), 16, 0));
    InetSocketAddress own = rig().driver.localAddress(listener());
    rig().fails(Errno.EADDRINUSE, TestRequest.listen(own, 16, 0));
  }

  @Test
  default void anAddressOfAnotherMachineIsRefused() {
    // 192.0.2.0/24 is kept for documentation.
    InetSocketAddress foreign = new InetSocketAddress("192.0.2.1", 0);
    rig().fails(Errno.EADDRNOTAVAIL, TestRequest.listen(foreign, 16, 0));
  }

  @Test
  default void aPortIsFreeAgainAfterTheClose() throws IOException {
    IoHandle listener = listener();
    InetSocketAddress address = rig().driver.localAddress(listener);
    peers().connect(address);
    IoHandle accepted = rig().handle(TestRequest.accept(listener));
    rig().close(accepted);
    rig().close(listener);
    IoHandle again = rig().handle(TestRequest.listen(address, 16, 0));
    assertEquals(address, rig().driver.localAddress(again));
  }

  @Test
  default void aSharedPortSpreadsConnectionsOverItsListeners() throws IOException {
    int shared = IoRequest.LISTEN_SHARED_PORT;
    IoHandle first = rig().handle(TestRequest.listen(Peers.anyPort(), 256, shared));
    InetSocketAddress address = rig().driver.localAddress(first);
    IoHandle second = rig().handle(TestRequest.listen(address, 256, shared));
    int count = 200;
    for (int i = 0; i < count; i++) {
      peers().connect(address);
    }
    Acceptor ofFirst = new Acceptor(rig(), first);
    Acceptor ofSecond = new Acceptor(rig(), second);
    rig()
        .until("all are accepted", () -> ofFirst.handles.size() + ofSecond.handles.size() == count);
    // By a hash over the ports: for one listener to get none of 200 takes 2^-199 of luck.
    assertTrue(!ofFirst.handles.isEmpty() && !ofSecond.handles.isEmpty());
    ofFirst.stop();
    ofSecond.stop();
  }

  @Test
  default void aPortIsNotSharedWithoutTheFlag() {
    IoHandle first =
        rig().handle(TestRequest.listen(Peers.anyPort(), 16, IoRequest.LISTEN_SHARED_PORT));
    InetSocketAddress address = rig().driver.localAddress(first);
    rig().fails(Errno.EADDRINUSE, TestRequest.listen(address, 16, 0));
  }

  @Test
  default void aFileHasNoAddress() {
    int flags = IoRequest.OPEN_WRITE | IoRequest.OPEN_CREATE;
    IoHandle file = rig().handle(TestRequest.open(directory().resolve("file"), flags));
    assertThrows(RuntimeException.class, () -> rig().driver.localAddress(file));
    assertThrows(RuntimeException.class, () -> rig().driver.remoteAddress(file));
  }
}
