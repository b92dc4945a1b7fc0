package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Parking and waking. */
interface ParkContract extends DriverContractPart {
  /** So long that a park which lasts it was not woken. */
  long LONG_NANOS = DriverRig.PATIENCE.toNanos();

  default long park(long timeoutNanos) {
    long start = System.nanoTime();
    rig().driver.park(timeoutNanos);
    return System.nanoTime() - start;
  }

  default void assertWoken(long tookNanos) {
    assertTrue(tookNanos < LONG_NANOS / 2, () -> "not woken for " + Duration.ofNanos(tookNanos));
  }

  /** A park may end for no reason, so some of these may be short; as a rule they are not. */
  default void assertParksLast() {
    long timeout = Duration.ofMillis(5).toNanos();
    int full = 0;
    for (int i = 0; i < 10; i++) {
      if (park(timeout) >= timeout) {
        full++;
      }
      rig().poll();
    }
    assertTrue(full >= 7, "parks that lasted their time: " + full + " of 10");
  }

  @Test
  default void aParkLastsItsTime() {
    assertParksLast();
  }

  /** In no driver's unit, so that rounding down would show. */
  @Test
  default void aParkOfAnyLengthLastsItsTime() {
    for (long timeout : new long[] {300_001, 1_999_999}) {
      int full = 0;
      for (int i = 0; i < 20; i++) {
        if (park(timeout) >= timeout) {
          full++;
        }
      }
      assertTrue(full >= 14, timeout + " ns: parks that lasted their time: " + full + " of 20");
    }
  }

  @Test
  default void aParkOfZeroDoesNotWait() {
    rig().submit(TestRequest.delay(Duration.ofMillis(1)));
    for (int i = 0; i < 1_000; i++) {
      assertWoken(park(0));
    }
    rig().until("the delay is over", () -> rig().driver.stats().inFlight() == 0);
  }

  @Test
  default void aWakeupBeforeTheParkEndsIt() {
    rig().driver.wakeup();
    assertWoken(park(LONG_NANOS));
  }

  @Test
  default void aWakeupSurvivesFlushAndPoll() throws IOException {
    TestRequest receive = rig().submit(TestRequest.receive(peers().pair().handle()));
    rig().settle();
    rig().driver.wakeup();
    rig().driver.flush();
    rig().poll();
    rig().driver.flush();
    assertWoken(park(LONG_NANOS));
    rig().cancel(receive);
    rig().await(receive);
  }

  @Test
  default void wakeupsDoNotAddUp() {
    for (int i = 0; i < 1_000; i++) {
      rig().driver.wakeup();
    }
    assertWoken(park(LONG_NANOS));
    rig().poll();
    assertWoken(park(Duration.ofMillis(1).toNanos()));
    rig().poll();
    assertParksLast();
  }

  /** One round after the other, so that each wake-up has to arrive. */
  @Test
  default void noWakeupIsLost() {
    int rounds = 10_000;
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger answered = new AtomicInteger();
    CompletableFuture<Void> waker =
        peers()
            .beside(
                () -> {
                  for (int round = 1; round <= rounds; round++) {
                    asked.set(round);
                    rig().driver.wakeup();
                    long deadline = System.nanoTime() + 2 * LONG_NANOS;
                    while (answered.get() != round) {
                      assertTrue(System.nanoTime() - deadline < 0, "no answer");
                      Thread.onSpinWait();
                    }
                  }
                  return null;
                });
    for (int round = 1; round <= rounds; round++) {
      while (asked.get() != round && !waker.isDone()) {
        assertWoken(park(LONG_NANOS));
        rig().poll();
      }
      answered.set(round);
    }
    waker.join();
  }

  /** As above, but with threads that wake at once and an owner that does other things between. */
  @Test
  default void wakeupsOfManyThreadsArrive() {
    AtomicInteger asked = new AtomicInteger();
    int threads = 4;
    int rounds = 2_000;
    CompletableFuture<?>[] wakers = new CompletableFuture<?>[threads];
    for (int i = 0; i < threads; i++) {
      wakers[i] =
          peers()
              .beside(
                  () -> {
                    for (int round = 0; round < rounds; round++) {
                      asked.incrementAndGet();
                      rig().driver.wakeup();
                      rig().driver.stats();
                      rig().driver.completionsPending();
                    }
                    return null;
                  });
    }
    while (asked.get() < threads * rounds) {
      assertWoken(park(LONG_NANOS));
      rig().driver.flush();
      rig().poll();
    }
    CompletableFuture.allOf(wakers).join();
  }

