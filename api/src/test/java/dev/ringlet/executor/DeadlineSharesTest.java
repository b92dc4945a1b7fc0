package dev.ringlet.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A controller by a clock that the test moves. */
final class DeadlineSharesTest {
  private static final Duration PERIOD = Duration.ofMillis(250);

  private long now = Long.MAX_VALUE - 1_000_000_000;
  private final DeadlineShares controller = new DeadlineShares(PERIOD, () -> now);

  private int after(Duration time) {
    now += time.toNanos();
    return controller.shares().count();
  }

  @Test
  void withoutWorkThereIsOneShare() {
    assertEquals(1, controller.shares().count());
    assertEquals(1, after(Duration.ofSeconds(10)));
  }

  @Test
  void workThatStallsGetsMoreAndMore() {
    controller.begin(1000, Duration.ofSeconds(10));
    int before = after(PERIOD);
    assertTrue(before > 100, "nothing is done: " + before);
    for (int i = 0; i < 5; i++) {
      int shares = after(PERIOD);
      assertTrue(shares > before || shares == Shares.MAX, before + " then " + shares);
      before = shares;
    }
  }

  @Test
  void workOnScheduleKeepsItsShares() {
    DeadlineShares.Work work = controller.begin(1000, Duration.ofSeconds(10));
    work.done(25);
    int first = after(PERIOD);
    for (int i = 0; i < 30; i++) {
      work.done(25);
      assertEquals(first, after(PERIOD), 1);
    }
  }

  @Test
  void workAheadOfScheduleGivesSharesBack() {
    DeadlineShares.Work work = controller.begin(1000, Duration.ofSeconds(10));
    int behind = after(PERIOD);
    work.done(500);
    assertTrue(after(PERIOD) < behind);
  }

  @Test
  void moreWorkMakesTheSlopeSteeper() {
    DeadlineShares.Work work = controller.begin(1000, Duration.ofSeconds(10));
    work.done(25);
    int smooth = after(PERIOD);
    controller.begin(10_000, Duration.ofSeconds(10));
    work.done(25);
    assertTrue(after(PERIOD) > smooth);
  }

  @Test
  void theSharesMoveOnceAPeriodHoweverOftenTheyAreRead() {
    controller.begin(1000, Duration.ofSeconds(10));
    int shares = after(PERIOD);
    for (int i = 0; i < 10; i++) {
      assertEquals(shares, after(Duration.ofMillis(10)));
    }
  }

  @Test
  void moreThanAllAndNothingAtAllAreNoErrors() {
    DeadlineShares.Work work = controller.begin(10, Duration.ofSeconds(1));
    work.done(1000);
    assertEquals(1, after(PERIOD));
    controller.begin(0, Duration.ofSeconds(2));
    assertEquals(1, after(PERIOD));
  }

  @Test
  void workThatIsHopelesslyLateGetsAll() {
    DeadlineShares.Work work = controller.begin(1000, Duration.ofSeconds(1));
    work.done(999);
    assertEquals(Shares.MAX, after(Duration.ofSeconds(7)));
    work.end();
    work.end();
    assertEquals(1, after(PERIOD));
  }

  @Test
  void aFloorHolds() {
    controller.atLeast(250);
    assertEquals(250, after(PERIOD));
    controller.atLeast(1);
    assertEquals(1, after(PERIOD));
  }

  @Test
  void deadlinesDoNotGoBack() {
    controller.begin(1, Duration.ofSeconds(10));
    IllegalArgumentException failure =
        assertThrows(
            IllegalArgumentException.class, () -> controller.begin(1, Duration.ofSeconds(9)));
    assertTrue(failure.getMessage().contains("PT9S"), failure.getMessage());
    assertThrows(IllegalArgumentException.class, () -> controller.begin(-1, PERIOD));
    assertThrows(IllegalArgumentException.class, () -> controller.begin(1, Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> controller.atLeast(0));
  }
}
