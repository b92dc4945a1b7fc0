package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.OpenFiles;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ring itself, without a driver. */
@RequiresUring
@Timeout(60)
class RingTest {
  /** linux/io_uring.h: an operation that does nothing. */
  private static final int IORING_OP_NOP = 0;

  private Ring ring = Ring.open(4, 8);

  @AfterEach
  void close() {
    ring.close();
  }

  private void reopen(int sqEntries, int cqEntries) {
    ring.close();
    ring = Ring.open(sqEntries, cqEntries);
  }

  /** More laps than a 16-bit index would survive; every completion comes once and in order. */
  @Test
  void nopStormKeepsOrder() {
    reopen(256, 512);
    long next = 1;
    for (int lap = 0; lap < 1000; lap++) {
      long first = next;
      while (ring.submissions().hasRoom()) {
        nop(next++);
      }
      assertEquals(256, ring.enter());
      for (long expected = first; expected < next; expected++) {
        assertEquals(expected, reap(0));
      }
      assertFalse(ring.completions().next());
    }
  }

  @Test
  void fullSubmissionQueueSaysSoAndHasRoomAfterEnter() {
    for (int i = 1; i <= 4; i++) {
      assertTrue(ring.submissions().hasRoom());
      nop(i);
    }
    assertFalse(ring.submissions().hasRoom());
    assertEquals(4, ring.submissions().unsubmitted());
    assertEquals(4, ring.enter());
    assertTrue(ring.submissions().hasRoom());
    assertEquals(0, ring.submissions().unsubmitted());
  }

  @Test
  void overflownCompletionsComeAfterTheOthersInOrder() {
    int count = 64;
    for (int i = 1; i <= count; i++) {
      nop(i);
      ring.enter();
    }
    assertTrue(ring.submissions().overflown());
    int expected = 1;
    while (expected <= count) {
      while (ring.completions().next()) {
        assertEquals(expected++, reap(0));
      }
      ring.enter();
    }
    assertFalse(ring.submissions().overflown());
  }

  @Test
  void waitEndsWithItsTime() {
    long start = System.nanoTime();
    assertEquals(-Errno.ETIME, ring.enterAndWait(TimeUnit.MILLISECONDS.toNanos(20)));
    assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(20));
  }

  @Test
  void waitReturnsAtOnceWhenACompletionIsThere() {
    nop(7);
    assertEquals(1, ring.enterAndWait(Ring.WITHOUT_LIMIT));
    assertEquals(7, reap(0));
  }

  @Test
  void failedEntryCompletesWithItsError() {
    new SqeEncoder(ring.submissions()).read(-1, 0, 0, 1, 9);
    nop(10);
    assertEquals(2, ring.enter(), "an error does not stop the batch");
    assertEquals(9, reap(-Errno.EBADF));
    assertEquals(10, reap(0));
  }

  /** HotSpot has a handler for SIGPIPE that does nothing; any signal ends a wait with EINTR. */
  @Test
  void signalEndsTheWait() throws InterruptedException {
    long waiting = Syscalls.currentThreadId();
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread sender =
        new Thread(
            () -> {
              while (!interrupted.get()) {
                Syscalls.sendSigpipe(waiting);
                Thread.onSpinWait();
              }
            });
    sender.start();
    int result;
    do {
      result = ring.enterAndWait(TimeUnit.SECONDS.toNanos(10));
    } while (result == 0);
    interrupted.set(true);
    sender.join();
    assertEquals(-Errno.EINTR, result);
    nop(11);
    while (ring.enter() < 1) {
      Thread.onSpinWait();
    }
    assertEquals(11, reap(0));
  }

  @Test
  void useAfterCloseThrows() {
    SubmissionQueue submissions = ring.submissions();
    CompletionQueue completions = ring.completions();
    nop(1);
    ring.enter();
    assertTrue(completions.next());
    ring.close();
    ring.close();
    assertThrows(IllegalStateException.class, () -> ring.enter());
    assertThrows(IllegalStateException.class, () -> ring.enterAndWait(1));
    assertThrows(IllegalStateException.class, () -> ring.register(0, 0, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> nop(1));
    assertThrows(IndexOutOfBoundsException.class, submissions::publish);
    assertThrows(IndexOutOfBoundsException.class, submissions::overflown);
    assertThrows(IndexOutOfBoundsException.class, completions::userData);
    assertThrows(IndexOutOfBoundsException.class, completions::nonEmpty);
    assertThrows(IndexOutOfBoundsException.class, completions::release);
  }

  @Test
  void otherThreadsMayNotClose() throws InterruptedException {
    AtomicBoolean refused = new AtomicBoolean();
    Thread other =
        new Thread(
            () ->
                refused.set(assertThrows(IllegalStateException.class, () -> ring.close()) != null));
    other.start();
    other.join();
    assertTrue(refused.get());
    nop(1);
    assertEquals(1, ring.enter());
  }

  @Test
  void oddSizesAreRoundedUp() {
    reopen(5, 9);
    assertEquals(8, ring.submissions().entries());
    assertEquals(16, ring.completions().entries());
  }

  @Test
  void closedRingsAreGivenBack() {
    List<String> files = OpenFiles.list();
    int mappings = ProcessState.ringMappings();
    for (int i = 0; i < 100; i++) {
      reopen(8, 16);
    }
    assertEquals(List.of(), OpenFiles.since(files));
    assertEquals(mappings, ProcessState.ringMappings());
  }

  private void nop(long userData) {
    long head = SqeLayout.head(IORING_OP_NOP, 0, 0, -1);
    ring.submissions().push(head, 0, 0, 0, userData, 0);
  }

  private long reap(int result) {
    CompletionQueue completions = ring.completions();
    assertTrue(completions.next());
    assertEquals(result, completions.result());
    long userData = completions.userData();
    completions.release();
    return userData;
  }
}
