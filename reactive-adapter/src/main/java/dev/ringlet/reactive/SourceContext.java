package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.spi.ForwardingContext;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The context that a source actor sees: the real one, typed by the actor's messages. Code that runs
 * outside of {@code receive}, as continuations and adapters do, tells the wrapper what it threw on
 * the way, because a subscriber wants to know the cause.
 */
final class SourceContext<M> extends ForwardingContext<M> {
  private final SourceActor<?, M> actor;

  @SuppressWarnings("unchecked") // an actor that takes any message takes those of one type
  SourceContext(SourceActor<?, M> actor, ActorContext<Object> context) {
    super((ActorContext<M>) (ActorContext<?>) context);
    this.actor = actor;
  }

  boolean isViewOf(ActorContext<Object> other) {
    return context() == (ActorContext<?>) other;
  }

  @Override
  public void become(Actor<M> next) {
    Objects.requireNonNull(next, "next");
    Objects.requireNonNull(context().self(), "it throws outside of a turn");
    actor.become(next);
  }

  @Override
  public void stash(M message) {
    context().stash(message);
    actor.onStash(message);
  }

  @Override
  public <T, R> void ask(
      ActorRef<T> target,
      Function<? super ActorRef<R>, ? extends T> message,
      Duration timeout,
      BiFunction<? super @Nullable R, ? super @Nullable Throwable, ? extends M> adapter) {
    context().<T, R>ask(target, message, timeout, this.<R, Throwable>noting(adapter));
  }

  @Override
  public <T> ActorRef<T> adapt(Class<T> type, Function<? super T, ? extends M> adapter) {
    return context().adapt(type, noting(adapter));
  }

  @Override
  public void yield(Runnable continuation) {
    context().yield(guarded(continuation));
  }

  @Override
  public void yieldQueue(Runnable continuation) {
    context().yieldQueue(guarded(continuation));
  }

  private Runnable guarded(Runnable continuation) {
    Objects.requireNonNull(continuation, "continuation");
    return () -> {
      try {
        continuation.run();
      } catch (Throwable thrown) {
        actor.turnFailed(thrown);
        throw thrown;
      }
    };
  }

  @Override
  public <T> void await(
      IoOp<T> op, BiConsumer<? super @Nullable T, ? super @Nullable IoException> continuation) {
    Objects.requireNonNull(continuation, "continuation");
    context()
        .<T>await(
            op,
            (value, error) -> {
              try {
                continuation.accept(value, error);
              } catch (Throwable thrown) {
                actor.turnFailed(thrown);
                throw thrown;
              }
            });
  }

  @Override
  public <T> void pipe(
      IoOp<T> op,
      BiFunction<? super @Nullable T, ? super @Nullable IoException, ? extends M> adapter) {
    context().<T>pipe(op, this.<T, IoException>noting(adapter));
  }

  @Override
  public <T> void pipe(
      CompletionStage<T> stage,
      BiFunction<? super @Nullable T, ? super @Nullable Throwable, ? extends M> adapter) {
    context().<T>pipe(stage, this.<T, Throwable>noting(adapter));
  }

  @Override
  public <T> IoSubscription subscribe(
      IoStream<T> stream, Function<? super T, ? extends M> onElement, long initialDemand) {
    return context().subscribe(stream, noting(onElement), initialDemand);
  }

  @Override
  public <T> IoSubscription subscribe(
      IoStream<T> stream,
      Function<? super T, ? extends M> onElement,
      Function<? super @Nullable IoException, ? extends M> onEnd,
      long initialDemand) {
    return context().subscribe(stream, noting(onElement), noting(onEnd), initialDemand);
  }

  @Override
  public System.Logger log() {
    Objects.requireNonNull(context().self(), "it throws outside of a turn");
    return System.getLogger(actor.userClass().getName());
  }

  private <T> Function<T, M> noting(Function<? super T, ? extends M> adapter) {
    Objects.requireNonNull(adapter, "adapter");
    return value -> {
      try {
        return adapter.apply(value);
      } catch (Throwable thrown) {
        actor.failed(thrown);
        throw thrown;
      }
    };
  }

  private <T, F> BiFunction<@Nullable T, @Nullable F, M> noting(
      BiFunction<? super @Nullable T, ? super @Nullable F, ? extends M> adapter) {
    Objects.requireNonNull(adapter, "adapter");
    return (value, error) -> {
      try {
        return adapter.apply(value, error);
      } catch (Throwable thrown) {
        actor.failed(thrown);
        throw thrown;
      }
    };
  }
}
