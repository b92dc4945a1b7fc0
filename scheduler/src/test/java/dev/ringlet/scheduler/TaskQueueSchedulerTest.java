package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import dev.ringlet.spi.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The algorithm alone: no threads, and slices as long as the test says. */
final class TaskQueueSchedulerTest {
  private static final long SLICE = 1_000_000;

  /** Something to stand in a queue; never run. */
  private static final ActorCell<?> CELL = Systems.cell();

  private final PreemptFlag preempt = new PreemptFlag(Ticker.SYSTEM, time -> false);
  private final TaskQueueScheduler scheduler = new TaskQueueScheduler(SLICE, preempt, false);

  private static TaskQueueScheduler newScheduler() {
    return new TaskQueueScheduler(SLICE, new PreemptFlag(Ticker.SYSTEM, time -> false), false);
  }

  private long now;

  private void run(TaskQueue queue, long nanos) {
    now += nanos;
    scheduler.ran(queue, nanos, now);
  }

  private TaskQueue queue(String name, int shares) {
    return queue(scheduler, name, shares);
  }

  private static TaskQueue queue(TaskQueueScheduler scheduler, String name, int shares) {
    return scheduler.newQueue(
        new ClassMembership(new PriorityClass(name, Shares.of(shares), Latency.notImportant())));
  }

  /** Queues that always have work get time in proportion to their shares. */
  @Property(tries = 200)
  void timeIsInProportionToShares(
      @ForAll @Size(min = 2, max = 8) List<@IntRange(min = 1, max = 1000) Integer> shares,
      @ForAll @LongRange(min = -100, max = 100) long start) {
    TaskQueueScheduler fresh = newScheduler();
    List<TaskQueue> queues = new ArrayList<>();
    for (int i = 0; i < shares.size(); i++) {
      TaskQueue queue = queue(fresh, "class " + i, shares.get(i));
      queue.vruntime = start;
      queues.add(queue);
      queue.add(CELL);
      queue.vruntime = start;
    }
    long total = 0;
    long[] time = new long[queues.size()];
    long slice = 1_000;
    for (int round = 0; round < 200_000; round++) {
      TaskQueue queue = fresh.pick(now);
      time[queues.indexOf(queue)] += slice;
      total += slice;
      fresh.ran(queue, slice, now += slice);
    }
    int sum = shares.stream().mapToInt(Integer::intValue).sum();
    for (int i = 0; i < time.length; i++) {
      double expected = (double) total * shares.get(i) / sum;
      double tolerance = 0.01 * expected + 8 * slice;
      assertEquals(expected, (double) time[i], tolerance, "class " + i + " of " + shares);
    }
  }

  @Test
  void whoSleepsEarnsNoCredit() {
    TaskQueue busy = queue("busy", 1000);
    TaskQueue sleeper = queue("sleeper", 1000);
    busy.add(CELL);
    for (int i = 0; i < 1000; i++) {
      run(scheduler.pick(now), SLICE);
    }
    sleeper.add(CELL);
    int inARow = 0;
    while (scheduler.pick(now) == sleeper) {
      run(sleeper, SLICE);
      inARow++;
    }
    assertTrue(inARow <= 2, inARow + " slices for having slept");
  }

  @Test
  void whoHasUsedMoreThanItsShareFindsTheDebtAgain() {
    TaskQueue heavy = queue("heavy", 1);
    TaskQueue light = queue("light", 1000);
    light.add(CELL);
    heavy.add(CELL);
    run(heavy, SLICE);
    heavy.remove();
    run(heavy, 0);
    heavy.add(CELL);
    assertSame(light, scheduler.pick(now), "a moment of sleep must not forgive a slice");
  }

