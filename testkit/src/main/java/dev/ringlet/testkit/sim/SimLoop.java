package dev.ringlet.testkit.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Has everything that can go on do so, one at a time: chance decides among the executors of all
 * processes, work that they have offloaded, and what the kernel has to do now. The simulation's
 * thread.
 */
final class SimLoop {
  /** What a turn takes at most, so that completions come in the middle of other work too. */
  private static final long MOST_TURN_NANOS = 20_000;

  private final long seed;
  private final SimWorld world;
  private final SimRandom order;
  private final long mostSteps;
  private final List<SimProcess> processes = new ArrayList<>();
  private final List<SimProcess.Runner> runners = new ArrayList<>();
  private long steps;

  /** A step is being done: it cannot have another one in it. */
  private boolean stepping;

  /** More steps than it may have. */
  static final class Endless extends AssertionError {
    private static final long serialVersionUID = 1L;

    private Endless(long steps) {
      super("no rest within " + steps + " steps");
    }
  }

  SimLoop(long seed, SimWorld world, long mostSteps) {
    this.seed = seed;
    this.world = world;
    this.order = new SimRandom(seed, "order");
    this.mostSteps = mostSteps;
  }

  SimWorld world() {
    return world;
  }

  /** Chance for something that is no part of the kernel. */
  RandomGenerator newRandom(String name) {
    return new SplittableRandom(new SimRandom(seed, name).bits());
  }

  /** Those that live, in the order of their starts. */
  List<SimProcess> processes() {
    return List.copyOf(processes);
  }

  void add(SimProcess process) {
    processes.add(process);
    runners.addAll(process.runners());
    world.trace().add("start " + process);
  }

  void remove(SimProcess process) {
    processes.remove(process);
    runners.removeAll(process.runners());
  }

  long steps() {
    return steps;
  }

  // ---- one thing after the other

  /** Does one of the things that can be done now; false if there is none. */
  boolean step() {
    if (stepping) {
      throw new IllegalStateException(
          "a step within a step; have actors, actions and checks tell others what to do, and let"
              + " the scenario itself go on with the simulation");
    }
    return stepAlsoWithin();
  }

  /** A system that is closed in a step has the others go on meanwhile. */
  private boolean stepAlsoWithin() {
    boolean outer = stepping;
    stepping = true;
    try {
      return doOne();
    } finally {
      stepping = outer;
    }
  }

  private boolean doOne() {
    for (int i = 0; i < processes.size(); i++) {
      processes.get(i).look();
    }
    long now = world.clock().elapsedNanos();
    boolean due = world.agenda().nanosToNext() == 0;
    int choices = due ? 1 : 0;
    for (SimProcess.Runner runner : runners) {
      choices += runner.isReady(now) ? 1 : 0;
    }
    for (; choices > 0; choices--) {
      int pick = order.index(choices);
      if (due && pick == choices - 1) {
        world.agenda().step();
        stepped();
        return true;
      }
      SimProcess.Runner runner = ready(pick, now);
      if (runner.run(now)) {
        world.trace().add(runner.told());
        world.clock().advance(Math.max(0, order.between(-MOST_TURN_NANOS, MOST_TURN_NANOS)));
        stepped();
        return true;
      }
    }
    return false;
  }

  private SimProcess.Runner ready(int pick, long now) {
    int left = pick;
    for (SimProcess.Runner runner : runners) {
      if (runner.isReady(now) && left-- == 0) {
        return runner;
      }
    }
    throw new AssertionError("nobody is ready who was counted");
  }

  private void stepped() {
    if (++steps > mostSteps) {
      throw new Endless(mostSteps);
    }
    disturb();
  }

  /** Faults that come at any time. */
  private void disturb() {
    Faults faults = world.faults();
    long jump = faults.lasting(Fault.CLOCK_JUMP, "the clock");
    if (jump > 0) {
      world.clock().advance(jump);
    }
    world.network().disturb(faults);
    if (runners.isEmpty()) {
      return;
    }
    SimProcess.Runner victim = runners.get(order.index(runners.size()));
    long pause = faults.lasting(Fault.EXECUTOR_PAUSE, victim);
    if (pause > 0) {
      victim.pauseUntil(world.clock().elapsedNanos() + pause);
    } else if (faults.happens(Fault.SPURIOUS_WAKEUP, victim)) {
      if (victim.run(world.clock().elapsedNanos())) {
        world.trace().add(victim.told());
      }
    }
  }

  // ---- time

  /** How long until something can be done; {@link Long#MAX_VALUE} if nothing will come. */
  long nanosToNext() {
    long now = world.clock().elapsedNanos();
    long least = world.agenda().nanosToNext();
    for (SimProcess.Runner runner : runners) {
      least = Math.min(least, runner.nanosToReady(now));
    }
    for (SimProcess process : processes) {
      least = Math.min(least, process.nanosToTimer(now));
    }
    return least;
  }

  /** Lets time pass until something can be done; false if that is not within so long. */
  private boolean letTimePass(long mostNanos) {
    long nanos = nanosToNext();
    if (nanos > mostNanos || nanos == Long.MAX_VALUE) {
      return false;
    }
    // What says that it is due and then is not must not hold the clock up.
    world.clock().advance(Math.max(1, nanos));
    return true;
  }

  /**
   * Goes on until something is so, or a time has passed.
   *
   * @return whether it is so
   */
  boolean runUntil(BooleanSupplier condition, long mostNanos) {
    long now = world.clock().elapsedNanos();
    long end = mostNanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + mostNanos;
    while (!condition.getAsBoolean()) {
      long left = end - world.clock().elapsedNanos();
      if (left <= 0) {
        return false;
      }
      if (!step() && !letTimePass(left)) {
        world.clock().advance(end == Long.MAX_VALUE ? 0 : left);
        return condition.getAsBoolean();
      }
    }
    return true;
  }

  /**
   * Goes on until all rest: there is nothing to do but to wait for timers, and nobody who knows
   * more objects.
   *
   * @return false if that is not so in time
   */
  boolean settle(BooleanSupplier rests, long mostNanos) {
    long start = world.clock().elapsedNanos();
    while (true) {
      long left = mostNanos - (world.clock().elapsedNanos() - start);
      if (left <= 0) {
        return false;
      }
      if (!step()) {
        if (isIdle() && rests.getAsBoolean()) {
          return true;
        }
        if (!letTimePass(left)) {
          return false;
        }
      }
    }
  }

  /** Goes on until there is nothing to do but to wait for timers. */
  void runUntilIdle() {
    while (step() || (!isIdle() && letTimePass(Long.MAX_VALUE))) {
      // Goes on.
    }
  }

  void endPauses() {
    runners.forEach(runner -> runner.pauseUntil(0));
  }

  /** Whether the world only waits for timers; when {@link #step} had nothing to do. */
  boolean isIdle() {
    long now = world.clock().elapsedNanos();
    return world.agenda().rests()
        && runners.stream().allMatch(runner -> runner.nanosToReady(now) == Long.MAX_VALUE);
  }

  // ---- the end of a system

  /** Closes a system, which steps itself meanwhile; the others go on when it waits. */
  void close(SimProcess process, Duration bound) {
    world.trace().add("close " + process);
    process.system().close(bound);
    remove(process);
  }

  /** One step of those that do not close, or time passes; false if nothing will come. */
  boolean goOnForClose() {
    return stepAlsoWithin() || letTimePass(Long.MAX_VALUE);
  }
}
