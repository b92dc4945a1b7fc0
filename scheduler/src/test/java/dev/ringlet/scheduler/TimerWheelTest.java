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

  private static final class Probe extends TimerWheel.Timer {
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
      @ForAll @Size(min = 1, max = 40) List<@net.jqwik.api.From("delays") Long> steps) {
    long[] now = {-5_000_000_000L};
    TimerWheel wheel = new TimerWheel(now[0]);
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
          assertTrue(now[0] + next <= probe.deadline + 2 * TICK, "the park would be too long");
        }
      }
      long before = now[0];
      now[0] += step;
      wheel.advance(now[0], Integer.MAX_VALUE);
      for (Probe probe : probes) {
        if (probe.firedAt == -1) {
          assertTrue(probe.deadline > now[0] - 2 * TICK, "late: " + probe.deadline);
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

  @Test
  void aTimerMayScheduleItselfAgainWhenItFires() {
    TimerWheel wheel = new TimerWheel(0);
    int[] fired = new int[1];
    long[] now = {0};
    TimerWheel.Timer again =
        new TimerWheel.Timer() {
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
