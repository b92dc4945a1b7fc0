package dev.ringlet.scheduler;

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

/** What a cell shows its actor; every method checks that a turn is on. */
final class CellContext<M> implements ActorContext<M> {
  private static final ClassValue<System.Logger> LOGGERS =
      new ClassValue<>() {
        @Override
        protected System.Logger computeValue(Class<?> type) {
          return System.getLogger(type.getName());
        }
      };

  private final ActorCell<M> cell;

  CellContext(ActorCell<M> cell) {
    this.cell = cell;
  }

  @Override
  public ActorRef<M> self() {
    cell.checkTurn("context.self");
    return cell;
  }

  @Override
  public ActorSystem system() {
    cell.checkTurn("context.system");
    return cell.executor().system();
  }

  @Override
  public ActorExecutor executor() {
    cell.checkTurn("context.executor");
    return cell.executor();
  }

  @Override
  public PriorityClass priorityClass() {
    cell.checkTurn("context.priorityClass");
    return cell.queue().priorityClass();
  }

  @Override
  public void changePriorityClass(PriorityClass priorityClass) {
    cell.checkLiving("context.changePriorityClass");
    cell.changePriorityClass(Objects.requireNonNull(priorityClass, "priorityClass"));
  }

  @Override
  public <C> ActorRef<C> spawn(Supplier<? extends Actor<C>> factory, ActorOptions options) {
    cell.checkLiving("context.spawn");
    Objects.requireNonNull(factory, "factory");
    return Spawner.spawnChild(cell, factory, options);
  }

  @Override
  public <C> RouterRef<C> spawnPool(
      int routees,
      IntFunction<? extends Actor<C>> factory,
      Routing<C> routing,
      ActorOptions options) {
    cell.checkLiving("context.spawnPool");
    Objects.requireNonNull(factory, "factory");
    return Spawner.spawnChildPool(cell, routees, factory, routing, options);
  }

  @Override
  public <C> RouterRef<C> spawnGroup(
      List<? extends ActorRef<C>> routees, Routing<C> routing, ActorOptions options) {
    cell.checkLiving("context.spawnGroup");
    return Spawner.spawnChildGroup(cell, routees, routing, options);
  }

  @Override
  public void stop() {
    cell.checkTurn("context.stop");
    cell.requestStop();
  }

  @Override
  public void stop(ActorRef<?> child) {
    cell.checkTurn("context.stop");
    if (!(child instanceof ActorCell<?> other) || other.parent() != cell) {
      throw new IllegalArgumentException(
          "child: " + child.path() + " is no child of " + cell.path() + "; use system.stop");
    }
    other.stopFromAnywhere();
  }

  @Override
  public void watch(ActorRef<?> actor, M message) {
    cell.checkLiving("context.watch");
    cell.watching().watch(watchable(actor), Objects.requireNonNull(message, "message"));
  }

  @Override
  public void unwatch(ActorRef<?> actor) {
    cell.checkTurn("context.unwatch");
    cell.unwatch(watchable(actor));
  }

  private ActorCell<?> watchable(ActorRef<?> actor) {
    ActorRef<?> own = actor instanceof Adapter<?> adapter ? adapter.cell() : actor;
    if (own == cell || !(own instanceof ActorCell<?> other)) {
      throw new IllegalArgumentException(
          "actor: "
              + actor.path()
              + "; give the address of another actor, as spawn returned it; of a sharded service,"
              + " that of each shard");
    }
    return other;
  }

  @Override
  public void become(Actor<M> next) {
    cell.checkLiving("context.become");
    cell.become(Objects.requireNonNull(next, "next"));
  }

  @Override
  public void stash(M message) {
    cell.checkLiving("context.stash");
    cell.stash().add(Objects.requireNonNull(message, "message"));
  }

  @Override
  public void unstashAll() {
    cell.checkTurn("context.unstashAll");
    cell.unstashAll();
  }

  @Override
  public void receiveTimeout(Duration timeout, M message) {
    cell.checkLiving("context.receiveTimeout");
    Question.checkTimeout(timeout);
    cell.receiveTimeout(Nanos.of(timeout), Objects.requireNonNull(message, "message"));
  }

  @Override
  public void cancelReceiveTimeout() {
    cell.checkTurn("context.cancelReceiveTimeout");
    cell.cancelReceiveTimeout();
  }

  @Override
  public <T, R> void ask(
      ActorRef<T> target,
      Function<? super ActorRef<R>, ? extends T> message,
      Duration timeout,
      BiFunction<? super @Nullable R, ? super @Nullable Throwable, ? extends M> adapter) {
    cell.checkLiving("context.ask");
    Objects.requireNonNull(adapter, "adapter");
    if (!(target instanceof Recipient<T> recipient)) {
      throw new IllegalArgumentException(
          "target: " + target.path() + " takes one reply and no questions; ask an actor");
    }
    Reply.ask(cell, recipient, message, timeout, carrying().<R, Throwable, M>outcome(adapter));
  }

