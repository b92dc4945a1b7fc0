package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Polling, the counters, memory, and mistakes of the caller. */
interface PollContract extends DriverContractPart {
  /**
   * The most that one poll may report, whatever the driver; each has a smaller limit of its own.
   */
  int ANY_LIMIT = 4_096;

  @Test
  default void aPollReportsABoundedNumber() {
    List<TestRequest> delays = new ArrayList<>();
    for (int i = 0; i < 2 * ANY_LIMIT; i++) {
      delays.add(rig().submit(TestRequest.delay(Duration.ZERO)));
    }
    delays.forEach(rig()::await);
    assertTrue(rig().mostPerPoll() <= ANY_LIMIT, () -> "in one poll: " + rig().mostPerPoll());
  }

  @Test
  default void aPollReportsABoundedNumberOfFailures() {
    IoHandle listener = rig().handle(TestRequest.listen(Peers.anyPort(), 16, 0));
    rig().close(listener);
    List<TestRequest> accepts = new ArrayList<>();
    for (int i = 0; i < 2 * ANY_LIMIT; i++) {
      accepts.add(rig().submit(TestRequest.accept(listener)));
    }
    for (TestRequest accept : accepts) {
      assertEquals(-Errno.EBADF, rig().await(accept).last().result());
    }
    assertTrue(rig().mostPerPoll() <= ANY_LIMIT, () -> "in one poll: " + rig().mostPerPoll());
  }

  @Test
  default void tellsThatCompletionsWait() {
    assertFalse(rig().driver.completionsPending());
    TestRequest delay = rig().submit(TestRequest.delay(Duration.ZERO));
    long deadline = System.nanoTime() + DriverRig.PATIENCE.toNanos();
    while (!rig().driver.completionsPending()) {
      assertTrue(System.nanoTime() - deadline < 0, "a completion was never pending");
      rig().driver.flush();
    }
    assertEquals(1, rig().poll());
    assertTrue(delay.isFinished());
    assertFalse(rig().driver.completionsPending());
  }

  @Test
  default void anIdlePollReportsNothing() {
    for (int i = 0; i < 100; i++) {
      assertEquals(0, rig().poll());
      rig().driver.flush();
    }
  }

  /** No system call where there is nothing to do. */
  @Test
  default void anIdleDriverDoesNotEnterTheKernel() {
    rig().run(TestRequest.delay(Duration.ZERO));
    rig().settle();
    long before = rig().driver.stats().enters();
    for (int i = 0; i < 100; i++) {
      assertFalse(rig().driver.completionsPending());
      rig().poll();
      rig().driver.flush();
    }
    assertEquals(before, rig().driver.stats().enters());
  }

  @Test
  default void pollsWithoutFlushFindWhatArrives() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest receive = rig().submit(TestRequest.receive(pair.handle()));
    rig().driver.flush();
    pair.peer().getOutputStream().write(1);
    long deadline = System.nanoTime() + DriverRig.PATIENCE.toNanos();
    while (!receive.isFinished()) {
      assertTrue(System.nanoTime() - deadline < 0, "no poll found the data");
      rig().poll();
    }
    assertEquals(1, rig().take(receive.last()).length);
  }

  @Test
  default void countsWhatItDoes() {
    IoDriverStats before = rig().driver.stats();
    TestRequest hour = rig().submit(TestRequest.delay(Duration.ofHours(1)));
    rig().run(TestRequest.delay(Duration.ofMillis(1)));
    IoDriverStats during = rig().driver.stats();
    assertEquals(rig().driver.name(), during.driver());
    assertEquals(before.submitted() + 2, during.submitted());
    assertEquals(before.completed() + 1, during.completed());
    assertEquals(1, during.inFlight());
    rig().cancel(hour);
    rig().await(hour);
    assertEquals(0, rig().driver.stats().inFlight());
  }

  @Test
  default void tellsItsName() {
    assertEquals(provider().name(), rig().driver.name());
    assertNotEquals("", rig().driver.description());
  }

  /** False for a driver whose kernel is simulated only. */
  default boolean memoryIsDirect() {
    return true;
  }

  @Test
  default void memoryIsZeroedDirectAndSeparate() {
    for (int bytes : new int[] {1, 100, 4_096, 1 << 20}) {
      IoMemory memory = rig().driver.allocate(bytes);
      assertEquals(memoryIsDirect(), memory.bytes().isDirect());
      assertEquals(0, memory.bytes().position());
      assertEquals(bytes, memory.bytes().limit());
      assertEquals(bytes, memory.bytes().capacity());
      for (int i = 0; i < bytes; i++) {
        assertEquals(0, memory.bytes().get(i));
        memory.bytes().put(i, (byte) -1);
      }
    }
    assertThrows(IllegalArgumentException.class, () -> rig().driver.allocate(0));
  }

  @Test
  default void aRequestInFlightIsNotTakenAgain() {
    TestRequest delay = rig().submit(TestRequest.delay(Duration.ofHours(1)));
    assertThrows(IllegalStateException.class, () -> rig().driver.submit(delay));
    rig().cancel(delay);
    rig().await(delay);
  }

  @Test
  default void aHandleOfAnotherDriverIsRefused() {
    DriverRig other = new DriverRig(provider());
    IoHandle foreign = other.handle(TestRequest.listen(Peers.anyPort(), 16, 0));
    TestRequest accept = TestRequest.accept(foreign);
    assertThrows(IllegalArgumentException.class, () -> rig().driver.submit(accept));
    assertThrows(IllegalArgumentException.class, () -> rig().driver.localAddress(foreign));
    other.finish();
  }

  /** Memory safety: the kernel must never hear of bytes outside of the buffer. */
  @Test
  default void bytesOutsideOfTheBufferAreRefused() {
    int flags = IoRequest.OPEN_READ | IoRequest.OPEN_WRITE | IoRequest.OPEN_CREATE;
    IoHandle file = rig().handle(TestRequest.open(directory().resolve("file"), flags));
    var buffer = rig().buffer(10);
    for (int[] range : new int[][] {{0, 11}, {10, 1}, {-1, 5}, {5, -1}, {1, Integer.MAX_VALUE}}) {
      for (IoOpcode opcode : new IoOpcode[] {IoOpcode.READ, IoOpcode.WRITE}) {
        TestRequest request = TestRequest.transfer(opcode, file, 0, buffer, range[0], range[1]);
        assertThrows(IndexOutOfBoundsException.class, () -> rig().driver.submit(request));
      }
    }
    buffer.release();
    TestRequest released = TestRequest.transfer(IoOpcode.WRITE, file, 0, buffer, 0, 1);
    assertThrows(IllegalStateException.class, () -> rig().driver.submit(released));
  }
}
