package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.JoinHandle;
import dev.ringlet.actor.RingletException;
import dev.ringlet.actor.Supervision;
import dev.ringlet.actor.TaskOptions;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A task: an actor that is sent no messages, and stops when the turn in which it started has ended.
 * Who joins hears of its failure, so nobody else is told.
 */
final class TaskCell<T extends @Nullable Object> extends ActorCell<Void> implements JoinHandle<T> {
  private final dev.ringlet.actor.Task<T> work;
  private final Duration deadline;
  private final ExecutorFuture<T> outcome = new ExecutorFuture<>();

  // Owner executor.
  private boolean complete;
  private @Nullable T value;
  private @Nullable Throwable failure;
  private @Nullable Deadline timer;

  TaskCell(
      CoreExecutor executor, TaskQueue queue, dev.ringlet.actor.Task<T> work, TaskOptions options) {
    super(executor, queue, executor.residents().guardian(), null, Supervision.stop());
    this.work = work;
    this.deadline = options.deadline();
  }

  /** What its guardian adopts. */
  Actor<Void> newActor() {
    return new Body();
  }

  @Override
  void adopted() {
    if (!deadline.isZero()) {
      timer = new Deadline();
      executor.schedule(timer, Nanos.of(deadline));
    }
  }

  @Override
  void turnEnded() {
    complete = true;
    requestStop();
  }

  @Override
  void record(Throwable thrown) {
    if (failure == null) {
      failure = thrown;
    } else if (failure != thrown) {
      failure.addSuppressed(thrown);
    }
  }

  @Override
  void terminated() {
    if (timer != null) {
      executor.cancel(timer);
    }
    if (failure != null) {
      outcome.completeExceptionally(failure);
    } else if (complete) {
      @SuppressWarnings("NullAway") // null only where T says so
      T result = value;
      outcome.complete(result);
    } else {
      outcome.completeExceptionally(new CancellationException(path() + " was cancelled"));
    }
  }

  @Override
  void leftBehind() {
    super.leftBehind();
    outcome.completeExceptionally(
        new RingletException(executor + " has ended before " + path() + " had"));
  }

  // ---- the handle: any thread

  @Override
  public T join() {
    CoreExecutor.checkMayBlock("join");
    try {
      return outcome.join();
    } catch (CompletionException wrapper) {
      throw unchecked(wrapper.getCause() == null ? wrapper : wrapper.getCause());
    }
  }

  private RuntimeException unchecked(Throwable thrown) {
    if (thrown instanceof RuntimeException known) {
      return known;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    return new RingletException(path() + " failed: " + thrown, thrown);
  }

  @Override
  public CompletionStage<T> toCompletionStage() {
    return outcome.copy();
  }

  @Override
  public void cancel() {
    stopFromAnywhere();
  }

  @Override
  public boolean isDone() {
    return outcome.isDone();
  }

  private final class Body implements Actor<Void> {
    @Override
    public void preStart(ActorContext<Void> context) throws Exception {
      value = work.run(context);
    }

    @Override
    public void receive(Void message, ActorContext<Void> context) {
      throw new AssertionError("nobody has the address of a task");
    }
  }

  private final class Deadline extends Timer {
    @Override
    void fire() {
      record(new TimeoutException(path() + " has not ended within " + deadline));
      requestStop();
    }
  }
}
