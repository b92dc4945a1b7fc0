package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connecting. */
interface ConnectContract extends DriverContractPart {
  @Test
  default void connects() throws IOException {
    IoHandle handle = rig().handle(TestRequest.connect(peers().serverAddress()));
    Socket peer = peers().accept();
    assertEquals(peers().serverAddress(), rig().driver.remoteAddress(handle));
    assertEquals(peer.getRemoteSocketAddress(), rig().driver.localAddress(handle));
  }

  @Test
  default void aPortWithoutListenerRefuses() {
    rig().fails(Errno.ECONNREFUSED, TestRequest.connect(freePort()));
  }

  /** The other side is the JDK's. */
  @Test
  default void connectsOverIpv6() throws IOException {
    Peers.assumeIpv6();
    try (ServerSocket server = new ServerSocket(0, 16, Peers.ipv6Loopback())) {
      InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
      IoHandle handle = rig().handle(TestRequest.connect(address).from(Peers.anyIpv6Port()));
      try (Socket peer = server.accept()) {
        assertEquals(address, rig().driver.remoteAddress(handle));
        assertEquals(peer.getRemoteSocketAddress(), rig().driver.localAddress(handle));
      }
      rig().close(handle);
    }
  }

  @Test
  default void connectsManyAtOnce() throws IOException {
    List<TestRequest> connects = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      connects.add(rig().submit(TestRequest.connect(peers().serverAddress())));
    }
    for (TestRequest connect : connects) {
      assertEquals(0, rig().await(connect).last().result());
      peers().accept();
    }
  }

  @Test
  default void aDriverConnectsToItself() {
    connectsToItself(Peers.anyPort());
  }

  @Test
  default void aDriverConnectsToItselfOverIpv6() throws IOException {
    Peers.assumeIpv6();
    IoHandle near = connectsToItself(Peers.anyIpv6Port());
    assertEquals(Peers.ipv6Loopback(), rig().driver.localAddress(near).getAddress());
    assertEquals(Peers.ipv6Loopback(), rig().driver.remoteAddress(near).getAddress());
  }

  private IoHandle connectsToItself(InetSocketAddress address) {
    IoHandle listener = rig().handle(TestRequest.listen(address, 16, 0));
    TestRequest accept = rig().submit(TestRequest.accept(listener));
    IoHandle near = rig().handle(TestRequest.connect(rig().driver.localAddress(listener)));
    IoHandle far = (IoHandle) rig().await(accept).last().payload();
    assertEquals(rig().driver.localAddress(near), rig().driver.remoteAddress(far));
    assertEquals(5, rig().run(TestRequest.send(near, rig().buffer(Bytes.of("hello")))));
    TestRequest receive = rig().await(rig().submit(TestRequest.receive(far)));
    assertArrayEquals(Bytes.of("hello"), rig().take(receive.last()));
    return near;
  }

  /**
   * Connections that a full backlog leaves hanging: the kernel drops their first packet and repeats
   * it for minutes.
   */
  default List<TestRequest> hangingConnects() {
    IoHandle listener = rig().handle(TestRequest.listen(Peers.anyPort(), 1, 0));
    InetSocketAddress address = rig().driver.localAddress(listener);
    List<TestRequest> connects = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      connects.add(rig().submit(TestRequest.connect(address)));
    }
    rig().until("some are connected", () -> connects.stream().anyMatch(TestRequest::isFinished));
    rig().settle();
    connects.removeIf(TestRequest::isFinished);
    assertTrue(connects.size() > 1, "a full backlog lets connections hang");
    return connects;
  }

  @Test
  default void aHangingConnectIsCancelled() {
    List<TestRequest> connects = hangingConnects();
    connects.forEach(rig()::cancel);
    for (TestRequest connect : connects) {
      assertEquals(-Errno.ECANCELED, rig().await(connect).last().result());
      assertEquals(1, connect.completions.size());
    }
  }

  @Test
  default void connectsThatCameToNothingLeaveNoDescriptors() {
    rig().run(TestRequest.connect(freePort())); // loads what is needed
    List<TestRequest> hanging = hangingConnects();
    SocketAddress address = hanging.get(0).address;
    int before = DriverRig.descriptors();
    List<TestRequest> connects = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      connects.add(rig().submit(TestRequest.connect(address)));
      connects.add(rig().submit(TestRequest.connect(freePort())));
    }
    rig().settle();
    connects.forEach(rig()::cancel);
    connects.forEach(rig()::await);
    rig().until("descriptors as before: " + before, () -> DriverRig.descriptors() <= before);
    hanging.forEach(rig()::cancel);
    hanging.forEach(rig()::await);
  }

  /** Nobody listens there any more. */
  private InetSocketAddress freePort() {
    IoHandle listener = rig().handle(TestRequest.listen(Peers.anyPort(), 1, 0));
    InetSocketAddress address = rig().driver.localAddress(listener);
    rig().close(listener);
    return address;
  }
}
