package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ringlet.io.DetachedTcpStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Connections that go from one driver to another. */
interface HandOffContract extends DriverContractPart {
  /** Lets go of a connection; the rig has nothing to close any more. */
  default DetachedTcpStream detach(IoHandle handle) {
    DetachedTcpStream detached = rig().driver.detach(handle);
    rig().gone(handle);
    return detached;
  }

  @Test
  default void aConnectionWorksWithTheDriverThatTakesIt() throws IOException {
    Peers.Pair pair = peers().pair();
    DetachedTcpStream detached = detach(pair.handle());
    // What comes between the two is not lost.
    pair.peer().getOutputStream().write(Bytes.of("question"));
    DriverRig other = new DriverRig(provider());
    IoHandle handle = other.driver.attach(detached);
    assertEquals(pair.peer().getLocalSocketAddress(), other.driver.remoteAddress(handle));
    TestRequest receive = other.submit(TestRequest.receive(handle));
    other.await(receive);
    assertArrayEquals(Bytes.of("question"), other.take(receive.last()));
    assertEquals(6, other.run(TestRequest.send(handle, other.buffer(Bytes.of("answer")))));
    assertArrayEquals(Bytes.of("answer"), pair.peer().getInputStream().readNBytes(6));
    other.close(handle);
    assertEquals(-1, pair.peer().getInputStream().read());
    other.finish();
  }

  @Test
  default void aConnectionComesBack() throws IOException {
    Peers.Pair pair = peers().pair();
    for (int i = 0; i < 3; i++) {
      IoHandle handle = rig().driver.attach(detach(pair.handle()));
      assertEquals(1, rig().run(TestRequest.send(handle, rig().buffer(Bytes.of("x")))));
      pair = new Peers.Pair(handle, pair.peer());
    }
    assertArrayEquals(Bytes.of("xxx"), pair.peer().getInputStream().readNBytes(3));
    rig().close(pair.handle());
  }

  @Test
  default void whatIsInUseIsNotLetGo() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest receive = rig().submit(TestRequest.receive(pair.handle()));
    rig().settle();
    assertThrows(IllegalStateException.class, () -> rig().driver.detach(pair.handle()));
    pair.peer().getOutputStream().write(Bytes.of("x"));
    rig().await(receive);
    assertArrayEquals(Bytes.of("x"), rig().take(receive.last()));
  }

  @Test
  default void whatWasLetGoIsGone() throws IOException {
    Peers.Pair pair = peers().pair();
    DetachedTcpStream detached = detach(pair.handle());
    assertThrows(IllegalStateException.class, () -> rig().driver.detach(pair.handle()));
    rig().fails(Errno.EBADF, TestRequest.receive(pair.handle()));
    detached.close();
    // A closed channel of NIO leaves the kernel with the next select.
    rig().settle();
    assertEquals(-1, pair.peer().getInputStream().read());
    assertThrows(IllegalStateException.class, () -> rig().driver.attach(detached));
  }

  @Test
  default void aConnectionIsTakenOnce() throws IOException {
    Peers.Pair pair = peers().pair();
    DetachedTcpStream detached = detach(pair.handle());
    IoHandle handle = rig().driver.attach(detached);
    assertThrows(IllegalStateException.class, () -> rig().driver.attach(detached));
    detached.close();
    assertEquals(1, rig().run(TestRequest.send(handle, rig().buffer(Bytes.of("x")))));
    rig().close(handle);
  }
}
