package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What happens when all receive buffers are out. */
interface StarvationContract extends DriverContractPart {
  int ALL = DriverRig.RECEIVE_BUFFERS;

  /** Sends so much that all buffers are lent and much more data waits. */
  default CompletableFuture<Void> flood(Peers.Pair pair, byte[] content) {
    return peers()
        .beside(
            () -> {
              pair.peer().getOutputStream().write(content);
              pair.peer().shutdownOutput();
              return null;
            });
  }

  default void awaitShortage() {
    rig().until("all buffers are lent", () -> rig().driver.stats().buffersLent() == ALL);
    rig().until("one is missing", () -> rig().driver.stats().bufferShortages() > 0);
    rig().settle();
    assertEquals(ALL, rig().driver.stats().buffersLent());
  }

  @Test
  default void receivingWaitsForABufferAndLosesNothing() throws IOException {
    Peers.Pair pair = peers().pair();
    byte[] content = Bytes.random(60 * ALL * DriverRig.RECEIVE_BUFFER_BYTES);
    CompletableFuture<Void> sent = flood(pair, content);
    Receiver receiver = new Receiver(rig(), pair.handle(), ALL);
    for (int i = 0; i < 5; i++) {
      awaitShortage();
      assertTrue(receiver.isInFlight(), "it waits inside the driver");
      receiver.kept.remove().release();
      receiver.kept.remove().release();
    }
    receiver.releaseAll();
    peers().join(sent);
    receiver.awaitEnd();
    assertArrayEquals(content, receiver.bytes.toArray());
  }

  @Test
  default void aStarvedSingleReceiveWaitsToo() throws IOException {
    Peers.Pair rich = peers().pair();
    CompletableFuture<Void> sent =
        flood(rich, Bytes.random(2 * ALL * DriverRig.RECEIVE_BUFFER_BYTES));
    Receiver keeper = new Receiver(rig(), rich.handle(), ALL);
    awaitShortage();
    Peers.Pair poor = peers().pair();
    poor.peer().getOutputStream().write(Bytes.of("poor"));
    TestRequest receive = rig().submit(TestRequest.receive(poor.handle()));
    rig().settle();
    assertTrue(receive.completions.isEmpty(), "there is no buffer");
    keeper.releaseAll();
    assertArrayEquals(Bytes.of("poor"), rig().take(rig().await(receive).last()));
    peers().join(sent);
    keeper.awaitEnd();
  }

  @Test
  default void allStarvedConnectionsGoOn() throws IOException {
    List<Peers.Pair> pairs = new ArrayList<>();
    List<Receiver> receivers = new ArrayList<>();
    List<CompletableFuture<Void>> sent = new ArrayList<>();
    byte[] content = Bytes.random(3 * ALL * DriverRig.RECEIVE_BUFFER_BYTES);
    for (int i = 0; i < 3 * ALL; i++) {
      pairs.add(peers().pair());
    }
    for (Peers.Pair pair : pairs) {
      receivers.add(new Receiver(rig(), pair.handle(), ALL));
      sent.add(flood(pair, content));
    }
    awaitShortage();
    receivers.forEach(Receiver::releaseAll);
    sent.forEach(peers()::join);
    for (Receiver receiver : receivers) {
      receiver.awaitEnd();
      assertArrayEquals(content, receiver.bytes.toArray());
    }
  }

  /** The owner sleeps without a limit: only the release can wake it. */
  @Test
  default void aReleaseOnAnotherThreadWakesTheOwner() throws IOException {
    Peers.Pair pair = peers().pair();
    byte[] content = Bytes.random(40 * ALL * DriverRig.RECEIVE_BUFFER_BYTES);
    CompletableFuture<Void> sent = flood(pair, content);
    Receiver receiver = new Receiver(rig(), pair.handle(), ALL);
    awaitShortage();
    for (int i = 0; i < 20; i++) {
      int before = receiver.bytes.size();
      var buffer = receiver.kept.remove();
      CompletableFuture<Void> released =
          peers()
              .beside(
                  () -> {
                    buffer.release();
                    return null;
                  });
      long deadline = System.nanoTime() + DriverRig.PATIENCE.toNanos() / 2;
      while (receiver.bytes.size() == before) {
        rig().driver.park(DriverRig.PATIENCE.toNanos());
        rig().poll();
        assertTrue(System.nanoTime() - deadline < 0, "the release did not wake the owner");
      }
      peers().join(released);
    }
    receiver.releaseAll();
    peers().join(sent);
    receiver.awaitEnd();
    assertArrayEquals(content, receiver.bytes.toArray());
  }

