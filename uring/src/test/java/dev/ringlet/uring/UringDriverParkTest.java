package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@RequiresUring
@Timeout(60)
class UringDriverParkTest {
  private final DriverFixture io = DriverFixture.normal();

  @AfterEach
  void close() {
    io.close();
  }

  @Test
  void parkEndsWithItsTime() {
    long nanos = TimeUnit.MILLISECONDS.toNanos(20);
    long start = System.nanoTime();
    io.driver.park(nanos); // submits the poll of the eventfd in the same call
    assertTrue(System.nanoTime() - start >= nanos);
    long enters = io.driver.stats().enters();
    io.driver.park(0);
    assertEquals(enters, io.driver.stats().enters(), "nothing to do, nothing to wait for");
  }

  @Test
  void parkSubmitsAndWaitsInOneSystemCall() {
    io.driver.park(0);
    long enters = io.driver.stats().enters();
    TestRequest delay = io.submit(TestRequest.delay(TimeUnit.MILLISECONDS.toNanos(1)));
    io.driver.park(TimeUnit.SECONDS.toNanos(10));
    assertEquals(1, io.driver.poll(io::sink), "the completion ended the wait");
    assertTrue(delay.isDone());
    assertEquals(enters + 1, io.driver.stats().enters(), "poll needs no further one");
  }

  @Test
  void parkReturnsForACompletion() {
    TestRequest delay = io.submit(TestRequest.delay(TimeUnit.MILLISECONDS.toNanos(1)));
    io.driver.park(Long.MAX_VALUE);
    io.turnUntil(delay::isDone);
  }

  @Test
  void parkDoesNotWaitWhileSomethingIsToBePolled() {
    TestRequest delay = io.submit(TestRequest.delay(TimeUnit.HOURS.toNanos(1)));
    io.turn();
    for (int i = 0; i < 100; i++) {
      io.submit(TestRequest.delay(TimeUnit.HOURS.toNanos(1)));
    }
    TestRequest queued = io.submit(TestRequest.delay(TimeUnit.HOURS.toNanos(1)));
    io.driver.cancel(queued);
    io.driver.park(Long.MAX_VALUE);
    io.driver.poll(io::sink);
    assertTrue(queued.isDone());
    assertFalse(delay.isDone());
  }

  @Test
  void wakeupBeforeParkEndsIt() {
    io.driver.wakeup();
    io.driver.park(Long.MAX_VALUE);
  }

  /** Each round waits for the other thread's signal without limit: a lost one would hang. */
  @Test
  void noWakeupIsLost() throws InterruptedException {
    int rounds = 20_000;
    AtomicInteger sent = new AtomicInteger();
    AtomicInteger seen = new AtomicInteger();
    Thread waker =
        new Thread(
            () -> {
              for (int i = 1; i <= rounds; i++) {
                sent.set(i);
                io.driver.wakeup();
                while (seen.get() < i) {
                  Thread.onSpinWait();
                }
              }
            });
    waker.start();
    while (seen.get() < rounds) {
      io.driver.poll(io::sink);
      int now = sent.get();
      if (seen.get() == now) {
        io.driver.park(Long.MAX_VALUE);
      }
      seen.set(now);
    }
    waker.join();
  }

  @Test
  void stormOfWakeupsCostsLittle() throws InterruptedException {
    io.turn();
    List<Thread> wakers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      wakers.add(
          new Thread(
              () -> {
                for (int n = 0; n < 10_000; n++) {
                  io.driver.wakeup();
                }
              }));
    }
    wakers.forEach(Thread::start);
    for (Thread waker : wakers) {
      waker.join();
    }
    long before = io.driver.stats().enters();
    io.driver.park(Long.MAX_VALUE);
    io.driver.poll(io::sink);
    io.driver.flush();
    assertTrue(io.driver.stats().enters() - before <= 3, "one completion for all of them");
    assertFalse(io.driver.completionsPending());
  }

  @Test
  void signalsAreCountedAndHarmless() throws InterruptedException {
    long parked = Syscalls.currentThreadId();
    AtomicBoolean seen = new AtomicBoolean();
    Thread sender =
        new Thread(
            () -> {
              while (!seen.get()) {
                Syscalls.sendSigpipe(parked);
                Thread.onSpinWait();
              }
            });
    sender.start();
    while (io.driver.stats().interrupts() < 3) {
      io.driver.park(TimeUnit.SECONDS.toNanos(1));
      io.driver.poll(io::sink);
    }
    seen.set(true);
    sender.join();
    io.succeed(TestRequest.delay(1));
  }

  @Test
  void pendingTellsOfTaskWorkWithoutASystemCall() {
    TestRequest delay = io.submit(TestRequest.delay(TimeUnit.MILLISECONDS.toNanos(1)));
    io.driver.flush();
    long enters = io.driver.stats().enters();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!io.driver.completionsPending() && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    assertEquals(enters, io.driver.stats().enters());
    assertEquals(1, io.driver.poll(io::sink), "poll enters for it");
    assertTrue(delay.isDone());
  }
}
