package dev.ringlet.reactive;

import dev.ringlet.actor.ActorRef;
import dev.ringlet.spi.Uncarried;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * One subscriber and the actor that serves it.
 *
 * <p>{@link #request} and {@link #cancel} come from any thread and only leave a note in {@link
 * Demand} and a message for the actor, so they never recurse into a signal (rule 3.3). The first
 * signal comes before there is an actor, and all others are the actor's, which makes them serial
 * (rule 1.3). The one exception is {@link #refuse}, which excludes the actor.
 */
class ActorSubscription<T> implements Subscription {
  private static final System.Logger LOG = System.getLogger(ActorSubscription.class.getName());

  private final Demand demand = new Demand();

  /** By the actor, or by whoever finds that it does not start. */
  private final AtomicBoolean owned = new AtomicBoolean();

  /** What must reach the actor before it stops, or it would become dead letters. Actor only. */
  private int lettersOnTheirWay = 2;

  /** Null once it must not be signalled any more (rule 3.13); set to null by any thread. */
  private volatile @Nullable Subscriber<? super T> subscriber;

  /** Set by the actor before its demand has started, and nobody wakes it earlier. */
  private volatile @Nullable ActorRef<Object> actor;

  /** Made by the thread that broke the rule, so that its stack trace shows where. */
  private volatile @Nullable IllegalArgumentException violation;

  ActorSubscription(Subscriber<? super T> subscriber) {
    this.subscriber = subscriber;
  }

  @Override
  public void request(long count) {
    if (count <= 0) {
      violation =
          new IllegalArgumentException(
              "count: " + count + "; request more than zero elements (Reactive Streams rule 3.9)");
      close(Demand.VIOLATED);
    } else if (demand.add(count)) {
      wake();
    }
  }

  @Override
  public void cancel() {
    subscriber = null;
    close(Demand.CANCELLED);
  }

  /**
   * Gives onSubscribe, on the thread that subscribes. Whoever has subscribed can cancel from then
   * on; some subscribers lose a cancel that meets an onSubscribe of another thread.
   */
  void begin() {
    Subscriber<? super T> target = Objects.requireNonNull(subscriber, "subscriber");
    try {
      target.onSubscribe(this);
    } catch (Throwable failure) {
      subscriberFailed("onSubscribe", failure);
    }
  }

  /**
   * From now on what the subscriber wants reaches the actor. False after {@link #refuse}: then
   * nothing else tells the actor to stop. Actor only.
   */
  boolean start(ActorRef<Object> self) {
    if (actor != null) {
      return true; // by a predecessor of a restarted actor
    }
    if (!own()) {
      return false;
    }
    actor = self;
    if (demand.start()) {
      wake();
    }
    return true;
  }

  /** Gives onError if the actor has not started and, after this, does not. */
  void refuse(Throwable cause) {
    if (own()) {
      failFromStopped(cause);
    }
  }

  private boolean own() {
    return owned.compareAndSet(false, true);
  }

  /** Whether no element may be given any more, and all that is left to do is to end. */
  boolean isClosed() {
    return demand.isClosed();
  }

  /**
   * The greeting, the last wake-up or another letter that is expected has come; true if it was the
   * last of them, so that the actor may stop. Each comes once, in any order. Actor only.
   */
  boolean lastLetter() {
    return --lettersOnTheirWay == 0;
  }

  /** One more letter is on its way, which {@link #lastLetter} is told of. Actor only. */
  void expectLetter() {
    lettersOnTheirWay++;
  }

  /** Whether the actor has started and owes a terminal signal. Actor only. */
  boolean isListening() {
    return actor != null && subscriber != null;
  }

  /** What was asked for since the last call; negative if the actor has to stop. Actor only. */
  long takeDemand() {
    long taken = demand.take();
    IllegalArgumentException broken = violation;
    if (taken == Demand.VIOLATED && broken != null) {
      fail(broken);
    }
    return taken;
  }

  /** Gives an element; false if nobody listens any more. Actor only. */
  boolean next(T element) {
    Subscriber<? super T> target = subscriber;
    if (target == null) {
      return false;
    }
    try {
      target.onNext(element);
    } catch (Throwable failure) {
      subscriberFailed("onNext", failure);
    }
    return true;
  }

  /** Ends the stream regularly, unless it has ended or a rule was broken. Actor only. */
  void complete() {
    end(violation);
  }

  /** Ends the stream with a failure, unless it has ended. Actor only. */
  void fail(Throwable failure) {
    end(failure);
  }

  /** The same, where no actor takes a message any more. */
  void failFromStopped(Throwable failure) {
    Subscriber<? super T> target = subscriber;
    subscriber = null;
    // It needs no waking, whatever the answer.
    boolean unused = demand.close(Demand.ENDED);
    IllegalArgumentException broken = violation;
    signalEnd(target, broken == null ? failure : broken);
  }

  private void end(@Nullable Throwable failure) {
    Subscriber<? super T> target = subscriber;
    subscriber = null;
    close(Demand.ENDED);
    signalEnd(target, failure);
  }

  private static void signalEnd(@Nullable Subscriber<?> target, @Nullable Throwable failure) {
    if (target == null) {
      return;
    }
    try {
      if (failure == null) {
        target.onComplete();
      } else {
        target.onError(failure);
      }
    } catch (Throwable thrown) {
      logged(failure == null ? "onComplete" : "onError", thrown);
    }
  }

  /** Rule 2.13: a subscriber that throws has cancelled. */
  private void subscriberFailed(String method, Throwable failure) {
    cancel();
    logged(method, failure);
  }

  private static void logged(String method, Throwable failure) {
    Fatal.rethrow(failure);
    LOG.log(
        System.Logger.Level.WARNING,
        "a subscriber threw from " + method + " (Reactive Streams rule 2.13); its stream has ended",
        failure);
  }

  private void close(long reason) {
    if (demand.close(reason)) {
      wake();
    }
  }

  /** Has the actor look at the demand. */
  void wake() {
    Objects.requireNonNull(actor, "actor").tell(Wake.WAKE);
  }

  /** Tells the actor to look at the demand; at most one is on its way at a time. */
  enum Wake implements Uncarried {
    WAKE
  }
}
