package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.RingletException;
import dev.ringlet.spi.Uncarried;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An actor that serves one subscriber and ends with it. It takes any message: its own few, and
 * those of what it publishes.
 */
abstract class SubscriberActor<T> implements Actor<Object> {
  final ActorSubscription<T> subscription;

  private final boolean resumesAfterFailure;
  private @Nullable Throwable failure;

  SubscriberActor(ActorSubscription<T> subscription, boolean resumesAfterFailure) {
    this.subscription = subscription;
    this.resumesAfterFailure = resumesAfterFailure;
  }

  /** First of all, and after each restart; the subscription was open just now. */
  abstract void onStart(ActorContext<Object> context) throws Exception;

  abstract void onRequest(long count, ActorContext<Object> context) throws Exception;

  /** The subscriber has cancelled or failed; the actor stops after this. */
  abstract void onCancel(ActorContext<Object> context) throws Exception;

  /** The stream is over in whatever way; the actor stops after its last letter. */
  void onOver() {}

  abstract void onMessage(Object message, ActorContext<Object> context) throws Exception;

  @Override
  public final void preStart(ActorContext<Object> context) throws Exception {
    if (!subscription.start(context.self())) {
      context.stop();
      return;
    }
    if (subscription.isClosed()) {
      // The message that stops the actor is on its way.
      return;
    }
    try {
      onStart(context);
    } catch (Throwable thrown) {
      failure = thrown;
      throw thrown;
    }
  }

  @Override
  public final void receive(Object message, ActorContext<Object> context) throws Exception {
    failure = null; // whoever gets another message did not stop of it
    try {
      handle(message, context);
    } catch (Throwable thrown) {
      turnFailed(thrown);
      throw thrown;
    }
  }

  /** A message was not handled to its end. */
  void turnFailed(Throwable thrown) {
    failed(thrown);
  }

  /** A turn has thrown; what the subscriber gets if the actor stops of it. */
  final void failed(Throwable thrown) {
    if (!resumesAfterFailure) {
      failure = thrown;
    }
  }

  private void handle(Object message, ActorContext<Object> context) throws Exception {
    if (message == ActorSubscription.Wake.WAKE) {
      onWake(context);
    } else if (message instanceof Greeting greeting) {
      greeting.replyTo().tell(greeting);
      stopAfterLastLetter(context);
    } else {
      onMessage(message, context);
    }
  }

  private void onWake(ActorContext<Object> context) throws Exception {
    long taken = subscription.takeDemand();
    if (taken > 0) {
      onRequest(taken, context);
      return;
    }
    onOver();
    stopAfterLastLetter(context);
    if (taken != Demand.ENDED) {
      onCancel(context);
    }
  }

  /** To be called with each letter that {@link ActorSubscription#expectLetter} was told of. */
  final void stopAfterLastLetter(ActorContext<Object> context) {
    if (subscription.lastLetter()) {
      context.stop();
    }
  }

  @Override
  public void postStop(ActorContext<Object> context) throws Exception {
    if (subscription.isListening()) {
      subscription.failFromStopped(failure != null ? failure : stoppedEarly(context.self()));
    }
  }

  private static RingletException stoppedEarly(ActorRef<?> self) {
    return new RingletException(
        self.path()
            + ": the actor stopped before the stream has ended, because the system was closed or the"
            + " actor stopped itself; a source must complete or fail its sink before it stops");
  }

  /**
   * Asked once, right after the spawn: an answer, even a failure, tells that nobody is forgotten.
   */
  record Greeting(ActorRef<Greeting> replyTo) implements Uncarried {
    /** Far longer than a core is ever busy; then the actor is taken for lost. */
    private static final Duration START_TIMEOUT = Duration.ofHours(1);

    /** An executor that ends just now may never start the actor, and then only an ask tells. */
    static void refuseIfLost(ActorRef<Object> actor, Consumer<? super Throwable> refuse) {
      actor
          .<Greeting>ask(Greeting::new, START_TIMEOUT)
          .whenComplete(
              (reply, failure) -> {
                if (failure != null) {
                  refuse.accept(failure);
                }
              });
    }
  }
}
