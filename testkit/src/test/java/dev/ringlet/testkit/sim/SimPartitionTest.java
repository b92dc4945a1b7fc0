package dev.ringlet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** TCP where the way between two machines is closed, or one of them is gone. */
final class SimPartitionTest extends TcpRig {
  @Test
  void aPartitionHoldsBytesBackUntilItHeals() {
    Pair pair = pair();
    Call receive = server.submit(Call.receive(pair.far()));
    world.network().partition(ip(1), ip(2));
    client.send(pair.near(), "late");
    server.settle(30 * SECOND);
    assertFalse(receive.isFinished(), "nothing comes through");
    world.network().heal();
    assertArrayEquals(
        "late".getBytes(StandardCharsets.US_ASCII),
        ProcessRig.take((IoBuffer) server.await(receive).last().payload()));
  }

  /** What was under way when the way was closed, in both directions, is there in order later. */
  @Test
  void nothingIsLostInPartitions() {
    Pair pair = pair();
    byte[] content = new byte[300_000];
    new SplittableRandom(1).nextBytes(content);
    IoBuffer buffer = client.buffer(content);
    int sent = 0;
    int received = 0;
    for (int i = 0; received < content.length; i++) {
      if (sent < content.length) {
        Call send = Call.send(pair.near(), buffer);
        send.bufferOffset = sent;
        send.length = content.length - sent;
        client.submit(send);
        world.network().partition(ip(1), ip(2));
        client.settle(i * 100_000L);
        world.network().heal();
        sent += client.await(send).last().result();
      }
      for (Call receive = server.submit(Call.receive(pair.far()));
          receive != null;
          receive = again(receive, pair.far())) {
        server.settle(SECOND);
        if (!receive.isFinished()) {
          server.driver.cancel(receive);
          assertEquals(-Errno.ECANCELED, server.await(receive).last().result());
          break;
        }
        for (byte each : ProcessRig.take((IoBuffer) receive.last().payload())) {
          assertEquals(content[received], each);
          received++;
        }
      }
    }
  }

  private Call again(Call receive, IoHandle handle) {
    return receive.last().result() > 0 ? server.submit(Call.receive(handle)) : null;
  }

  @Test
  void onlyOneDirectionIsBlocked() {
    Pair pair = pair();
    world.network().block(ip(1), ip(2));
    client.send(pair.near(), "comes");
    assertEquals("comes", server.receive(pair.far(), 5));
    server.send(pair.far(), "waits");
    Call receive = client.submit(Call.receive(pair.near()));
    client.settle(SECOND);
    assertFalse(receive.isFinished());
    world.network().heal();
    assertEquals(5, client.await(receive).last().result());
    ProcessRig.take((IoBuffer) receive.last().payload());
  }

  @Test
  void aPartitionThatLastsTimesOut() {
    Pair pair = pair();
    world.network().partition(ip(1), ip(2));
    client.send(pair.near(), "in vain");
    client.fails(Errno.ETIMEDOUT, Call.receive(pair.near()));
    client.fails(Errno.EPIPE, Call.send(pair.near(), client.buffer("x")));
    world.network().heal();
    server.send(pair.far(), "?");
    server.settle();
    server.fails(Errno.ECONNRESET, Call.receive(pair.far()));
  }

  @Test
  void connectsWaitForAPartitionToHeal() {
    server.handle(Call.listen(address, 1));
    world.network().partition(ip(1), ip(2));
    Call connect = client.submit(Call.connect(address));
    client.settle(20 * SECOND);
    assertFalse(connect.isFinished());
    world.network().heal();
    assertEquals(0, client.await(connect).last().result());
  }

  @Test
  void anAnswerThatIsLostIsRepeated() {
    IoHandle listener = server.handle(Call.listen(address, 1));
    world.network().block(ip(1), ip(2));
    Call connect = client.submit(Call.connect(address));
    IoHandle far = server.handle(Call.accept(listener));
    client.settle(SECOND);
    assertFalse(connect.isFinished());
    world.network().heal();
    assertEquals(0, client.await(connect).last().result());
    server.send(far, "hello");
    assertEquals("hello", client.receive((IoHandle) connect.last().payload(), 5));
  }

  @Test
  void aHostThatVanishesLeavesItsPeersHalfOpen() {
    Pair pair = pair();
    Call receive = client.submit(Call.receive(pair.near()));
    world.network().vanish(ip(1));
    server.kill();
    client.settle(3600 * SECOND);
    assertFalse(receive.isFinished(), "nobody tells");
    client.send(pair.near(), "anybody there?");
    assertEquals(-Errno.ETIMEDOUT, client.await(receive).last().result());
    Call connect = client.submit(Call.connect(address));
    client.settle(SECOND);
    assertFalse(connect.isFinished());
    world.network().appear(ip(1));
    assertEquals(-Errno.ECONNREFUSED, client.await(connect).last().result());
  }

  @Test
  void aHostThatComesBackResetsWhatItDoesNotKnow() {
    Pair pair = pair();
    world.network().vanish(ip(1));
    server.kill();
    world.network().appear(ip(1));
    client.send(pair.near(), "hello again");
    client.fails(Errno.ECONNRESET, Call.receive(pair.near()));
  }

  @Test
  void keepAliveFindsAHostThatHasVanished() {
    Pair pair =
        pair(
            SocketOptions.defaults()
                .withKeepAlive(Duration.ofSeconds(60), Duration.ofSeconds(10), 3));
    world.network().vanish(ip(1));
    server.kill();
    long before = world.clock().elapsedNanos();
    client.fails(Errno.ETIMEDOUT, Call.receive(pair.near()));
    assertEquals(90, (world.clock().elapsedNanos() - before) / SECOND);
  }

  @Test
  void aPacketTakesItsTime() {
    Pair pair = pair();
    world.network().setLatency(5_000_000, 6_000_000);
    Call receive = server.submit(Call.receive(pair.far()));
    client.send(pair.near(), "x");
    server.settle(4_000_000);
    assertFalse(receive.isFinished());
    server.settle(3_000_000);
    assertEquals(1, receive.last().result());
    ProcessRig.take((IoBuffer) receive.last().payload());
  }
}
