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

  private final TaskQueueScheduler scheduler = newScheduler();

  private static TaskQueueScheduler newScheduler() {
    return new TaskQueueScheduler(SLICE, new PreemptFlag(new IdleDriver(), Ticker.SYSTEM));
  }

  private TaskQueue queue(String name, int shares) {
    return queue(scheduler, name, shares);
  }

  private static TaskQueue queue(TaskQueueScheduler scheduler, String name, int shares) {
    return scheduler.newQueue(new PriorityClass(name, Shares.of(shares), Latency.notImportant()));
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
      TaskQueue queue = fresh.pick();
      time[queues.indexOf(queue)] += slice;
      total += slice;
      fresh.ran(queue, slice);
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
      scheduler.ran(scheduler.pick(), SLICE);
    }
    sleeper.add(CELL);
    int inARow = 0;
    while (scheduler.pick() == sleeper) {
      scheduler.ran(sleeper, SLICE);
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
    scheduler.ran(heavy, SLICE);
    heavy.remove();
    scheduler.ran(heavy, 0);
    heavy.add(CELL);
    assertSame(light, scheduler.pick(), "a moment of sleep must not forgive a slice");
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
      TaskQueue first = scheduler.pick();
      scheduler.ran(first, SLICE);
      TaskQueue second = scheduler.pick();
      assertTrue(first != second, "round " + i);
      scheduler.ran(second, SLICE);
    }
  }

  @Test
  void amongEqualsTheLatencyClassGoesFirstAndItsBoundIsTheSlice() {
    TaskQueue batch = queue("batch", 1000);
    TaskQueue urgent =
        scheduler.newQueue(
            new PriorityClass(
                "urgent", Shares.of(1000), Latency.matters(Duration.ofNanos(200_000))));
    batch.add(CELL);
    assertEquals(SLICE, scheduler.sliceNanos());
    urgent.add(CELL);
    assertEquals(200_000, scheduler.sliceNanos());
    assertSame(urgent, scheduler.pick());
  }
}