  @Test
  void overflowOfTheWeightedTimeIsNoEvent() {
    TaskQueue one = queue("one", 1000);
    TaskQueue two = queue("two", 1000);
    one.add(CELL);
    two.add(CELL);
    one.vruntime = Long.MAX_VALUE - 10;
    two.vruntime = Long.MAX_VALUE - 9;
    for (int i = 0; i < 100; i++) {
      TaskQueue first = scheduler.pick(now);
      run(first, SLICE);
      TaskQueue second = scheduler.pick(now);
      assertTrue(first != second, "round " + i);
      run(second, SLICE);
    }
  }

  /**
   * Classes that come and go: whoever is runnable gets its turn within the time that the shares of
   * all imply, and whoever slept gets no more than its share once it is awake.
   */
  @Property(tries = 200)
  void nobodyStarvesAndNobodyIsPaidForSleeping(
      @ForAll @Size(min = 2, max = 6) List<@IntRange(min = 1, max = 1000) Integer> shares,
      @ForAll Random random) {
    TaskQueueScheduler fresh = newScheduler();
    List<TaskQueue> queues = new ArrayList<>();
    for (int i = 0; i < shares.size(); i++) {
      queues.add(queue(fresh, "class " + i, shares.get(i)));
    }
    int sum = shares.stream().mapToInt(Integer::intValue).sum();
    TaskQueue always = queues.get(0);
    always.add(CELL);
    long present = 0;
    long own = 0;
    long lastRun = 0;
    for (int round = 0; round < 20_000; round++) {
      for (TaskQueue queue : queues) {
        if (!queue.active && random.nextInt(8) == 0) {
          queue.add(CELL);
        }
      }
      TaskQueue queue = fresh.pick(present);
      long slice = fresh.sliceNanos(queue);
      present += slice;
      if (queue == always) {
        own += slice;
        lastRun = present;
      } else if (random.nextInt(4) == 0) {
        queue.remove();
      }
      fresh.ran(queue, slice, present);
      long fairWait = (long) queues.size() * SLICE * (sum / always.shares() + 1);
      assertTrue(present - lastRun <= 2 * fairWait, "waited for " + (present - lastRun) + " ns");
    }
    double least = (double) always.shares() / sum;
    assertTrue(own >= 0.97 * least * present - 4 * SLICE, own + " of " + present + " ns");
  }

  /** With slices as long as the scheduler says: exact over a few hundred milliseconds. */
  @Test
  void aSmallShareComesInManySmallSlices() {
    TaskQueue many = queue("many", 1000);
    TaskQueue few = queue("few", 10);
    many.add(CELL);
    few.add(CELL);
    long fewNanos = 0;
    while (now < 1_000_000_000) {
      TaskQueue queue = scheduler.pick(now);
      long slice = scheduler.sliceNanos(queue);
      fewNanos += queue == few ? slice : 0;
      run(queue, slice);
    }
    double ratio = (double) (now - fewNanos) / fewNanos;
    assertEquals(100, ratio, 1.0);
  }

  @Test
  void sharesThatChangeAreReadAgainAfterThePeriodAndBroughtIntoRange() {
    int[] wanted = {1000};
    TaskQueue changing =
        scheduler.newQueue(
            new ClassMembership(
                new PriorityClass(
                    "changing",
                    Shares.dynamic(() -> wanted[0], Duration.ofMillis(10)),
                    Latency.notImportant())));
    changing.add(CELL);
    run(scheduler.pick(now), SLICE);
    assertEquals(1000, changing.shares());
    wanted[0] = 5;
    run(scheduler.pick(now), SLICE);
    assertEquals(1000, changing.shares(), "not before the period is over");
    now += 10_000_000;
    run(scheduler.pick(now), SLICE);
    assertEquals(5, changing.shares());
    wanted[0] = -3;
    now += 10_000_000;
    run(scheduler.pick(now), SLICE);
    assertEquals(1, changing.shares());
  }

