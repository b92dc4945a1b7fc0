package dev.ringlet.scheduler;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.SystemStepper;
import dev.ringlet.spi.Ticker;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Steps a system on the NIO driver. For the thread that made it. */
final class NioSystemStepper implements SystemStepper {
  /** So many turns without an end are a fault of the actors. */
  private static final int MAX_TURNS_TO_CLOSE = 100_000;

  private final DefaultActorSystem system;

  NioSystemStepper(String name, ExecutorPool pool, Ticker ticker) {
    system = DefaultActorSystem.startStepped(name, pool, ticker, index -> driver(pool, ticker));
    system.closesBy(this::end);
  }

  private static IoDriver driver(ExecutorPool pool, Ticker ticker) {
    return new NioDriverProvider()
        .create(
            new IoDriverOptions(
                pool.ringEntries(),
                pool.ringEntries(),
                pool.receiveBufferCount(),
                pool.receiveBufferBytes(),
                ticker));
  }

  @Override
  public ActorSystem system() {
    return system;
  }

  @Override
  public boolean step() {
    boolean ran = false;
    for (CoreExecutor executor : system.cores()) {
      ran |= executor.step();
    }
    return ran;
  }

  @Override
  public long nanosToNext() {
    long least = Long.MAX_VALUE;
    for (CoreExecutor executor : system.cores()) {
      least = Math.min(least, executor.nanosToNextTimer());
      least = Math.min(least, ((NioDriver) executor.ioDriver()).nanosToNextDelay());
    }
    return least;
  }

  private void end() {
    List<CoreExecutor> executors = system.cores();
    runWhile(() -> true);
    executors.forEach(executor -> executor.residents().stop());
    runWhile(
        () -> executors.stream().anyMatch(executor -> !executor.residents().drained().isDone()));
    executors.forEach(CoreExecutor::endStepped);
    system.closeBesides();
  }

  private void runWhile(BooleanSupplier condition) {
    for (int turns = 0; turns < MAX_TURNS_TO_CLOSE && condition.getAsBoolean(); turns++) {
      if (!step()) {
        return;
      }
    }
  }
}
