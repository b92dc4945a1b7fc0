package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rings of four entries and two buffers: nothing is lost, only late. */
@RequiresUring
@Timeout(60)
class UringDriverPressureTest {
  private static final int BUFFER_BYTES = 64;

  @TempDir Path folder;

  private final DriverFixture io = new DriverFixture(4, 4, 2, BUFFER_BYTES);

  @AfterEach
  void close() {
    io.close();
  }

  @Test
  void fullSubmissionQueueKeepsTheOrder() throws Exception {
    Path path = folder.resolve("data");
    UringHandle file = io.openFile(path);
    List<TestRequest> writes = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      IoBuffer text = io.text("0123456789");
      writes.add(io.submit(TestRequest.transfer(IoOpcode.WRITE, file, text, 10, i * 10L)));
    }
    assertTrue(writes.stream().allMatch(write -> write.completions.isEmpty()));
    assertEquals(996, io.driver.stats().submissionQueueFull());
    io.turnUntil(() -> writes.stream().allMatch(TestRequest::isDone));
    assertTrue(writes.stream().allMatch(write -> write.result() == 10));
    assertEquals(10_000, Files.size(path));
  }

  @Test
  void flushEntersOnceAtMost() {
    for (int i = 0; i < 20; i++) {
      io.submit(TestRequest.delay(TimeUnit.HOURS.toNanos(1)));
    }
    long before = io.driver.stats().enters();
    io.driver.flush();
    assertEquals(before + 1, io.driver.stats().enters());
  }

  @Test
  void flushWithNothingToDoDoesNotEnter() {
    io.turn();
    long before = io.driver.stats().enters();
    io.driver.flush();
    io.driver.poll(io::sink);
    assertEquals(before, io.driver.stats().enters());
  }

  /** All timers end before the completion queue, of four entries, is looked at. */
  @Test
  void overflownCompletionsAllCome() {
    List<TestRequest> delays = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      delays.add(io.submit(TestRequest.delay(0)));
      io.driver.flush();
    }
    assertTrue(io.driver.completionsPending());
    io.turnUntil(() -> delays.stream().allMatch(TestRequest::isDone));
    assertTrue(delays.stream().allMatch(delay -> delay.completions.size() == 1));
    assertTrue(io.driver.stats().completionOverflows() > 0);
  }

  /**
   * The kernel ends multishot requests that overflow; the last connection says so, and none is
   * lost.
   */
  @Test
  void multishotAcceptThatOverflowsIsToldSo() {
    UringHandle listener = io.listen();
    TestRequest accept = TestRequest.multishot(listener, IoOpcode.ACCEPT);
    io.then =
        (request, result, payload, more) -> {
          if (request == accept && !more && result == 0) {
            io.submit(accept);
          }
        };
    io.submit(accept);
    List<TestRequest> connects = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      connects.add(io.submit(TestRequest.connect(io.driver.localAddress(listener))));
    }
    io.turnUntil(() -> io.accepted.size() == 50);
    io.turnUntil(() -> connects.stream().allMatch(TestRequest::isDone));
    assertTrue(connects.stream().allMatch(connect -> connect.result() == 0));
  }

  /** The kernel ends a multishot receive that overflows; its last piece says so, none is lost. */
  @Test
  void multishotReceiveThatOverflowsIsToldSo() {
    try (DriverFixture wide = new DriverFixture(4, 4, 64, BUFFER_BYTES)) {
      DriverFixture.Pair pair = wide.pair();
      TestRequest receive = TestRequest.multishot(pair.server(), IoOpcode.RECEIVE);
      wide.then =
          (request, result, payload, more) -> {
            if (request == receive && !more && result > 0) {
              wide.submit(receive);
            }
          };
      StringBuilder expected = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        String text = Character.toString('0' + i).repeat(BUFFER_BYTES);
        wide.send(pair.client(), text);
        expected.append(text);
      }
      wide.submit(receive);
      StringBuilder got = new StringBuilder();
      wide.turnUntil(
          () -> {
            got.append(DriverFixture.received(receive));
            return got.length() == expected.length();
          });
      assertEquals(expected.toString(), got.toString());
      assertTrue(
          receive.completions.stream().anyMatch(completion -> !completion.more()),
          "more pieces than the completion queue has entries end the request");
    }
  }

  /**
   * The poll of the eventfd ends too when its completion overflows; it is armed again, so that
   * later signals arrive.
   */
  @Test
  void wakeupsArriveAfterAnOverflow() throws InterruptedException {
    io.turn();
    for (int round = 0; round < 20; round++) {
      List<TestRequest> delays = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        delays.add(io.submit(TestRequest.delay(0)));
        io.driver.flush();
      }
      io.driver.wakeup(); // its completion finds the queue full
      io.driver.flush();
      io.turnUntil(() -> delays.stream().allMatch(TestRequest::isDone));
      io.driver.park(0); // takes the signals that came so far
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      AtomicBoolean sent = new AtomicBoolean();
      Thread waker =
          new Thread(
              () -> {
                sent.set(true);
                io.driver.wakeup();
              });
      waker.start();
      do {
        io.driver.park(TimeUnit.SECONDS.toNanos(30));
        io.driver.poll(io::sink);
      } while (!sent.get());
      waker.join();
      assertTrue(System.nanoTime() - deadline < 0, "the park slept through the wake-up");
    }
    assertTrue(io.driver.stats().completionOverflows() > 0);
  }

  @Test
  void receiveWithoutBuffersWaitsAndGoesOn() {
    DriverFixture.Pair pair = io.pair();
    TestRequest receive = io.submit(TestRequest.multishot(pair.server(), IoOpcode.RECEIVE));
    io.turn();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      String text = Character.toString('a' + i).repeat(BUFFER_BYTES);
      io.send(pair.client(), text);
      expected.append(text);
    }
    io.turnUntil(() -> io.driver.stats().bufferShortages() == 1);
    assertEquals(2, io.driver.stats().buffersLent());
    assertFalse(receive.isDone(), "a shortage is not reported");
    long enters = io.driver.stats().enters();
    for (int i = 0; i < 20; i++) {
      io.turn();
    }
    assertEquals(enters, io.driver.stats().enters(), "nor is it tried again and again");

    StringBuilder got = new StringBuilder();
    io.turnUntil(
        () -> {
          got.append(DriverFixture.received(receive));
          return got.length() == expected.length();
        });
    assertEquals(expected.toString(), got.toString());
    assertEquals(0, io.driver.stats().buffersLent());
    assertTrue(receive.completions.stream().allMatch(TestRequest.Completion::more));
  }

  /** Those that find nothing to receive must not keep the others from the buffer that came back. */
  @Test
  void idleReceiversDoNotHoldUpStarvedOnes() {
    List<DriverFixture.Pair> pairs = new ArrayList<>();
    List<TestRequest> receives = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      pairs.add(io.pair());
    }
    DriverFixture.Pair hog = io.pair();
    TestRequest hogging = io.submit(TestRequest.multishot(hog.server(), IoOpcode.RECEIVE));
    io.send(hog.client(), "x".repeat(2 * BUFFER_BYTES));
    io.turnUntil(() -> io.driver.stats().buffersLent() == 2);
    for (DriverFixture.Pair pair : pairs) {
      receives.add(io.submit(TestRequest.multishot(pair.server(), IoOpcode.RECEIVE)));
    }
    io.turnUntil(() -> io.driver.stats().bufferShortages() >= 5);
    DriverFixture.received(hogging);
    DriverFixture.Pair last = pairs.get(4);
    io.send(last.client(), "hello");
    TestRequest receive = receives.get(4);
    io.turnUntil(() -> !receive.completions.isEmpty());
    assertEquals("hello", DriverFixture.received(receive));
    io.turnUntil(() -> io.driver.stats().buffersLent() == 0);
  }

  @Test
  void starvedReceiveCanBeCancelledAndClosed() {
    DriverFixture.Pair pair = io.pair();
    TestRequest receive = io.submit(TestRequest.multishot(pair.server(), IoOpcode.RECEIVE));
    io.send(pair.client(), "x".repeat(5 * BUFFER_BYTES));
    io.turnUntil(() -> io.driver.stats().bufferShortages() == 1);
    io.driver.cancel(receive);
    assertEquals(1, io.driver.poll(io::sink));
    assertEquals(-Errno.ECANCELED, receive.result());

    TestRequest again = io.submit(TestRequest.multishot(pair.server(), IoOpcode.RECEIVE));
    io.turnUntil(() -> io.driver.stats().bufferShortages() == 2);
    io.closeHandle(pair.server());
    assertEquals(-Errno.ECANCELED, again.result());
    assertEquals(2, DriverFixture.buffers(receive).size());
    DriverFixture.received(receive);
  }

  /**
   * The release by another thread must rouse the parked owner, since a receive waits for memory.
   */
  @Test
  void releaseByAnotherThreadFeedsStarvedReceives() throws InterruptedException {
    DriverFixture.Pair pair = io.pair();
    TestRequest receive = io.submit(TestRequest.multishot(pair.server(), IoOpcode.RECEIVE));
    int rounds = 200;
    Thread[] sender = new Thread[1];
    io.send(pair.client(), "x".repeat(2 * BUFFER_BYTES));
    io.turnUntil(() -> io.driver.stats().buffersLent() == 2);
    for (int i = 0; i < rounds; i++) {
      io.send(pair.client(), "y".repeat(BUFFER_BYTES));
      long shortages = io.driver.stats().bufferShortages();
      io.turnUntil(() -> io.driver.stats().bufferShortages() >= Math.max(1, shortages));
      IoBuffer oldest = DriverFixture.buffers(receive).get(0);
      int before = receive.completions.size();
      sender[0] = new Thread(oldest::release);
      sender[0].start();
      while (receive.completions.size() == before) {
        io.driver.park(TimeUnit.SECONDS.toNanos(10));
        io.driver.poll(io::sink);
      }
      sender[0].join();
      assertTrue(receive.completions.get(before).result() > 0);
    }
    assertEquals(2, io.driver.stats().buffersLent());
    DriverFixture.received(receive);
    assertEquals(0, io.driver.stats().buffersLent());
  }
}
