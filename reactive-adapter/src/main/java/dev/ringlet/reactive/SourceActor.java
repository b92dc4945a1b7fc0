package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.spi.Uncarried;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The user's source actor, and around it what the rules of Reactive Streams ask: the subscriber
 * hears of the actor's failure or early stop, and the actor ends with the stream.
 */
class SourceActor<T, M> extends SubscriberActor<T> {
  private final Source<T, M> source;
  private final SourceSink<T> sink;
  private @Nullable SourceContext<M> view;
  private @Nullable Actor<M> actor;

  /** Whether this instance was told of the demand; its predecessor may have left some open. */
  private boolean informed;

  SourceActor(Source<T, M> source, SourceSink<T> sink, ActorSubscription<T> subscription) {
    super(subscription, source.resumesAfterFailure());
    this.source = source;
    this.sink = sink;
  }

  @Override
  void onStart(ActorContext<Object> context) throws Exception {
    Actor<M> created =
        Objects.requireNonNull(source.actor().apply(sink), "the source's factory gave null");
    actor = created;
    created.preStart(view(context));
  }

  @Override
  void onRequest(long count, ActorContext<Object> context) throws Exception {
    long open = sink.grant(count);
    informOf(informed ? count : open, context);
  }

  /** Messages that waited since before the restart may have used up the demand by now. */
  private void onRestarted(Restarted restarted, ActorContext<Object> context) throws Exception {
    restarted.replyTo().tell(restarted);
    long open = sink.demand();
    if (!informed && open > 0) {
      informOf(open, context);
    }
  }

  private void informOf(long count, ActorContext<Object> context) throws Exception {
    informed = true;
    onOwnMessage(source.onRequest().apply(count), context);
  }

  @Override
  void onCancel(ActorContext<Object> context) throws Exception {
    onOwnMessage(source.onCancel().get(), context);
  }

  @Override
  void onMessage(Object message, ActorContext<Object> context) throws Exception {
    if (message instanceof Restarted restarted) {
      onRestarted(restarted, context);
    } else {
      onOwnMessage(typed(message), context);
    }
  }

  final void onOwnMessage(M message, ActorContext<Object> context) throws Exception {
    // Without an actor the stream had ended before one was needed.
    if (actor != null) {
      actor.receive(
          Objects.requireNonNull(message, "onRequest or onCancel gave null"), view(context));
    }
  }

  @SuppressWarnings("unchecked") // what is none of ours came through a reference of the user's type
  private M typed(Object message) {
    return (M) message;
  }

  /** The actor puts a message of this turn aside. */
  void onStash(Object message) {}

  /**
   * Leaves a question for the next instance. If the actor stops before there is one, nobody is
   * there to hear of it in {@link #postStop}, but the question fails.
   */
  @Override
  public void preRestart(Throwable cause, ActorContext<Object> context) throws Exception {
    context
        .self()
        .<Restarted>ask(Restarted::new, ChronoUnit.FOREVER.getDuration())
        .whenComplete(
            (restarted, stopped) -> {
              if (stopped != null) {
                onOver();
                subscription.failFromStopped(cause);
              }
            });
    if (actor != null) {
      actor.preRestart(cause, view(context));
    }
  }

  @Override
  public void postStop(ActorContext<Object> context) throws Exception {
    try {
      if (actor != null) {
        actor.postStop(view(context));
      }
    } finally {
      super.postStop(context);
    }
  }

  void become(Actor<M> next) {
    actor = next;
  }

  Class<?> userClass() {
    return actor == null ? SourceActor.class : actor.getClass();
  }

  private ActorContext<M> view(ActorContext<Object> context) {
    SourceContext<M> known = view;
    if (known == null || !known.isViewOf(context)) {
      known = new SourceContext<>(this, context);
      view = known;
    }
    return known;
  }

  /** Has a new instance told of the demand that its predecessor left open. */
  private record Restarted(ActorRef<Restarted> replyTo) implements Uncarried {}
}