  @Test
  void aSupplierThatThrowsLeavesTheSharesAsTheyAre() {
    boolean[] fails = {false};
    TaskQueue changing =
        scheduler.newQueue(
            new ClassMembership(
                new PriorityClass(
                    "changing",
                    Shares.dynamic(
                        () -> {
                          if (fails[0]) {
                            throw new IllegalStateException("no idea");
                          }
                          return 7;
                        },
                        Duration.ofNanos(1)),
                    Latency.notImportant())));
    changing.add(CELL);
    run(scheduler.pick(now), SLICE);
    fails[0] = true;
    run(scheduler.pick(now), SLICE);
    assertEquals(7, changing.shares());
  }

  @Test
  void whoGivesTheCoreAwayIsPassedOverOnce() {
    TaskQueue generous = queue("generous", 1000);
    TaskQueue other = queue("other", 1);
    generous.add(CELL);
    other.add(CELL);
    run(other, SLICE);
    TaskQueue first = scheduler.pick(now);
    assertSame(generous, first);
    generous.yielded = true;
    run(generous, 10);
    assertSame(other, scheduler.pick(now), "although it has used a thousand times its share");
    run(other, SLICE);
    assertSame(generous, scheduler.pick(now));
  }

  @Test
  void whoIsAloneIsPickedAlthoughItGaveTheCoreAway() {
    TaskQueue generous = queue("generous", 1000);
    generous.add(CELL);
    TaskQueue first = scheduler.pick(now);
    first.yielded = true;
    run(first, SLICE);
    assertSame(generous, scheduler.pick(now));
  }

  private TaskQueue urgent(String name, int shares, long boundNanos) {
    return scheduler.newQueue(
        new ClassMembership(
            new PriorityClass(
                name, Shares.of(shares), Latency.matters(Duration.ofNanos(boundNanos)))));
  }

  @Test
  void aLatencyClassInDebtRunsOnceBeforeItsBoundIsOver() {
    TaskQueue batch = queue("batch", 1000);
    TaskQueue urgent = urgent("urgent", 1, 400_000);
    batch.add(CELL);
    urgent.add(CELL);
    run(scheduler.pick(now), 0);
    run(urgent, 50_000_000);
    urgent.remove();
    run(urgent, 0);
    preempt.now(now);
    urgent.add(CELL);
    long woken = now;
    TaskQueue queue = scheduler.pick(now);
    assertSame(batch, queue, "it has had more than its share");
    while (queue == batch) {
      long end = scheduler.sliceEndNanos(batch, now);
      run(batch, end - now);
      queue = scheduler.pick(now);
    }
    assertTrue(now - woken <= 400_000, "after " + (now - woken) + " ns");
    run(urgent, 100_000);
    assertSame(batch, scheduler.pick(now), "and not again");
  }

  @Test
  void amongLatencyClassesTheSmallerBoundWaitsLess() {
    TaskQueue batch = queue("batch", 1000);
    TaskQueue soon = urgent("soon", 1000, 100_000);
    TaskQueue later = urgent("later", 1000, 1_000_000);
    batch.add(CELL);
    run(scheduler.pick(now), SLICE);
    later.add(CELL);
    soon.add(CELL);
    assertTrue(scheduler.urgentWaits(batch, now, now + 10_000));
    assertSame(soon, scheduler.pick(now));
    assertTrue(
        !scheduler.urgentWaits(soon, now, now + 10_000),
        "what is less urgent does not take the core from what is more urgent");
    assertTrue(scheduler.watchesWhile(batch));
    assertTrue(scheduler.watchesWhile(later));
    assertTrue(!scheduler.watchesWhile(soon));
  }

  @Test
  void amongEqualsTheLatencyClassGoesFirstAndItsBoundIsTheSlice() {
    TaskQueue batch = queue("batch", 1000);
    TaskQueue urgent =
        scheduler.newQueue(
            new ClassMembership(
                new PriorityClass(
                    "urgent", Shares.of(1000), Latency.matters(Duration.ofNanos(200_000)))));
    batch.add(CELL);
    assertEquals(SLICE, scheduler.sliceNanos(batch));
    urgent.add(CELL);
    assertEquals(200_000, scheduler.sliceNanos(batch));
    assertSame(urgent, scheduler.pick(now));
  }
}