  @Test
  default void arrivingDataEndsAPark() throws IOException {
    Peers.Pair pair = peers().pair();
    for (int i = 0; i < 100; i++) {
      TestRequest receive = rig().submit(TestRequest.receive(pair.handle()));
      CompletableFuture<Void> sent =
          peers()
              .beside(
                  () -> {
                    pair.peer().getOutputStream().write(1);
                    return null;
                  });
      parkUntilFinished(receive);
      assertEquals(1, rig().take(receive.last()).length);
      sent.join();
    }
  }

  default void parkUntilFinished(TestRequest request) {
    while (!request.isFinished()) {
      assertWoken(park(LONG_NANOS));
      rig().poll();
    }
  }

  @Test
  default void aConnectionEndsAPark() throws IOException {
    IoHandle listener = rig().handle(TestRequest.listen(Peers.anyPort(), 16, 0));
    TestRequest accept = rig().submit(TestRequest.accept(listener));
    var address = rig().driver.localAddress(listener);
    CompletableFuture<?> connected = peers().beside(() -> peers().connect(address));
    parkUntilFinished(accept);
    connected.join();
  }

  @Test
  default void fileRequestsEndAPark() {
    int flags = IoRequest.OPEN_WRITE | IoRequest.OPEN_CREATE;
    TestRequest open = rig().submit(TestRequest.open(directory().resolve("file"), flags));
    parkUntilFinished(open);
    IoHandle file = (IoHandle) open.last().payload();
    for (int i = 0; i < 200; i++) {
      parkUntilFinished(rig().submit(TestRequest.write(file, i, rig().buffer(new byte[1]))));
    }
    parkUntilFinished(rig().submit(TestRequest.dataSync(file)));
    parkUntilFinished(rig().submit(TestRequest.size(file)));
  }

  @Test
  default void whatIsKnownAlreadyEndsAPark() {
    IoHandle listener = rig().handle(TestRequest.listen(Peers.anyPort(), 16, 0));
    TestRequest accept = rig().submit(TestRequest.accept(listener));
    TestRequest close = rig().submit(TestRequest.close(listener));
    parkUntilFinished(accept);
    parkUntilFinished(close);
    parkUntilFinished(rig().submit(TestRequest.accept(listener)));
  }

  /** An executor whose actors ask for nothing must not be kept busy by those who send. */
  @Test
  default void dataThatNobodyAskedForDoesNotEndAPark() throws IOException {
    Peers.Pair pair = peers().pair();
    Receiver receiver = new Receiver(rig(), pair.handle());
    pair.peer().getOutputStream().write(1);
    receiver.await(1);
    receiver.stop();
    pair.peer().getOutputStream().write(2);
    rig().settle();
    assertParksLast();
  }

  @Test
  default void starvedConnectionsDoNotEndAPark() throws IOException {
    Peers.Pair pair = peers().pair();
    int bytes = (DriverRig.RECEIVE_BUFFERS + 1) * DriverRig.RECEIVE_BUFFER_BYTES;
    pair.peer().getOutputStream().write(new byte[bytes]);
    Receiver receiver = new Receiver(rig(), pair.handle(), DriverRig.RECEIVE_BUFFERS);
    rig().until("a buffer is missing", () -> rig().driver.stats().bufferShortages() > 0);
    rig().settle();
    assertParksLast();
    receiver.releaseAll();
    receiver.await(bytes);
    receiver.stop();
  }

  /** User code may leave the owner interrupted: that must neither spin nor break connections. */
  @Test
  default void anInterruptedOwnerParksAndTransfers() throws IOException {
    Peers.Pair pair = peers().pair();
    Thread.currentThread().interrupt();
    try {
      assertParksLast();
      rig().driver.wakeup();
      assertWoken(park(LONG_NANOS));
      pair.peer().getOutputStream().write(1);
      TestRequest receive = rig().await(rig().submit(TestRequest.receive(pair.handle())));
      assertEquals(1, rig().take(receive.last()).length);
      assertEquals(1, rig().run(TestRequest.send(pair.handle(), rig().buffer(new byte[1]))));
    } finally {
      assertTrue(Thread.interrupted(), "the interrupt is kept for the owner's code");
    }
  }
}
