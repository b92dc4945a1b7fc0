package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Delays. */
interface DelayContract extends DriverContractPart {
  @Test
  default void aDelayIsNeverEarly() {
    for (int millis : new int[] {0, 1, 2, 5, 20}) {
      Duration delay = Duration.ofMillis(millis);
      long start = System.nanoTime();
      assertEquals(0, rig().run(TestRequest.delay(delay)));
      long took = System.nanoTime() - start;
      assertTrue(took >= delay.toNanos(), () -> delay + " took " + Duration.ofNanos(took));
    }
  }

  /** Submitted in one turn; an owner that is held up sees them late, but in their order. */
  @Test
  default void delaysCompleteInTheOrderOfTheirEnds() {
    List<TestRequest> delays = new ArrayList<>();
    for (int millis : new int[] {50, 10, 30, 20, 40}) {
      delays.add(rig().submit(TestRequest.delay(Duration.ofMillis(millis))));
    }
    delays.forEach(rig()::await);
    delays.sort((a, b) -> Long.compare(a.position, b.position));
    for (int i = 1; i < delays.size(); i++) {
      int before = delays.get(i - 1).last().number();
      assertTrue(before < delays.get(i).last().number(), delays::toString);
    }
  }

  @Test
  default void aParkEndsWithADelay() {
    TestRequest delay = rig().submit(TestRequest.delay(Duration.ofMillis(5)));
    long start = System.nanoTime();
    while (!delay.isFinished()) {
      rig().driver.park(DriverRig.PATIENCE.toNanos());
      rig().poll();
    }
    assertTrue(System.nanoTime() - start < DriverRig.PATIENCE.toNanos() / 2, "the park went on");
  }

  @Test
  default void delaysAreCancelled() {
    TestRequest hour = rig().submit(TestRequest.delay(Duration.ofHours(1)));
    TestRequest forever = TestRequest.delay(Duration.ZERO);
    forever.position = Long.MAX_VALUE;
    rig().submit(forever);
    TestRequest soon = rig().submit(TestRequest.delay(Duration.ofMillis(1)));
    rig().await(soon);
    assertFalse(hour.isFinished() || forever.isFinished());
    rig().cancel(hour);
    rig().cancel(forever);
    assertEquals(-Errno.ECANCELED, rig().await(hour).last().result());
    assertEquals(-Errno.ECANCELED, rig().await(forever).last().result());
  }

  @Test
  default void manyDelaysEndTogether() {
    List<TestRequest> delays = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      delays.add(rig().submit(TestRequest.delay(Duration.ofMillis(1 + i % 3))));
    }
    for (TestRequest delay : delays) {
      assertEquals(0, rig().await(delay).last().result());
    }
  }
}
