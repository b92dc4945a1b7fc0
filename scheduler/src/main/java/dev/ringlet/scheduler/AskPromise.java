package dev.ringlet.scheduler;

import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.AskTimeoutException;
import dev.ringlet.actor.DeadLetter.Reason;
import dev.ringlet.actor.RingletException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The reply address of one question, and the stage that its answer settles: one object. When none
 * came in time, the asking executor ends it, or the JDK's delay thread where no executor asks:
 * never the asked executor, which may hang. Any thread.
 */
final class AskPromise<R> extends ExecutorFuture<R> implements ActorRef<R>, Question.Asker {
  private final Recipient<?> target;
  private final Duration timeout;
  private String messageType = "message";

  /** Set before the question is sent; null where the JDK keeps the time. */
  private @Nullable Timeout timer;

  private AskPromise(Recipient<?> target, Duration timeout) {
    this.target = target;
    this.timeout = timeout;
  }

  static <M, R> CompletionStage<R> ask(
      Recipient<M> target, Function<? super ActorRef<R>, ? extends M> question, Duration timeout) {
    checkTimeout(timeout);
    AskPromise<R> promise = new AskPromise<>(target, timeout);
    M message = Objects.requireNonNull(question.apply(promise), "message");
    ActorCell<?> cell = target.cellFor(message);
    promise.messageType = message.getClass().getSimpleName();
    Question asks = Question.of(target, message, promise);
    promise.startTimeout(cell.executor());
    cell.post(asks);
    return promise;
  }

  static void checkTimeout(Duration timeout) {
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("timeout: " + timeout + "; give more than zero");
    }
  }

  /**
   * An asking executor times the question itself, whatever the asked one does; for a thread that is
   * no executor's the JDK does.
   */
  private void startTimeout(CoreExecutor asked) {
    CoreExecutor here = CoreExecutor.current();
    if (here == null && asked.system().isStepped()) {
      here = asked;
    }
    if (here == null || !here.takesIo()) {
      // Also where the executor is ending, and its wheel will not turn again.
      var unused = orTimeout(Nanos.of(timeout), TimeUnit.NANOSECONDS);
    } else {
      Timeout started = new Timeout(here);
      timer = started;
      here.schedule(started, Nanos.of(timeout));
    }
  }

  private void endTimeout() {
    Timeout started = timer;
    if (started != null) {
      started.end();
    }
  }

  @Override
  public void tell(R reply) {
    if (complete(Objects.requireNonNull(reply, "reply"))) {
      endTimeout();
    } else {
      lateReply(target, this, reply);
    }
  }

  /** Nobody waits for it any more. */
  static void lateReply(Recipient<?> asked, ActorRef<?> address, Object reply) {
    asked.system().deadLetters().add(address, reply, Reason.LATE_REPLY, CoreExecutor.runningHere());
  }

  @Override
  public <S> CompletionStage<S> ask(
      Function<? super ActorRef<S>, ? extends R> message, Duration askTimeout) {
    throw new UnsupportedOperationException(
        path() + " takes one reply; send the address of an actor where a dialogue is wanted");
  }

  @Override
  public String path() {
    return target.path() + "/$reply";
  }

  @Override
  public String toString() {
    return path();
  }

  @Override
  public void unanswered(RuntimeException cause) {
    completeExceptionally(cause);
    endTimeout();
  }

  /** In the wheel of the asking executor; ended by whoever settles the stage. */
  private final class Timeout extends Timer {
    private final CoreExecutor executor;

    Timeout(CoreExecutor executor) {
      this.executor = executor;
    }

    @Override
    void fire() {
      completeExceptionally(new TimeoutException());
    }

    @Override
    void abandoned() {
      completeExceptionally(
          new RingletException(
              executor + " has ended before " + target.path() + " answered a " + messageType));
    }

    void end() {
      if (executor.isCurrent()) {
        executor.cancel(this);
      } else {
        executor.sendInPassing(new EndTimeout(this));
      }
    }
  }

  private static final class EndTimeout extends Command {
    private final Timer timeout;

    EndTimeout(Timer timeout) {
      this.timeout = timeout;
    }

    @Override
    void run(CoreExecutor executor) {
      executor.cancel(timeout);
    }

    @Override
    void refused(CoreExecutor executor) {
      // It has ended, and its wheel with it.
    }
  }

  /** Tells the asker in our own words that time is over. */
  @Override
  public boolean completeExceptionally(Throwable reason) {
    Throwable told =
        reason instanceof TimeoutException
            ? new AskTimeoutException(target.path(), messageType, timeout)
            : reason;
    return super.completeExceptionally(told);
  }
}
