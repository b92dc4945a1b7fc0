package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import dev.ringlet.spi.OpenFiles;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@RequiresUring
@Timeout(60)
class UringDriverSocketTest {
  private final DriverFixture io = DriverFixture.normal();

  @AfterEach
  void close() {
    io.close();
  }

  @Test
  void bytesGoBothWaysAndTheEndIsSeen() {
    DriverFixture.Pair pair = io.pair();
    TestRequest atServer = io.submit(TestRequest.multishot(pair.server(), IoOpcode.RECEIVE));
    TestRequest atClient = io.submit(TestRequest.on(pair.client(), IoOpcode.RECEIVE));
    io.send(pair.client(), "ping");
    io.send(pair.server(), "pong");
    io.turnUntil(() -> !atServer.completions.isEmpty() && atClient.isDone());
    assertEquals("ping", DriverFixture.received(atServer));
    assertEquals("pong", DriverFixture.received(atClient));

    io.succeed(TestRequest.on(pair.client(), IoOpcode.SHUTDOWN_OUTPUT));
    io.turnUntil(atServer::isDone);
    assertEquals(0, atServer.result());
    assertNull(atServer.last().payload());
    TestRequest oneshot = io.run(TestRequest.on(pair.server(), IoOpcode.RECEIVE));
    assertEquals(0, oneshot.result(), "the end is seen again");
    assertEquals(0, io.driver.stats().buffersLent());
  }

  @Test
  void addressesAreThoseOfBothEnds() {
    DriverFixture.Pair pair = io.pair();
    assertEquals(io.driver.localAddress(pair.client()), io.driver.remoteAddress(pair.server()));
    assertEquals(io.driver.remoteAddress(pair.client()), io.driver.localAddress(pair.server()));
    assertTrue(io.driver.localAddress(pair.client()).getAddress().isLoopbackAddress());
    io.closeHandle(pair.client());
    IoException closed =
        assertThrows(IoException.class, () -> io.driver.localAddress(pair.client()));
    assertEquals(Errno.EBADF, closed.errno());
  }

  @Test
  void connectionsHaveNoDelay() {
    DriverFixture.Pair pair = io.pair();
    assertTrue(Syscalls.hasNoDelay(pair.client().fd));
    assertTrue(Syscalls.hasNoDelay(pair.server().fd));
  }

  @Test
  void multishotAcceptTakesOneAfterTheOther() {
    UringHandle listener = io.listen();
    TestRequest accept = io.submit(TestRequest.multishot(listener, IoOpcode.ACCEPT));
    for (int i = 1; i <= 20; i++) {
      io.connect(listener);
      int wanted = i;
      io.turnUntil(() -> io.accepted.size() == wanted);
      assertTrue(accept.last().more());
    }
    io.driver.cancel(accept);
    io.turnUntil(accept::isDone);
    assertEquals(-Errno.ECANCELED, accept.result());
    assertNull(accept.last().payload());
  }

  @Test
  void wildcardListensForBothFamilies() throws IOException {
    TestRequest listen = io.succeed(TestRequest.listen(new InetSocketAddress(0), 0));
    UringHandle listener = listen.handlePayload();
    TestRequest accept = io.submit(TestRequest.multishot(listener, IoOpcode.ACCEPT));
    int port = io.driver.localAddress(listener).getPort();
    try (Socket four = new Socket(InetAddress.getLoopbackAddress(), port)) {
      io.turnUntil(() -> io.accepted.size() == 1);
      UringHandle accepted = io.accepted.remove();
      assertEquals(four.getLocalSocketAddress(), io.driver.remoteAddress(accepted));
    }
    assumeTrue(hasIpv6Loopback(), "this machine has no IPv6");
    try (Socket six = new Socket(ipv6Loopback(), port)) {
      io.turnUntil(() -> io.accepted.size() == 1);
      UringHandle accepted = io.accepted.remove();
      assertEquals(six.getLocalPort(), io.driver.remoteAddress(accepted).getPort());
      assertInstanceOf(Inet6Address.class, io.driver.remoteAddress(accepted).getAddress());
    }
    assertFalse(accept.isDone());
  }

