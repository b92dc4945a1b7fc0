package dev.ringlet.scheduler;

import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorStoppedException;
import dev.ringlet.actor.AskTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The reply address of one question. The first reply settles the stage; the JDK's delay thread ends
 * it when none came in time, so that an asker is released even if the asked executor hangs. Any
 * thread.
 */
final class AskPromise<R> implements ActorRef<R> {
  private final ActorCell<?> target;
  private final Duration timeout;
  private final Stage stage = new Stage();
  private String messageType = "message";

  private AskPromise(ActorCell<?> target, Duration timeout) {
    this.target = target;
    this.timeout = timeout;
  }

  static <M, R> CompletionStage<R> ask(
      ActorCell<M> target, Function<? super ActorRef<R>, ? extends M> question, Duration timeout) {
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("timeout: " + timeout + "; give more than zero");
    }
    AskPromise<R> promise = new AskPromise<>(target, timeout);
    M message = Objects.requireNonNull(question.apply(promise), "message");
    promise.messageType = message.getClass().getSimpleName();
    var unused = promise.stage.orTimeout(Nanos.of(timeout), TimeUnit.NANOSECONDS);
    target.send(new Question(message, promise));
    return promise.stage;
  }

  @Override
  public void tell(R reply) {
    if (!stage.complete(Objects.requireNonNull(reply, "reply"))) {
      target.executor().system().deadLetters().add(path(), reply);
    }
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

  private void stopped() {
    stage.completeExceptionally(new ActorStoppedException(target.path()));
  }

  /** Tells the asker in our own words that time is over. */
  private final class Stage extends CompletableFuture<R> {
    @Override
    public boolean completeExceptionally(Throwable failure) {
      Throwable told =
          failure instanceof TimeoutException
              ? new AskTimeoutException(target.path(), messageType, timeout)
              : failure;
      return super.completeExceptionally(told);
    }
  }

  /** The message, and who must hear of it when it is not handled. */
  private static final class Question extends Envelope {
    private final Object message;
    private final AskPromise<?> promise;

    Question(Object message, AskPromise<?> promise) {
      this.message = message;
      this.promise = promise;
    }

    @Override
    void deliver(ActorCell<?> cell) throws Exception {
      cell.receiveAdapted(message);
    }

    @Override
    void undelivered(ActorCell<?> cell) {
      promise.stopped();
    }
  }
}
