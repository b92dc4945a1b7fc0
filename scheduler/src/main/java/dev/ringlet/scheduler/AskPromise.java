package dev.ringlet.scheduler;

import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.DeadLetter.Reason;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The reply address of one question, and the stage that its answer settles: one object. When none
 * came in time, the asking executor ends it, or the system's {@link QuestionClock} where no
 * executor asks: never the asked executor, which may hang. Any thread.
 */
final class AskPromise<R> extends ExecutorFuture<R> implements ActorRef<R>, Question.Asker {
  private final Recipient<?> target;

  /** Set before the question is sent. */
  private @Nullable Question question;

  private AskPromise(Recipient<?> target) {
    this.target = target;
  }

  static <M, R> CompletionStage<R> ask(
      Recipient<M> target, Function<? super ActorRef<R>, ? extends M> question, Duration timeout) {
    Question.checkTimeout(timeout);
    AskPromise<R> promise = new AskPromise<>(target);
    M message = Objects.requireNonNull(question.apply(promise), "message");
    ActorCell<?> cell = target.cellFor(message);
    Question asks = promise.about(message, target, Nanos.of(timeout));
    promise.question = asks;
    asks.startTime();
    cell.post(asks);
    return promise;
  }

  private <M> Question about(M message, Recipient<M> asked, long nanos) {
    CoreExecutor here = CoreExecutor.current();
    // An executor that is ending does not turn its wheel again.
    return here != null && here.takesIo()
        ? new Question(asked, message, this, nanos, here)
        : new OutsideQuestion(asked, message, this, nanos);
  }

  private void endTime() {
    Question asked = question;
    if (asked != null) {
      asked.settled();
    }
  }

  @Override
  public void tell(R reply) {
    if (complete(Objects.requireNonNull(reply, "reply"))) {
      endTime();
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
    endTime();
  }
}
