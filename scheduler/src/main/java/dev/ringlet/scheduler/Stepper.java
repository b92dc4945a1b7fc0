package dev.ringlet.scheduler;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoDriverProvider;
import dev.ringlet.spi.Stepping;
import dev.ringlet.spi.SystemStepper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Steps a system. For the thread that made it. */
final class Stepper implements SystemStepper {
  /** So many turns without an end are a fault of the actors. */
  private static final int MAX_TURNS_TO_CLOSE = 100_000;

  private final Stepping stepping;
  private final IoDriverOptions driverOptions;

  /** Drivers made here: when their delays are over, nobody else knows. */
  private final List<NioDriver> ownDrivers = new ArrayList<>();

  private final DefaultActorSystem system;
  private boolean ended;

  Stepper(String name, ExecutorPool pool, Stepping stepping) {
    this.stepping = stepping;
    driverOptions = SystemStart.driverOptions(pool, stepping.ticker());
    system = DefaultActorSystem.startStepped(name, pool, stepping, this::newDriver);
    system.closesBy(this::end);
  }

  private IoDriver newDriver() {
    IoDriverProvider given = stepping.drivers();
    if (given != null) {
      return given.create(driverOptions);
    }
    NioDriver own = NioDriverProvider.open(driverOptions);
    ownDrivers.add(own);
    return own;
  }

  /** Throws in a turn of an executor: one turn would end within another. */
  static void checkNoTurn(String method) {
    CoreExecutor here = CoreExecutor.current();
    if (here != null) {
      throw new IllegalStateException(
          method
              + " of a system that is stepped, in a turn of "
              + here
              + "; call it between turns");
    }
  }

  @Override
  public ActorSystem system() {
    return system;
  }

  @Override
  public boolean step() {
    boolean ran = false;
    for (int i = 0; i < executors(); i++) {
      ran |= step(i);
    }
    return ran;
  }

  @Override
  public int executors() {
    return system.cores().size();
  }

  @Override
  public boolean step(int executor) {
    checkNoTurn("step()");
    CoreExecutor core = system.cores().get(executor);
    boolean timedOut = system.questionClock().step();
    return core.step() || timedOut;
  }

  @Override
  public boolean stepOffloaded() {
    checkNoTurn("stepOffloaded()");
    return system.stepOffloaded();
  }

  @Override
  public long nanosToNext(int executor) {
    if (ended) {
      return Long.MAX_VALUE;
    }
    // Questions are looked at in the turns of all.
    TimerWheel wheel = system.cores().get(executor).loop().wheel();
    return Math.min(
        system.questionClock().nanosToNext(), wheel.nanosToNext(stepping.ticker().nanos()));
  }

  @Override
  public long nanosToNext() {
    if (ended) {
      return Long.MAX_VALUE;
    }
    long least = system.questionClock().nanosToNext();
    for (CoreExecutor executor : system.cores()) {
      least = Math.min(least, executor.loop().wheel().nanosToNext(stepping.ticker().nanos()));
    }
    for (NioDriver driver : ownDrivers) {
      least = Math.min(least, driver.nanosToNextDelay());
    }
    return least;
  }

  @Override
  public List<String> ran(int executor) {
    return system.cores().get(executor).loop().ran();
  }

  @Override
  public List<String> openQuestions() {
    List<String> open = new ArrayList<>();
    Consumer<Timer> look =
        timer -> {
          if (timer instanceof Question question) {
            open.add(question.toString());
          }
        };
    system.questionClock().forEach(look);
    system.cores().forEach(executor -> executor.loop().wheel().forEach(look));
    return open;
  }

  @Override
  public List<String> unansweredWatches() {
    List<String> unanswered = new ArrayList<>();
    for (CoreExecutor executor : system.cores()) {
      executor
          .residents()
          .collectLiving(
              cell -> {
                if (cell.executor() == executor) {
                  cell.unansweredWatches(over -> unanswered.add(cell + " watches " + over));
                }
              });
    }
    return unanswered;
  }

  // ---- the end, in the order of SystemClose

  private void end(Duration deadline) {
    List<CoreExecutor> executors = system.cores();
    long nanos = Nanos.of(deadline);
    goOnUntil(() -> executors.stream().allMatch(CoreExecutor::isResting), nanos / 4);
    executors.forEach(executor -> executor.residents().stop());
    goOnUntil(
        () -> executors.stream().allMatch(executor -> executor.residents().drained().isDone()),
        nanos - nanos / 4);
    executors.forEach(CoreExecutor::endStepped);
    ended = true;
  }

  /** Until it is so and nobody has anything to do, or nothing will make it so in time. */
  private void goOnUntil(BooleanSupplier condition, long mostNanos) {
    long start = stepping.ticker().nanos();
    for (int turns = 0; turns < MAX_TURNS_TO_CLOSE; turns++) {
      boolean late = stepping.ticker().nanos() - start > mostNanos;
      if (late || (!step() && (condition.getAsBoolean() || !goOnElsewhere()))) {
        return;
      }
    }
  }

  /** What executors wait for comes of offloaded work, or from outside. */
  private boolean goOnElsewhere() {
    return stepOffloaded() || stepping.idle().getAsBoolean();
  }
}
