package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringlet.spi.IoOpcode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ring's table of sockets, and that nothing stays open for being in it. */
@RequiresUring
@Timeout(60)
final class RegisteredSocketsTest {
  private static final int USES = 2 * RegisteredSockets.USES_BEFORE;

  @BeforeEach
  void needsTable() {
    assumeTrue(
        UringProbe.result().require().releasesFilesAtOnce(), "files leave the table late here");
  }

  private static void use(DriverFixture io, UringHandle socket) {
    for (int i = 0; i < USES; i++) {
      io.send(socket, "x");
    }
    assertNotEquals(RegisteredSockets.NONE, socket.slot);
  }

  @Test
  void aSocketEntersAfterAWhileAndLeavesAtItsClose() {
    try (DriverFixture io = DriverFixture.normal()) {
      DriverFixture.Pair pair = io.pair();
      assertEquals(0, io.driver.sockets.count());
      use(io, pair.client());
      assertEquals(1, io.driver.sockets.count());
      TestRequest receive = io.submit(TestRequest.multishot(pair.server(), IoOpcode.RECEIVE));
      io.closeHandle(pair.client());
      assertEquals(0, io.driver.sockets.count());
      io.turnUntil(receive::isDone);
      assertEquals("x".repeat(USES), DriverFixture.received(receive));
      assertEquals(0, receive.result(), "the end has come with the close");
    }
  }

  @Test
  void operationsInFlightEndWithTheClose() {
    try (DriverFixture io = DriverFixture.normal()) {
      DriverFixture.Pair pair = io.pair();
      use(io, pair.client());
      TestRequest many = io.submit(TestRequest.multishot(pair.client(), IoOpcode.RECEIVE));
      io.turn();
      io.closeHandle(pair.client());
      io.turnUntil(many::isDone);
      assertEquals(0, io.driver.sockets.count());
    }
  }

  @Test
  void aPlaceIsUsedAgain() {
    try (DriverFixture io = DriverFixture.normal()) {
      DriverFixture.Pair first = io.pair();
      use(io, first.client());
      int slot = first.client().slot;
      io.closeHandle(first.client());
      DriverFixture.Pair second = io.pair();
      use(io, second.server());
      assertEquals(slot, second.server().slot);
      TestRequest receive = io.submit(TestRequest.multishot(second.client(), IoOpcode.RECEIVE));
      io.send(second.server(), "end");
      io.turnUntil(() -> DriverFixture.buffers(receive).size() > 0);
      io.closeHandle(second.server());
      io.turnUntil(receive::isDone);
      assertEquals("x".repeat(USES) + "end", DriverFixture.received(receive));
    }
  }

  @Test
  void aSocketThatIsGivenAwayLeavesBefore() {
    try (DriverFixture io = DriverFixture.normal()) {
      DriverFixture other = DriverFixture.normal();
      DriverFixture.Pair pair = io.pair();
      use(io, pair.client());
      UringHandle attached = (UringHandle) other.driver.attach(io.driver.detach(pair.client()));
      assertEquals(0, io.driver.sockets.count());
      use(other, attached);
      other.driver.close(other::sink);
      TestRequest receive = io.submit(TestRequest.multishot(pair.server(), IoOpcode.RECEIVE));
      io.turnUntil(receive::isDone);
      assertEquals("x".repeat(2 * USES), DriverFixture.received(receive));
    }
  }

  @Test
  void theCloseOfTheDriverEndsAllOfThem() throws IOException {
    List<Socket> peers = new ArrayList<>();
    DriverFixture io = DriverFixture.normal();
    UringHandle listener = io.listen();
    io.submit(TestRequest.multishot(listener, IoOpcode.ACCEPT));
    int port = io.driver.localAddress(listener).getPort();
    for (int i = 1; i <= 20; i++) {
      peers.add(new Socket(InetAddress.getLoopbackAddress(), port));
      int wanted = i;
      io.turnUntil(() -> io.accepted.size() == wanted);
      use(io, io.accepted.getLast());
    }
    assertEquals(20, io.driver.sockets.count());
    io.driver.close(io::sink);
    for (Socket peer : peers) {
      try (peer) {
        assertEquals(USES, peer.getInputStream().readAllBytes().length);
      }
    }
  }

  @Test
  void whereTheKernelRefusesTheTableThereIsNoRoom() {
    try (DriverFixture io = DriverFixture.normal();
        Ring ring = Ring.open(8, 16)) {
      Capabilities capabilities = UringProbe.result().require();
      RegisteredSockets first = RegisteredSockets.open(ring, capabilities);
      RegisteredSockets second = RegisteredSockets.open(ring, capabilities); // a ring has one
      UringHandle socket = new UringHandle(this, io.pair().client().fd, true);
      for (int i = 0; i < USES; i++) {
        assertEquals(RegisteredSockets.NONE, second.slotOf(socket));
      }
      second.remove(socket);
      second.close();
      assertEquals(0, first.count());
    }
  }
}
