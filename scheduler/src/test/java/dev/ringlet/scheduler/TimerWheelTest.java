package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Against the obvious model: a list of deadlines. */
final class TimerWheelTest {
  private static final long TICK = 1 << 16;

  private static final class Probe extends Timer {
    final long deadline;
    long firedAt = -1;
    private final long[] now;

    Probe(long deadline, long[] now) {
      this.deadline = deadline;
      this.now = now;
    }

    @Override
    void fire() {
      assertEquals(-1, firedAt, "fired twice");
      firedAt = now[0];
    }
  }

  @Provide
  Arbitrary<Long> delays() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(0, 100 * TICK),
        Arbitraries.longs().between(0, 1L << 40),
        Arbitraries.longs().between(0, 1L << 58));
  }

  @Property(tries = 500)
  void everyTimerFiresOnceNeverEarlyAndAtTheFirstLookAfterItsTick(
      @ForAll @Size(min = 1, max = 60) List<@net.jqwik.api.From("delays") Long> delays,
      @ForAll @Size(min = 1, max = 40) List<@net.jqwik.api.From("delays") Long> steps,
      @ForAll boolean exact) {
    long[] now = {-5_000_000_000L};
    long tick = exact ? 1 : TICK;
    TimerWheel wheel =
        new TimerWheel(now[0], exact ? TimerWheel.EXACT_SHIFT : TimerWheel.TICK_SHIFT);
    List<Probe> probes = new ArrayList<>();
    int nextDelay = 0;
    for (long step : steps) {
      for (int i = 0; i < 2 && nextDelay < delays.size(); i++, nextDelay++) {
        Probe probe = new Probe(now[0] + delays.get(nextDelay), now);
        probes.add(probe);
        wheel.schedule(probe, probe.deadline);
      }
      long next = wheel.nanosToNext(now[0]);
      for (Probe probe : probes) {
        if (probe.firedAt == -1) {
          assertTrue(now[0] + next <= probe.deadline + 2 * tick, "the park would be too long");
        }
      }
      long before = now[0];
      now[0] += step;
      wheel.advance(now[0], Integer.MAX_VALUE);
      for (Probe probe : probes) {
        if (probe.firedAt == -1) {
          assertTrue(probe.deadline > now[0] - (exact ? 1 : 2 * TICK), "late: " + probe.deadline);
        } else {
          assertTrue(probe.firedAt >= probe.deadline, "early");
          assertTrue(probe.firedAt > before || probe.firedAt <= before, "fired once");
        }
      }
    }
    long living = probes.stream().filter(probe -> probe.firedAt == -1).count();
    assertEquals(living, wheel.count());
  }

  @Property(tries = 300)
  void whatIsCancelledNeverFires(
      @ForAll @Size(min = 2, max = 60) List<@net.jqwik.api.From("delays") Long> delays) {
    long[] now = {0};
    TimerWheel wheel = new TimerWheel(0);
    List<Probe> probes = new ArrayList<>();
    for (long delay : delays) {
      Probe probe = new Probe(delay, now);
      probes.add(probe);
      wheel.schedule(probe, delay);
    }
    for (int i = 0; i < probes.size(); i += 2) {
      wheel.cancel(probes.get(i));
      wheel.cancel(probes.get(i));
    }
    now[0] = 1L << 60;
    wheel.advance(now[0], Integer.MAX_VALUE);
    for (int i = 0; i < probes.size(); i++) {
      assertEquals(i % 2 == 0, probes.get(i).firedAt == -1);
    }
    assertEquals(0, wheel.count());
    assertEquals(Long.MAX_VALUE, wheel.nanosToNext(now[0]));
  }

  /** However the work is cut into parts: in order, and all of it. */
  @Property(tries = 200)
  void dueTimersFireInOrderAlsoInSmallParts(
      @ForAll @Size(min = 1, max = 200)
          List<@net.jqwik.api.constraints.IntRange(max = 5000) Integer> ticks,
      @ForAll @net.jqwik.api.constraints.IntRange(min = 1, max = 7) int limit) {
    TimerWheel wheel = new TimerWheel(0);
    List<Integer> fired = new ArrayList<>();
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < ticks.size(); i++) {
      int number = i;
      wheel.schedule(
          new Timer() {
            @Override
            void fire() {
              fired.add(number);
            }
          },
          ticks.get(i) * TICK);
      expected.add(i);
    }
    expected.sort(java.util.Comparator.comparing(i -> Math.max(1, ticks.get(i))));
    long now = 6000 * TICK;
    for (int part = 0; wheel.nanosToNext(now) != Long.MAX_VALUE; part++) {
      assertTrue(wheel.advance(now, limit) <= limit);
      assertTrue(part < 100_000, "no end");
    }
    assertEquals(expected, fired);
  }

  /** Cancelled timers are taken out, and the others fire as if they had never been there. */
  @Property(tries = 200)
  void aPurgeTakesOutWhatWillNotFireAndNothingElse(
      @ForAll @Size(min = 1, max = 300)
          List<@net.jqwik.api.constraints.IntRange(max = 70_000) Integer> ticks,
      @ForAll java.util.Random random) {
    TimerWheel wheel = new TimerWheel(0);
    long[] now = {0};
    List<Probe> kept = new ArrayList<>();
    List<Probe> cancelled = new ArrayList<>();
    for (int tick : ticks) {
      Probe probe = new Probe(tick * TICK, now);
      wheel.schedule(probe, probe.deadline);
      (random.nextBoolean() ? kept : cancelled).add(probe);
      if (random.nextInt(8) == 0) {
        wheel.purge(1 + random.nextInt(5));
      }
      if (!cancelled.isEmpty() && random.nextBoolean()) {
        wheel.cancel(cancelled.get(random.nextInt(cancelled.size())));
      }
      if (random.nextInt(16) == 0) {
        now[0] += TICK * random.nextInt(300);
        wheel.advance(now[0], 1 + random.nextInt(50));
      }
    }
    cancelled.forEach(wheel::cancel);
    for (int round = 0; wheel.wantsPurge(true); round++) {
      wheel.purge(1 + random.nextInt(20));
      assertTrue(round < 100_000, "no end");
    }
    assertEquals(kept.stream().filter(probe -> probe.firedAt < 0).count(), wheel.count());
    now[0] = Math.max(now[0], 80_000 * TICK);
    wheel.advance(now[0], Integer.MAX_VALUE);
    assertTrue(kept.stream().allMatch(probe -> probe.firedAt >= probe.deadline));
    assertEquals(Long.MAX_VALUE, wheel.nanosToNext(now[0]));
    wheel.purge(10);
  }

  @Test
  void aTimerMayScheduleItselfAgainWhenItFires() {
    TimerWheel wheel = new TimerWheel(0);
    int[] fired = new int[1];
    long[] now = {0};
    Timer again =
        new Timer() {
          @Override
          void fire() {
            if (++fired[0] < 10) {
              wheel.schedule(this, now[0] + 1);
            }
          }
        };
    wheel.schedule(again, 1);
    for (int turn = 0; turn < 100; turn++) {
      now[0] += TICK;
      wheel.advance(now[0], Integer.MAX_VALUE);
    }
    assertEquals(10, fired[0]);
  }
}