  private static boolean hasIpv6Loopback() throws IOException {
    return NetworkInterface.getByInetAddress(ipv6Loopback()) != null;
  }

  private static InetAddress ipv6Loopback() throws IOException {
    byte[] bytes = new byte[16];
    bytes[15] = 1;
    return InetAddress.getByAddress(bytes);
  }

  @Test
  void portIsSharedOnlyIfAllSay() {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    int shared = IoRequest.LISTEN_SHARED_PORT;
    UringHandle first = io.succeed(TestRequest.listen(any, shared)).handlePayload();
    InetSocketAddress taken = io.driver.localAddress(first);
    io.succeed(TestRequest.listen(taken, shared));
    assertEquals(-Errno.EADDRINUSE, io.run(TestRequest.listen(taken, 0)).result());
  }

  @Test
  void completionsOfListenComeByPollOnly() {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    TestRequest listen = io.submit(TestRequest.listen(any, 0));
    assertTrue(listen.completions.isEmpty());
    assertTrue(io.driver.completionsPending());
    assertEquals(1, io.driver.poll(io::sink));
    assertTrue(listen.isDone());
    assertFalse(io.driver.completionsPending());
  }

  @Test
  void refusedConnectSaysSoAndLeavesNoSocket() {
    UringHandle listener = io.listen();
    InetSocketAddress nobody = io.driver.localAddress(listener);
    io.closeHandle(listener);
    List<String> files = OpenFiles.list();
    assertEquals(-Errno.ECONNREFUSED, io.run(TestRequest.connect(nobody)).result());
    assertEquals(List.of(), OpenFiles.since(files));
  }

  @Test
  void unresolvedAddressesFailWithTheirCause() {
    InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 1);
    TestRequest connect = io.run(TestRequest.connect(unresolved));
    assertEquals(-Errno.EHOSTUNREACH, connect.result());
    assertInstanceOf(UnknownHostException.class, connect.last().payload());
    assertEquals(-Errno.EHOSTUNREACH, io.run(TestRequest.listen(unresolved, 0)).result());
  }

  @Test
  void sendToAPeerThatHasGoneFails() {
    DriverFixture.Pair pair = io.pair();
    io.closeHandle(pair.server());
    IoBuffer text = io.text("x");
    List<Integer> results = new ArrayList<>();
    while (results.stream().allMatch(result -> result > 0)) {
      results.add(io.run(TestRequest.transfer(IoOpcode.SEND, pair.client(), text, 1, 0)).result());
    }
    int last = results.get(results.size() - 1);
    assertTrue(last == -Errno.EPIPE || last == -Errno.ECONNRESET, () -> "result " + last);
  }

  /**
   * The kernel's buffers take a part of a large send; the rest is for the scheduler to continue.
   */
  @Test
  void largeSendsArriveWhole() {
    DriverFixture.Pair pair = io.pair();
    int total = 8 << 20;
    IoBuffer source = io.buffer(total);
    for (int i = 0; i < total; i += 4096) {
      source.write(new byte[] {(byte) (i >> 12)}).setIndex(0, Math.min(total, i + 4096));
    }
    TestRequest receive = TestRequest.multishot(pair.server(), IoOpcode.RECEIVE);
    int[] got = {0};
    io.then =
        (request, result, payload, more) -> {
          if (request == receive && payload instanceof IoBuffer buffer) {
            for (int i = 0; i < result; i++) {
              int at = got[0] + i;
              byte expected = at % 4096 == 0 ? (byte) (at >> 12) : 0;
              assertEquals(expected, buffer.get(i));
            }
            got[0] += result;
            buffer.release();
          }
        };
    io.submit(receive);
    int sent = 0;
    while (sent < total) {
      TestRequest send =
          TestRequest.transfer(IoOpcode.SEND, pair.client(), source, total - sent, 0);
      send.bufferOffset = sent;
      sent += io.succeed(send).result();
    }
    io.turnUntil(() -> got[0] == total);
  }
}
