package dev.ringlet.reactive;

import dev.ringlet.actor.ActorRef;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is asked about one element: makes the message, is the address to reply to, and then the
 * message that tells of the answer, in one object. The real address behind it only brings the news:
 * a reply waits here, so that one which comes too late can be given back.
 *
 * <pre>
 * outcome   goes to   by
 * null      a reply   the first who replies: the news is sent
 *           SETTLED   asker, when there is no reply in time, or when it stops
 * a reply   SETTLED   asker, when it takes the reply
 * SETTLED             final
 * </pre>
 *
 * <p>Owner executor, but for the address, which is for any thread.
 */
final class Question<T, M, R> implements Function<ActorRef<Object>, M>, ActorRef<R> {
  private static final Object SETTLED = new Object();
  private static final VarHandle OUTCOME;

  static {
    try {
      OUTCOME = MethodHandles.lookup().findVarHandle(Question.class, "outcome", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final AskEach<T, M, R> spec;
  private final Discard<R> discard;

  /** Where it stands among the open ones. */
  int index;

  /** Null once it was asked about. */
  private @Nullable T element;

  /** Set before the message is made. */
  private @Nullable ActorRef<Object> address;

  @SuppressWarnings("unused") // through OUTCOME
  private volatile @Nullable Object outcome;

  private @Nullable Throwable failure;
  private boolean answered;

  Question(T element, AskEach<T, M, R> spec, Discard<R> discard) {
    this.element = element;
    this.spec = spec;
    this.discard = discard;
  }

  @Override
  public M apply(ActorRef<Object> replyTo) {
    T asked = Objects.requireNonNull(element);
    address = replyTo;
    return Objects.requireNonNull(
        spec.message().apply(asked, this), "the function that makes the question gave null");
  }

  /** From now on the element is the asked actor's. */
  void sent() {
    element = null;
  }

  /** The element, if it was not asked about. */
  @Nullable T element() {
    return element;
  }

  // ---- the address: any thread

  @Override
  public void tell(R reply) {
    Objects.requireNonNull(reply, "reply");
    if (OUTCOME.compareAndSet(this, null, reply)) {
      Objects.requireNonNull(address).tell(this);
    } else {
      discard.accept(reply);
    }
  }

  @Override
  public <S> CompletionStage<S> ask(
      Function<? super ActorRef<S>, ? extends R> message, Duration timeout) {
    throw new UnsupportedOperationException(
        path() + " takes one reply; send the address of an actor where a dialogue is wanted");
  }

  @Override
  public String path() {
    return spec.actor().path() + "/$reply";
  }

  @Override
  public String toString() {
    return path();
  }

  // ---- the asker

  /** The news has come, or a failure in its place; gives the message that tells of it. */
  Object answered(@Nullable Object news, @Nullable Throwable thrown) {
    answered = true;
    // A reply that has come since counts.
    if (thrown != null && OUTCOME.compareAndSet(this, null, SETTLED)) {
      failure = thrown;
    }
    return this;
  }

  /** Why there is no reply; null before the answer, or if there is one. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** The reply, once; null before the answer, or if that is a failure. */
  @Nullable R takeReply() {
    return answered ? settle() : null;
  }

  /** Takes no answer any more; gives the reply that has come and was not taken. */
  @SuppressWarnings("unchecked") // what is not ours is a reply
  @Nullable R settle() {
    Object left = OUTCOME.getAndSet(this, SETTLED);
    return left == SETTLED ? null : (R) left;
  }
}
