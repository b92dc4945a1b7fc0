package dev.ringlet.scheduler;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.executor.DiskQueueStats;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoDriverProvider;
import dev.ringlet.spi.Stepping;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A system on the test's thread, whose files are as slow as the test wants. */
final class DiskRig implements AutoCloseable {
  private static final long STEP_NANOS = 1_000_000;

  /** A message that is done. */
  @FunctionalInterface
  interface Work {
    void run(ActorContext<Work> context);
  }

  private final Stepper stepper;
  final DefaultActorSystem system;
  final List<HoldingDriver> drivers = new ArrayList<>();
  long nowNanos;

  /** Executors on a real driver, each of which gives its disk so many operations at a time. */
  DiskRig(String driver, int executors, int depth) {
    this(
        executors,
        depth,
        rig ->
            provider(driver).create(new IoDriverOptions(64, 1024, 16, 4096, () -> rig.nowNanos)));
  }

  /** Executors on drivers that the test makes. */
  DiskRig(int executors, int depth, Function<DiskRig, IoDriver> maker) {
    StubProvider holding =
        new StubProvider(
            options -> {
              HoldingDriver driver = new HoldingDriver(maker.apply(this));
              drivers.add(driver);
              return driver;
            });
    stepper =
        new Stepper(
            "disk",
            ExecutorPool.of(executors).withDiskDepth(depth),
            new Stepping(
                () -> nowNanos, holding, new SplittableRandom(0), () -> false, this::parkDrivers));
    system = (DefaultActorSystem) stepper.system();
  }

  private static IoDriverProvider provider(String name) {
    return ServiceLoader.load(IoDriverProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  CoreExecutor core() {
    return system.cores().get(0);
  }

  HoldingDriver driver() {
    return drivers.get(0);
  }

  boolean step() {
    boolean ran = stepper.step();
    return stepper.stepOffloaded() || ran;
  }

  /** Runs code on the first executor, before that hears of what has completed. */
  void onExecutor(Runnable code) {
    core()
        .send(
            new Command() {
              @Override
              void run(CoreExecutor executor) {
                code.run();
              }

              @Override
              void refused(CoreExecutor executor) {
                throw new AssertionError("the executor has ended");
              }
            });
    assertTrue(step());
  }

  /** Does whatever can be done. */
  void rest() {
    for (int idle = 0; idle < 3; ) {
      idle = step() ? 0 : idle + 1;
      drivers.forEach(IoDriver::flush);
    }
  }

  void stepUntil(BooleanSupplier condition) {
    long end = System.nanoTime() + Systems.PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + Systems.PATIENCE);
      }
      var unused = step() || parkDrivers();
    }
  }

  private boolean parkDrivers() {
    drivers.forEach(driver -> driver.park(STEP_NANOS / drivers.size()));
    return true;
  }

  <T> T get(CompletionStage<T> stage) {
    stepUntil(() -> stage.toCompletableFuture().isDone());
    return stage.toCompletableFuture().join();
  }

  AsyncFile open(Path path) {
    return get(
        core()
            .io()
            .open(
                path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)
            .toCompletionStage());
  }

  /** On the first executor; its buffers are those of the calling thread. */
  IoBuffer buffer(String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    return core().buffers().acquire(bytes.length).write(bytes);
  }

  /** An actor that does what it is told to, in a turn. */
  ActorRef<Work> actor(PriorityClass priorityClass) {
    return actor(priorityClass, 0);
  }

  ActorRef<Work> actor(PriorityClass priorityClass, int executor) {
    return system.spawn(
        () -> (work, context) -> work.run(context),
        ActorOptions.defaults()
            .withPriorityClass(priorityClass)
            .onExecutor(system.cores().get(executor)));
  }

  DiskQueueStats disk(PriorityClass priorityClass) {
    return disk(priorityClass, 0);
  }

  DiskQueueStats disk(PriorityClass priorityClass, int executor) {
    return system.cores().get(executor).stats().taskQueues().stream()
        .filter(queue -> queue.priorityClass().equals(priorityClass))
        .findFirst()
        .orElseThrow()
        .disk();
  }

  long buffersLent() {
    return core().stats().buffersLent();
  }

  @Override
  public void close() {
    system.close();
  }
}
