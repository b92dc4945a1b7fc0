package dev.ringlet.spi;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.RouterRef;
import dev.ringlet.actor.Routing;
import dev.ringlet.actor.Timers;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.IoSubscription;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A context that does what another one does: for adapters and test kits, which change some of it.
 * <b>Thread:</b> as {@link ActorContext}.
 *
 * @param <M> the type of messages the actor accepts
 */
public abstract class ForwardingContext<M> implements ActorContext<M> {
  private final ActorContext<M> context;

  /**
   * Forwards to a context.
   *
   * @param context does the work
   */
  protected ForwardingContext(ActorContext<M> context) {
    this.context = Objects.requireNonNull(context, "context");
  }

  /**
   * What this forwards to.
   *
   * @return the context
   */
  protected final ActorContext<M> context() {
    return context;
  }

  @Override
  public ActorRef<M> self() {
    return context.self();
  }

  @Override
  public ActorSystem system() {
    return context.system();
  }

  @Override
  public ActorExecutor executor() {
    return context.executor();
  }

  @Override
  public PriorityClass priorityClass() {
    return context.priorityClass();
  }

  @Override
  public void changePriorityClass(PriorityClass priorityClass) {
    context.changePriorityClass(priorityClass);
  }

  @Override
  public <C> ActorRef<C> spawn(Supplier<? extends Actor<C>> factory, ActorOptions options) {
    return context.spawn(factory, options);
  }

  @Override
  public <C> RouterRef<C> spawnPool(
      int routees,
      IntFunction<? extends Actor<C>> factory,
      Routing<C> routing,
      ActorOptions options) {
    return context.spawnPool(routees, factory, routing, options);
  }

  @Override
  public <C> RouterRef<C> spawnGroup(
      List<? extends ActorRef<C>> routees, Routing<C> routing, ActorOptions options) {
    return context.spawnGroup(routees, routing, options);
  }

  @Override
  public void stop() {
    context.stop();
  }

  @Override
  public void stop(ActorRef<?> child) {
    context.stop(child);
  }

  @Override
  public void watch(ActorRef<?> actor, M message) {
    context.watch(actor, message);
  }

  @Override
  public void unwatch(ActorRef<?> actor) {
    context.unwatch(actor);
  }

  @Override
  public void become(Actor<M> next) {
    context.become(next);
  }

  @Override
  public void stash(M message) {
    context.stash(message);
  }

  @Override
  public void unstashAll() {
    context.unstashAll();
  }

  @Override
  public void receiveTimeout(Duration timeout, M message) {
    context.receiveTimeout(timeout, message);
  }

  @Override
  public void cancelReceiveTimeout() {
    context.cancelReceiveTimeout();
  }

  @Override
  public <T, R> void ask(
      ActorRef<T> target,
      Function<? super ActorRef<R>, ? extends T> message,
      Duration timeout,
      BiFunction<? super @Nullable R, ? super @Nullable Throwable, ? extends M> adapter) {
    context.<T, R>ask(target, message, timeout, adapter);
  }

  @Override
  public <T> ActorRef<T> adapt(Class<T> type, Function<? super T, ? extends M> adapter) {
    return context.adapt(type, adapter);
  }

  @Override
  public boolean needPreempt() {
    return context.needPreempt();
  }

  @Override
  public void yield(Runnable continuation) {
    context.yield(continuation);
  }

  @Override
  public void yieldQueue(Runnable continuation) {
    context.yieldQueue(continuation);
  }

  @Override
  public <T> void await(
      IoOp<T> op, BiConsumer<? super @Nullable T, ? super @Nullable IoException> continuation) {
    context.<T>await(op, continuation);
  }

  @Override
  public <T> void pipe(
      IoOp<T> op,
      BiFunction<? super @Nullable T, ? super @Nullable IoException, ? extends M> adapter) {
    context.<T>pipe(op, adapter);
  }

  @Override
  public <T> void pipe(
      CompletionStage<T> stage,
      BiFunction<? super @Nullable T, ? super @Nullable Throwable, ? extends M> adapter) {
    context.<T>pipe(stage, adapter);
  }

  @Override
  public <T> IoSubscription subscribe(
      IoStream<T> stream, Function<? super T, ? extends M> onElement, long initialDemand) {
    return context.subscribe(stream, onElement, initialDemand);
  }

  @Override
  public <T> IoSubscription subscribe(
      IoStream<T> stream,
      Function<? super T, ? extends M> onElement,
      Function<? super @Nullable IoException, ? extends M> onEnd,
      long initialDemand) {
    return context.subscribe(stream, onElement, onEnd, initialDemand);
  }

  @Override
  public Timers<M> timers() {
    return context.timers();
  }

  @Override
  public Io io() {
    return context.io();
  }

  @Override
  public System.Logger log() {
    return context.log();
  }
}
