package dev.ringlet.testkit;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.RouterRef;
import dev.ringlet.actor.Routing;
import dev.ringlet.actor.TimerHandle;
import dev.ringlet.actor.Timers;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.spi.ForwardingContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Does what an actor wants, and notes that it was wanted. */
final class RecordingContext<M> extends ForwardingContext<M> {
  private final Actor<M> actor;
  private final Consumer<Effect> record;

  RecordingContext(Actor<M> actor, ActorContext<M> context, Consumer<Effect> record) {
    super(context);
    this.actor = actor;
    this.record = record;
  }

  @Override
  public void changePriorityClass(PriorityClass priorityClass) {
    super.changePriorityClass(priorityClass);
    record.accept(new Effect.ClassChanged(priorityClass));
  }

  @Override
  public <C> ActorRef<C> spawn(Supplier<? extends Actor<C>> factory, ActorOptions options) {
    ActorRef<C> child = super.spawn(factory, options);
    record.accept(new Effect.Spawned(child.path(), options));
    return child;
  }

  @Override
  public <C> RouterRef<C> spawnPool(
      int routees,
      IntFunction<? extends Actor<C>> factory,
      Routing<C> routing,
      ActorOptions options) {
    RouterRef<C> router = super.spawnPool(routees, factory, routing, options);
    record.accept(new Effect.Spawned(router.path(), options));
    return router;
  }

  @Override
  public <C> RouterRef<C> spawnGroup(
      List<? extends ActorRef<C>> routees, Routing<C> routing, ActorOptions options) {
    RouterRef<C> router = super.spawnGroup(routees, routing, options);
    record.accept(new Effect.Spawned(router.path(), options));
    return router;
  }

  @Override
  public void stop() {
    super.stop();
    record.accept(new Effect.Stopped(self().path()));
  }

  @Override
  public void stop(ActorRef<?> child) {
    super.stop(child);
    record.accept(new Effect.Stopped(child.path()));
  }

  @Override
  public void watch(ActorRef<?> other, M message) {
    super.watch(other, message);
    record.accept(new Effect.Watched(other.path(), message));
  }

  @Override
  public void unwatch(ActorRef<?> other) {
    super.unwatch(other);
    record.accept(new Effect.Unwatched(other.path()));
  }

  @Override
  public void become(Actor<M> next) {
    super.become(new RecordedActor<>(next, record));
    record.accept(new Effect.Became(next));
  }

  @Override
  public void stash(M message) {
    super.stash(message);
    record.accept(new Effect.Stashed(message));
  }

  @Override
  public void unstashAll() {
    super.unstashAll();
    record.accept(new Effect.Unstashed());
  }

  @Override
  public void receiveTimeout(Duration timeout, M message) {
    super.receiveTimeout(timeout, message);
    record.accept(new Effect.ReceiveTimeout(timeout, message));
  }

  @Override
  public void cancelReceiveTimeout() {
    super.cancelReceiveTimeout();
    record.accept(new Effect.ReceiveTimeout(Duration.ZERO, null));
  }

  @Override
  public <T, R> void ask(
      ActorRef<T> target,
      Function<? super ActorRef<R>, ? extends T> message,
      Duration timeout,
      BiFunction<? super @Nullable R, ? super @Nullable Throwable, ? extends M> adapter) {
    Function<ActorRef<R>, T> noted =
        replyTo -> {
          T question = message.apply(replyTo);
          record.accept(new Effect.Asked(target.path(), question, timeout));
          return question;
        };
    super.<T, R>ask(target, noted, timeout, adapter);
  }

  @Override
  public void yield(Runnable continuation) {
    super.yield(continuation);
    record.accept(new Effect.Yielded());
  }

  @Override
  public void yieldQueue(Runnable continuation) {
    super.yieldQueue(continuation);
    record.accept(new Effect.Yielded());
  }

  @Override
  public <T> void await(
      IoOp<T> op, BiConsumer<? super @Nullable T, ? super @Nullable IoException> continuation) {
    super.<T>await(op, continuation);
    record.accept(new Effect.Awaited(op.toString()));
  }

  @Override
  public <T> void pipe(
      IoOp<T> op,
      BiFunction<? super @Nullable T, ? super @Nullable IoException, ? extends M> adapter) {
    super.<T>pipe(op, adapter);
    record.accept(new Effect.Piped(op.toString()));
  }

  @Override
  public <T> void pipe(
      CompletionStage<T> stage,
      BiFunction<? super @Nullable T, ? super @Nullable Throwable, ? extends M> adapter) {
    super.<T>pipe(stage, adapter);
    record.accept(new Effect.Piped("stage"));
  }

  /** Done at once and here: a run has no other threads. */
  @Override
  public <T> void offload(
      Callable<T> work,
      BiFunction<? super @Nullable T, ? super @Nullable Throwable, ? extends M> adapter) {
    record.accept(new Effect.Offloaded());
    CompletableFuture<T> outcome = new CompletableFuture<>();
    try {
      outcome.complete(work.call());
    } catch (Throwable failure) {
      outcome.completeExceptionally(failure);
    }
    super.<T>pipe(outcome, adapter);
  }

  @Override
  public <T> IoSubscription subscribe(
      IoStream<T> stream, Function<? super T, ? extends M> onElement, long initialDemand) {
    IoSubscription subscription = super.subscribe(stream, onElement, initialDemand);
    record.accept(new Effect.Subscribed(stream.toString(), initialDemand));
    return subscription;
  }

  @Override
  public <T> IoSubscription subscribe(
      IoStream<T> stream,
      Function<? super T, ? extends M> onElement,
      Function<? super @Nullable IoException, ? extends M> onEnd,
      long initialDemand) {
    IoSubscription subscription = super.subscribe(stream, onElement, onEnd, initialDemand);
    record.accept(new Effect.Subscribed(stream.toString(), initialDemand));
    return subscription;
  }

  @Override
  public Timers<M> timers() {
    return new RecordingTimers<>(super.timers(), record);
  }

  @Override
  public System.Logger log() {
    return System.getLogger(actor.getClass().getName());
  }

  private record RecordingTimers<M>(Timers<M> timers, Consumer<Effect> record)
      implements Timers<M> {
    private void started(
        @Nullable Object key, Duration delay, M message, Effect.Repetition repetition) {
      record.accept(new Effect.TimerStarted(key, delay, message, repetition));
    }

    @Override
    public void once(Object key, Duration delay, M message) {
      timers.once(key, delay, message);
      started(key, delay, message, Effect.Repetition.ONCE);
    }

    @Override
    public TimerHandle once(Duration delay, M message) {
      TimerHandle handle = timers.once(delay, message);
      started(null, delay, message, Effect.Repetition.ONCE);
      return () -> {
        record.accept(new Effect.TimerCancelled(null));
        return handle.cancel();
      };
    }

    @Override
    public void fixedDelay(Object key, Duration interval, M message) {
      timers.fixedDelay(key, interval, message);
      started(key, interval, message, Effect.Repetition.FIXED_DELAY);
    }

    @Override
    public void fixedRate(Object key, Duration interval, M message) {
      timers.fixedRate(key, interval, message);
      started(key, interval, message, Effect.Repetition.FIXED_RATE);
    }

    @Override
    public void cancel(Object key) {
      timers.cancel(key);
      record.accept(new Effect.TimerCancelled(key));
    }
  }
}
