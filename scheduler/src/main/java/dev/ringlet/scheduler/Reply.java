package dev.ringlet.scheduler;

import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.DeadLetter.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The reply address of one question that an actor asks, and the answer on its way into the asker's
 * mailbox: one object. The first of reply, refusal and timeout settles it.
 */
final class Reply<R> extends Envelope implements ActorRef<R>, Question.Asker {
  private static final VarHandle SETTLED;

  static {
    try {
      SETTLED = MethodHandles.lookup().findVarHandle(Reply.class, "settled", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ActorCell<?> asker;
  private final Recipient<?> target;
  private final BiFunction<? super @Nullable R, ? super @Nullable Throwable, ?> adapter;

  /** Set before the question is sent. */
  private @Nullable Question question;

  @SuppressWarnings("unused") // through SETTLED
  private volatile boolean settled;

  /** Written by who settles, before the asker's executor hears of it. */
  private @Nullable R value;

  private @Nullable Throwable failure;

  private Reply(
      ActorCell<?> asker,
      Recipient<?> target,
      BiFunction<? super @Nullable R, ? super @Nullable Throwable, ?> adapter) {
    this.asker = asker;
    this.target = target;
    this.adapter = adapter;
  }

  /** In a turn of the asker. */
  static <M, R> void ask(
      ActorCell<?> asker,
      Recipient<M> target,
      Function<? super ActorRef<R>, ? extends M> question,
      Duration timeout,
      BiFunction<? super @Nullable R, ? super @Nullable Throwable, ?> adapter) {
    Question.checkTimeout(timeout);
    Reply<R> reply = new Reply<>(asker, target, adapter);
    M message = Objects.requireNonNull(question.apply(reply), "message");
    ActorCell<?> asked = target.cellFor(message);
    Question asks = new Question(target, message, reply, Nanos.of(timeout), asker.executor());
    reply.question = asks;
    asks.startTime();
    asked.post(asks);
  }

  private boolean settle() {
    return SETTLED.compareAndSet(this, false, true);
  }

  // ---- the address: any thread

  @Override
  public void tell(R reply) {
    Objects.requireNonNull(reply, "reply");
    if (settle()) {
      value = reply;
      bring();
    } else {
      AskPromise.lateReply(target, this, reply);
    }
  }

  @Override
  public void unanswered(RuntimeException cause) {
    if (settle()) {
      failure = cause;
      bring();
    }
  }

  private void bring() {
    CoreExecutor executor = asker.executor();
    if (executor.isCurrent()) {
      endTime();
      asker.enqueue(this);
    } else {
      executor.send(new Arrival(this), asker.queue().urgent());
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

  // ---- the asker's executor

  private void endTime() {
    Question asked = question;
    if (asked != null) {
      asker.executor().cancel(asked);
    }
  }

  @Override
  void deliver(ActorCell<?> cell) throws Exception {
    cell.receiveOutcome(adapter.apply(value, failure));
  }

  @Override
  void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender) {
    R reply = value;
    if (reply != null) {
      target.system().deadLetters().add(this, reply, reason, sender);
    }
  }

  private static final class Arrival extends Command {
    private final Reply<?> reply;

    Arrival(Reply<?> reply) {
      this.reply = reply;
    }

    @Override
    void run(CoreExecutor executor) {
      reply.endTime();
      reply.asker.enqueueFrom(null, reply);
    }

    @Override
    void refused(CoreExecutor executor) {
      reply.undelivered(reply.asker, Reason.STOPPED, null);
    }
  }
}
