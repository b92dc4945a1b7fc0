package dev.ringlet.testkit.sim;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.spi.ActorSystemProvider;
import dev.ringlet.spi.Stepping;
import dev.ringlet.spi.SystemStepper;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One actor system of a simulation, and what of it can be given a turn. The simulation's thread.
 */
final class SimProcess {
  private static final ActorSystemProvider SCHEDULER = ActorSystemProvider.load();

  private final String name;

  /** Null if it has the machine that has all addresses. */
  private final @Nullable InetAddress host;

  private final SimDriverProvider drivers;
  private final SystemStepper stepper;
  private final List<Executor> executors = new ArrayList<>();
  private final List<Runner> runners = new ArrayList<>();
  private final Offloaded offloaded;
  private boolean killed;

  /** It has itself stepped to its end. */
  private boolean closing;

  /** What runs by itself: an executor, or the threads for offloaded work as a whole. */
  abstract class Runner {
    private final String label;
    private long pausedUntilNanos;

    private Runner(String label) {
      this.label = name + "/" + label;
    }

    /** Whether it should have a turn, but for a pause. */
    abstract boolean wantsTurn(long nowNanos);

    /** Whether there was something to do. */
    abstract boolean run(long nowNanos);

    final boolean isReady(long nowNanos) {
      return pausedUntilNanos <= nowNanos && !closing && wantsTurn(nowNanos);
    }

    /** How long until its pause is over; {@link Long#MAX_VALUE} if nobody waits for that. */
    final long nanosToReady(long nowNanos) {
      return !closing && wantsTurn(nowNanos)
          ? Math.max(0, pausedUntilNanos - nowNanos)
          : Long.MAX_VALUE;
    }

    final void pauseUntil(long nanos) {
      pausedUntilNanos = nanos;
    }

    /** For the trace: it, and what has run. */
    abstract String told();

    @Override
    public final String toString() {
      return label;
    }
  }

  /** An executor: parked when it had nothing to do, until its driver or a timer wakes it. */
  private final class Executor extends Runner {
    private final int index;
    private final SimDriver driver;
    private boolean parked;

    /** Whether a timer was due when the loop looked last. */
    private boolean timerIsDue;

    /** When it was found to have nothing to do. */
    private long parkedNanos;

    private Executor(int index) {
      super(Integer.toString(index));
      this.index = index;
      this.driver = drivers.made().get(index);
    }

    @Override
    boolean wantsTurn(long nowNanos) {
      return !parked
          || driver.isWoken()
          || driver.hasWork()
          || (timerIsDue && parkedNanos != nowNanos);
    }

    @Override
    boolean run(long nowNanos) {
      boolean work = driver.hasWork();
      driver.awake();
      parked = !stepper.step(index);
      parkedNanos = nowNanos;
      return work || !parked;
    }

    @Override
    String told() {
      List<String> ran = stepper.ran(index);
      return ran.isEmpty() ? toString() : this + ": " + String.join(", ", ran);
    }
  }

  private final class Offloaded extends Runner {
    private boolean idle;

    private Offloaded() {
      super("offloaded");
    }

    @Override
    boolean wantsTurn(long nowNanos) {
      return !idle;
    }

    @Override
    boolean run(long nowNanos) {
      idle = !stepper.stepOffloaded();
      return !idle;
    }

    @Override
    String told() {
      return toString();
    }
  }

  SimProcess(
      String systemName,
      String name,
      @Nullable InetAddress host,
      ExecutorPool pool,
      SimLoop loop,
      SimOptions options) {
    this.name = name;
    this.host = host;
    SimNetwork network = loop.world().network();
    SimMachine machine = host == null ? network.machine() : network.machine(host);
    this.drivers = new SimDriverProvider(loop.world(), machine);
    this.stepper =
        SCHEDULER.createStepped(
            systemName,
            pool,
            new Stepping(
                loop.world().clock(),
                options.drivers().apply(drivers),
                loop.newRandom(name),
                () ->
                    options.preemptsAlways() || loop.world().faults().happens(Fault.PREEMPT, name),
                () -> {
                  closing = true;
                  return loop.goOnForClose();
                }));
    for (int executor = 0; executor < stepper.executors(); executor++) {
      executors.add(new Executor(executor));
    }
    runners.addAll(executors);
    offloaded = new Offloaded();
    runners.add(offloaded);
  }

  /** Something has happened: looks who wants a turn. */
  void look() {
    offloaded.idle = false;
    executors.forEach(executor -> executor.timerIsDue = stepper.nanosToNext(executor.index) == 0);
  }

  @Nullable InetAddress host() {
    return host;
  }

  /** How long until a timer wakes somebody; who has one that is due is ready, or pauses. */
  long nanosToTimer(long nowNanos) {
    long least = Long.MAX_VALUE;
    for (Executor executor : executors) {
      long nanos = stepper.nanosToNext(executor.index);
      if (nanos > 0) {
        least = Math.min(least, nanos);
      } else if (executor.parkedNanos == nowNanos) {
        least = Math.min(least, 1);
      }
    }
    return least;
  }

  ActorSystem system() {
    return stepper.system();
  }

  SystemStepper stepper() {
    return stepper;
  }

  List<Runner> runners() {
    return runners;
  }

  /** One for each executor, by index. */
  List<SimDriver> drivers() {
    return drivers.made();
  }

  /** Whether it was closed or has crashed. */
  boolean hasEnded() {
    return killed || system().whenTerminated().toCompletableFuture().isDone();
  }

  /** It is gone, and the kernel notices. */
  void kill() {
    killed = true;
    drivers.made().forEach(SimDriver::kill);
  }

  @Override
  public String toString() {
    return name;
  }
}
