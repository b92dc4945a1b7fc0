package dev.ringlet.reactive;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.executor.ActorExecutor;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;

/** The user's actor between an upstream and a subscriber: a source that hears of an upstream. */
final class ThroughActor<T, M, R> extends SourceActor<R, M> {
  private final ThroughInput<T> input;
  private final Function<? super ThroughSignal<T>, ? extends M> adapter;

  private ThroughActor(
      Source<R, M> source,
      SourceSink<R> sink,
      ActorSubscription<R> subscription,
      ThroughInput<T> input,
      Function<? super ThroughSignal<T>, ? extends M> adapter) {
    super(source, sink, subscription);
    this.input = input;
    this.adapter = adapter;
  }

  /** Makes the instances of one subscriber's actor, which share sink and input. */
  static <T, M, R> Supplier<ThroughActor<T, M, R>> instances(
      Publisher<? extends T> upstream,
      ActorExecutor executor,
      Source<R, M> source,
      Function<? super ThroughSignal<T>, ? extends M> adapter,
      DemandOptions<T> options,
      ActorSubscription<R> subscription) {
    SourceSink<R> sink = new SourceSink<>(subscription, executor);
    ThroughInput<T> input = new ThroughInput<>(upstream, options);
    return () -> new ThroughActor<>(source, sink, subscription, input, adapter);
  }

  @Override
  void onStart(ActorContext<Object> context) throws Exception {
    super.onStart(context);
    if (!subscription.isClosed()) {
      input.start(context.self());
    }
  }

  @Override
  void onRequest(long count, ActorContext<Object> context) throws Exception {
    input.turnBegins();
    input.want();
    super.onRequest(count, context);
  }

  @Override
  void onCancel(ActorContext<Object> context) throws Exception {
    input.turnBegins();
    super.onCancel(context);
  }

  @Override
  void onMessage(Object message, ActorContext<Object> context) throws Exception {
    input.turnBegins();
    if (message != Waker.Look.LOOK) {
      input.receive(message);
      super.onMessage(message, context);
    } else if (input.isOver()) {
      stopAfterLastLetter(context);
    } else {
      input.heard();
      look(context);
    }
  }

  private void look(ActorContext<Object> context) throws Exception {
    if (subscription.isClosed()) {
      // The message that ends it is on its way.
      return;
    }
    StreamSignal<T> signal = input.next();
    Throwable failure = input.failure();
    if (signal != null) {
      M message = Objects.requireNonNull(adapter.apply(signal), "the adapter gave null");
      input.goesInto(message);
      onOwnMessage(message, context);
    } else if (failure != null) {
      subscription.fail(failure);
    }
  }

  @Override
  void onStash(Object message) {
    input.stash(message);
  }

  @Override
  void turnFailed(Throwable thrown) {
    input.turnFailed(thrown);
    super.turnFailed(thrown);
  }

  @Override
  public void preRestart(Throwable cause, ActorContext<Object> context) throws Exception {
    try {
      super.preRestart(cause, context);
    } finally {
      input.instanceGoes();
    }
  }

  @Override
  void onOver() {
    if (input.close()) {
      subscription.expectLetter();
    }
  }

  @Override
  public void postStop(ActorContext<Object> context) throws Exception {
    try {
      super.postStop(context);
    } finally {
      onOver();
    }
  }
}
