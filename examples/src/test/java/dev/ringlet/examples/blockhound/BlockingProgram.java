package dev.ringlet.examples.blockhound;

import dev.ringlet.actor.ActorFailure;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.reactive.DemandOptions;
import dev.ringlet.reactive.Processors;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.reactivestreams.Publisher;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Blocks where that is forbidden, and where it is not; prints which of it was found. */
final class BlockingProgram {
  private static final long PATIENCE_SECONDS = 20;

  private final ActorSystem system;
  private final ActorExecutor executor;

  private BlockingProgram(ActorSystem system) {
    this.system = system;
    this.executor = system.executors().get(0);
  }

  /** The driver, and a file that can be read. */
  public static void main(String[] arguments) throws Exception {
    BlockHound.install();
    ExecutorPool pool = ExecutorPool.of(1).withDriver(arguments[0]);
    try (ActorSystem system = ActorSystem.create("blocking", pool)) {
      BlockingProgram program = new BlockingProgram(system);
      Callable<?> sleep = BlockingProgram::sleep;
      Callable<?> read = () -> read(arguments[1]);
      Callable<?> park = BlockingProgram::park;
      tell("sleep in a turn", program.inTurn(sleep));
      tell("read in a turn", program.inTurn(read));
      tell("park in a turn", program.inTurn(park));
      tell("sleep in a subscriber", program.inSubscriber(sleep));
      tell("read in a subscriber", program.inSubscriber(read));
      tell("sleep in a task", program.inTask(sleep));
      tell("sleep in an operator", program.inOperator(sleep));
      tell("sleep as offloaded work", program.offloaded(sleep));
      tell("sleep on the main thread", caught(sleep));
      tell("failure of an actor", program.failureOfAnActor(sleep));
    }
  }

  private static void tell(String what, Throwable failure) {
    System.out.println(
        what + ": " + (failure instanceof BlockingOperationError ? "found" : "" + failure));
  }

  private static boolean sleep() throws InterruptedException {
    // Not a wait: this is what has to be found.
    TimeUnit.MILLISECONDS.sleep(1);
    return true;
  }

  private static int read(String file) throws IOException {
    try (FileInputStream input = new FileInputStream(file)) {
      return input.read(new byte[10]);
    }
  }

  private static boolean park() {
    LockSupport.parkNanos(1000);
    return true;
  }

  /** What it throws; null if nothing. */
  private static Throwable caught(Callable<?> work) {
    try {
      work.call();
      return null;
    } catch (Throwable thrown) {
      return thrown;
    }
  }

  private static Throwable get(CompletableFuture<Throwable> outcome) {
    return outcome.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  private Throwable inTurn(Callable<?> work) {
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    system
        .<String>spawn(
            () -> (message, context) -> outcome.complete(caught(work)), ActorOptions.defaults())
        .tell("go");
    return get(outcome);
  }

  private Throwable inSubscriber(Callable<?> work) {
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Publisher<Integer> numbers =
        Processors.onExecutor(Flux.range(0, 3), executor, DemandOptions.batch(4));
    Flux.from(numbers).subscribe(number -> outcome.complete(caught(work)));
    return get(outcome);
  }

  private Throwable inTask(Callable<?> work) {
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    executor.execute(() -> outcome.complete(caught(work)));
    return get(outcome);
  }

  private Throwable inOperator(Callable<?> work) {
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Flux.range(0, 3)
        .publishOn(Schedulers.fromExecutor(executor))
        .subscribe(number -> outcome.complete(caught(work)));
    return get(outcome);
  }

  private Throwable offloaded(Callable<?> work) {
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    var unused = system.offload(() -> outcome.complete(caught(work)));
    return get(outcome);
  }

  /** Not caught, it is one that supervision handles, and the executor goes on. */
  private Throwable failureOfAnActor(Callable<?> work) {
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    var monitor =
        system.<ActorFailure>spawn(
            () -> (failure, context) -> outcome.complete(failure.failure()),
            ActorOptions.defaults());
    system.subscribe(ActorFailure.class, monitor);
    var actor =
        system.<String>spawn(
            () -> (message, context) -> work.call(),
            ActorOptions.defaults().withSupervision(Supervision.resume()));
    actor.tell("go");
    return get(outcome);
  }
}
