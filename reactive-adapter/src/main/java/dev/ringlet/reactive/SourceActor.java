package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * The user's source actor, and around it what the rules of Reactive Streams ask: the subscriber
 * hears of the actor's failure or early stop, and the actor ends with the stream.
 */
final class SourceActor<T, M> extends SubscriberActor<T> {
  private final Source<T, M> source;
  private final SourceSink<T> sink;
  private @Nullable SourceContext<M> view;
  private @Nullable Actor<M> actor;
  private @Nullable Throwable failure;

  SourceActor(Source<T, M> source, SourceSink<T> sink, ActorSubscription<T> subscription) {
    super(subscription);
    this.source = source;
    this.sink = sink;
  }

  @Override
  void onStart(ActorContext<Object> context) throws Exception {
    try {
      Actor<M> created = source.actor().apply(sink);
      actor = created;
      created.preStart(view(context));
    } catch (Throwable thrown) {
      subscription.failFromStopped(thrown);
      throw thrown;
    }
    announceAgain(context);
  }

  /** After a restart: the new instance knows nothing of what its predecessor was asked for. */
  private void announceAgain(ActorContext<Object> context) {
    long open = sink.demand();
    if (open > 0) {
      context.self().tell(source.onRequest().apply(open));
    }
  }

  @Override
  void onRequest(long count, ActorContext<Object> context) throws Exception {
    sink.grant(count);
    onMessage(source.onRequest().apply(count), context);
  }

  @Override
  void onCancel(ActorContext<Object> context) throws Exception {
    if (actor != null) {
      onMessage(source.onCancel().get(), context);
    }
  }

  @Override
  void onMessage(Object message, ActorContext<Object> context) throws Exception {
    Actor<M> target = actor;
    if (target == null) {
      return;
    }
    failure = null;
    try {
      target.receive(typed(message), view(context));
    } catch (Throwable thrown) {
      failed(thrown);
      throw thrown;
    }
  }

  @SuppressWarnings("unchecked") // what is none of ours came through a reference of the user's type
  private M typed(Object message) {
    return (M) message;
  }

  @Override
  public void preRestart(Throwable cause, ActorContext<Object> context) throws Exception {
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

  /** A piece of user code has thrown; what the subscriber gets if the actor stops of it. */
  void failed(Throwable thrown) {
    failure = thrown;
  }

  @Override
  @Nullable Throwable failure() {
    return failure;
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
}