  @Override
  public <T> ActorRef<T> adapt(Class<T> type, Function<? super T, ? extends M> adapter) {
    cell.checkLiving("context.adapt");
    return new Adapter<>(
        cell, Objects.requireNonNull(type, "type"), Objects.requireNonNull(adapter, "adapter"));
  }

  @Override
  public boolean needPreempt() {
    cell.checkTurn("context.needPreempt");
    return cell.executor().preempt().needPreempt();
  }

  @Override
  public void yield(Runnable continuation) {
    cell.checkLiving("context.yield");
    cell.yieldTurn(carrying().rest(Objects.requireNonNull(continuation, "continuation")));
  }

  @Override
  public void yieldQueue(Runnable continuation) {
    cell.checkLiving("context.yieldQueue");
    cell.yieldQueue(carrying().rest(Objects.requireNonNull(continuation, "continuation")));
  }

  @Override
  public <T> void await(
      IoOp<T> op, BiConsumer<? super @Nullable T, ? super @Nullable IoException> continuation) {
    cell.checkLiving("context.await");
    Operation<T> operation = operation(op);
    var rest =
        carrying().<T, IoException>rest(Objects.requireNonNull(continuation, "continuation"));
    cell.suspend(operation);
    try {
      operation.await(cell, rest);
    } catch (RuntimeException refused) {
      cell.unsuspend();
      throw refused;
    }
  }

  @Override
  public <T> void pipe(
      IoOp<T> op,
      BiFunction<? super @Nullable T, ? super @Nullable IoException, ? extends M> adapter) {
    cell.checkLiving("context.pipe");
    Objects.requireNonNull(adapter, "adapter");
    operation(op).pipe(cell, carrying().<T, IoException, M>outcome(adapter));
  }

  @Override
  public <T> void pipe(
      CompletionStage<T> stage,
      BiFunction<? super @Nullable T, ? super @Nullable Throwable, ? extends M> adapter) {
    cell.checkLiving("context.pipe");
    Objects.requireNonNull(adapter, "adapter");
    StageOutcome.pipe(stage, cell, carrying().<T, Throwable, M>outcome(adapter));
  }

  @Override
  public <T> IoSubscription subscribe(
      IoStream<T> stream, Function<? super T, ? extends M> onElement, long initialDemand) {
    return subscription(stream, onElement, null, initialDemand);
  }

  @Override
  public <T> IoSubscription subscribe(
      IoStream<T> stream,
      Function<? super T, ? extends M> onElement,
      Function<? super @Nullable IoException, ? extends M> onEnd,
      long initialDemand) {
    return subscription(stream, onElement, Objects.requireNonNull(onEnd, "onEnd"), initialDemand);
  }

  private <T> IoSubscription subscription(
      IoStream<T> stream,
      Function<? super T, ? extends M> onElement,
      @Nullable Function<? super @Nullable IoException, ? extends M> onEnd,
      long initialDemand) {
    cell.checkLiving("context.subscribe");
    Objects.requireNonNull(onElement, "onElement");
    if (initialDemand < 0) {
      throw new IllegalArgumentException("initialDemand: " + initialDemand + "; give zero or more");
    }
    if (!(stream instanceof HomeStream<T> source)) {
      throw new IllegalArgumentException(
          "stream: " + stream + " was not made by this runtime; take it from context.io()");
    }
    IoSubscription subscription = source.subscribe(cell, new MessageOutlet<>(onElement, onEnd));
    if (initialDemand > 0) {
      subscription.request(initialDemand);
    }
    return subscription;
  }

  private Carrying carrying() {
    return cell.system().carrying();
  }

  static <T> Operation<T> operation(IoOp<T> op) {
    if (op instanceof Operation<T> operation) {
      return operation;
    }
    throw new IllegalArgumentException(
        "op: " + op + " was not made by this runtime; take it from context.io()");
  }

  @Override
  public Timers<M> timers() {
    cell.checkTurn("context.timers");
    CellExtras extras = cell.extras();
    if (extras.timers == null) {
      extras.timers = new CellTimers<>(cell);
    }
    @SuppressWarnings("unchecked") // made for this cell, here
    Timers<M> timers = (Timers<M>) extras.timers;
    return timers;
  }

  @Override
  public Io io() {
    cell.checkTurn("context.io");
    return cell.executor().io();
  }

  @Override
  public System.Logger log() {
    cell.checkTurn("context.log");
    return LOGGERS.get(cell.actorClass());
  }
}