  @Test
  default void aStarvedReceiveIsCancelled() throws IOException {
    Peers.Pair pair = peers().pair();
    byte[] content = Bytes.random(ALL * DriverRig.RECEIVE_BUFFER_BYTES + 1);
    CompletableFuture<Void> sent = flood(pair, content);
    Receiver receiver = new Receiver(rig(), pair.handle(), ALL);
    peers().join(sent);
    receiver.stop();
    receiver.releaseAll();
    Receiver rest = new Receiver(rig(), pair.handle());
    rest.awaitEnd();
    receiver.bytes.add(rest.bytes.toArray());
    assertArrayEquals(content, receiver.bytes.toArray());
    assertNoBufferIsMissing();
  }

  @Test
  default void aCancelledReceiveLeavesTheLine() throws IOException {
    Peers.Pair rich = peers().pair();
    CompletableFuture<Void> sent =
        flood(rich, Bytes.random(2 * ALL * DriverRig.RECEIVE_BUFFER_BYTES));
    Receiver keeper = new Receiver(rig(), rich.handle(), ALL);
    awaitShortage();
    Peers.Pair poor = peers().pair();
    poor.peer().getOutputStream().write(1);
    TestRequest receive = rig().submit(TestRequest.receive(poor.handle()));
    rig().settle();
    rig().cancel(receive);
    assertEquals(-Errno.ECANCELED, rig().await(receive).last().result());
    keeper.releaseAll();
    peers().join(sent);
    keeper.awaitEnd();
    assertNoBufferIsMissing();
  }

  /** The buffer may be on its way to the receive when that is cancelled. */
  @Test
  default void aReleaseThatMeetsACancelLosesNoBuffer() throws IOException {
    Peers.Pair rich = peers().pair();
    CompletableFuture<Void> sent =
        flood(rich, Bytes.random(2 * ALL * DriverRig.RECEIVE_BUFFER_BYTES));
    Receiver keeper = new Receiver(rig(), rich.handle(), ALL);
    awaitShortage();
    keeper.stop();
    Peers.Pair poor = peers().pair();
    TestRequest receive = TestRequest.receive(poor.handle());
    for (int i = 0; i < 2 * ALL; i++) {
      poor.peer().getOutputStream().write(i);
      rig().submit(receive);
      rig().settle();
      keeper.kept.remove().release();
      rig().cancel(receive);
      if (rig().await(receive).last().result() < 0) {
        assertEquals(1, rig().run(receive));
      }
      assertEquals(ALL, rig().driver.stats().buffersLent());
      keeper.kept.add((IoBuffer) receive.last().payload());
    }
    keeper.releaseAll();
    rig().close(rich.handle());
    sent.exceptionally(reset -> null).join();
    assertNoBufferIsMissing();
  }

  /** All buffers can be lent at once, again. */
  default void assertNoBufferIsMissing() throws IOException {
    Peers.Pair pair = peers().pair();
    CompletableFuture<Void> sent =
        flood(pair, Bytes.random(2 * ALL * DriverRig.RECEIVE_BUFFER_BYTES));
    Receiver receiver = new Receiver(rig(), pair.handle(), ALL);
    awaitShortage();
    receiver.releaseAll();
    peers().join(sent);
    receiver.awaitEnd();
  }

  @Test
  default void aStarvedConnectionIsClosed() throws IOException {
    Peers.Pair rich = peers().pair();
    CompletableFuture<Void> sent =
        flood(rich, Bytes.random(2 * ALL * DriverRig.RECEIVE_BUFFER_BYTES));
    Receiver keeper = new Receiver(rig(), rich.handle(), ALL);
    awaitShortage();
    Peers.Pair poor = peers().pair();
    poor.peer().getOutputStream().write(Bytes.of("poor"));
    TestRequest receive = rig().submit(TestRequest.receive(poor.handle()));
    rig().settle();
    rig().close(poor.handle());
    assertTrue(receive.isFinished());
    assertEquals(-Errno.ECANCELED, receive.last().result());
    keeper.releaseAll();
    peers().join(sent);
    keeper.awaitEnd();
    assertNoBufferIsMissing();
  }
}
