package dev.ringlet.actor;

import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.SystemStats;
import dev.ringlet.spi.ActorSystemProvider;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A set of executors, one thread each, and the actors that live on them.
 *
 * <p><b>Thread:</b> any thread.
 *
 * <pre>{@code
 * try (var system = ActorSystem.create("demo")) {
 *   var counter = system.spawn(Counter::new, ActorOptions.named("counter"));
 *   counter.tell(new Counter.Add(2));
 * }
 * }</pre>
 */
public interface ActorSystem extends AutoCloseable {
  /**
   * Starts a system with one pinned executor per CPU that this process may use, on io_uring where
   * the kernel offers it, else on NIO.
   *
   * @param name the first part of every actor's path and of every thread's name
   * @return the running system
   */
  static ActorSystem create(String name) {
    return create(name, ExecutorPool.defaults());
  }

  /**
   * Starts a system; either all of its executors run or none.
   *
   * @param name the first part of every actor's path and of every thread's name
   * @param pool how many executors, where, and how they behave
   * @return the running system
   * @throws RingletException if an executor cannot start; those that had started are stopped
   * @throws IllegalArgumentException if the pool's placement does not suit the machine
   */
  static ActorSystem create(String name, ExecutorPool pool) {
    return ActorSystemProvider.load().create(name, pool);
  }

  /**
   * The name given at creation.
   *
   * @return the name
   */
  String name();

  /**
   * The executors, by index.
   *
   * @return an immutable list
   */
  List<ActorExecutor> executors();

  /**
   * Spawns a top-level actor.
   *
   * @param factory makes the actor; called on its executor, again for each restart
   * @param options name, class, executor, supervision
   * @param <M> the type of messages the actor accepts
   * @return its address, usable at once
   * @throws IllegalArgumentException if a living top-level actor has the name
   * @throws IllegalStateException if the system is closed
   */
  <M> ActorRef<M> spawn(Supplier<? extends Actor<M>> factory, ActorOptions options);

  /**
   * Spawns a service with one actor on each executor, named {@code name-0} and so on.
   *
   * @param name the name of the service
   * @param factory makes the actor of an executor's index; called on that executor
   * @param keyOf tells the key of a message, which decides on the shard; called by senders, on any
   *     thread
   * @param <M> the type of messages the actors accept
   * @return the address of the service; {@link #stop} of it stops all shards
   * @throws IllegalArgumentException if a living top-level actor has one of the names; no shard is
   *     left then
   * @throws IllegalStateException if the system is closed
   */
  default <M> ShardedRef<M> spawnSharded(
      String name, IntFunction<? extends Actor<M>> factory, Function<? super M, ?> keyOf) {
    return spawnSharded(factory, keyOf, ActorOptions.named(name));
  }

  /**
   * Spawns a service with one actor on each executor.
   *
   * @param factory makes the actor of an executor's index; called on that executor
   * @param keyOf tells the key of a message
   * @param options class and supervision of the shards, and the name of the service, which must be
   *     given; the executor is not looked at
   * @param <M> the type of messages the actors accept
   * @return the address of the service
   */
  <M> ShardedRef<M> spawnSharded(
      IntFunction<? extends Actor<M>> factory, Function<? super M, ?> keyOf, ActorOptions options);

  /**
   * Spawns a pool: a router, and routees of its own that it is the parent of, named {@code 0} and
   * so on. Each of them is supervised as the options say; one that escalates stops the pool.
   *
   * @param routees how many on each executor, or on the executor that the options name; 1 to 65536
   * @param factory makes the routee of an index; called on the routee's executor, again for each
   *     restart
   * @param routing which routee gets a message
   * @param options name of the router; class, supervision, mailbox and stash of the routees
   * @param <M> the type of messages the routees accept
   * @return the address of the router, usable at once
   * @throws IllegalArgumentException if there are no routees, or if a living top-level actor has
   *     the name
   * @throws IllegalStateException if the system is closed
   */
  <M> RouterRef<M> spawnPool(
      int routees,
      IntFunction<? extends Actor<M>> factory,
      Routing<M> routing,
      ActorOptions options);

  /**
   * Spawns a router whose routees are there already, and live on when it stops.
   *
   * @param routees addresses of actors, none twice
   * @param routing which routee gets a message
   * @param options name, class and executor of the router
   * @param <M> the type of messages the routees accept
   * @return the address of the router, usable at once
   * @throws IllegalArgumentException if there are no routees, or an address is not of an actor of
   *     this system, or if a living top-level actor has the name
   * @throws IllegalStateException if the system is closed
   */
  <M> RouterRef<M> spawnGroup(
      List<? extends ActorRef<M>> routees, Routing<M> routing, ActorOptions options);

  /**
   * Asks an actor to stop after its current message; returns at once.
   *
   * @param actor an address of this system
   * @throws IllegalArgumentException if the address is not of an actor of this system
   */
  void stop(ActorRef<?> actor);

  /**
   * Finds a living actor by its path. Each part of the path below the system must be a name that
   * was given with {@link ActorOptions#withName}.
   *
   * @param path as {@link ActorRef#path} tells it: {@code /system/parent/name}
   * @param type the class of the actor that its factory makes
   * @param <M> the type of messages the actor accepts
   * @return the address once the actor has started; empty if there is no such actor, or it stops
   *     before; fails with {@link IllegalArgumentException} if its class is another one
   * @throws IllegalArgumentException if the path is not one of this system
   */
  <M> CompletionStage<Optional<ActorRef<M>>> find(String path, Class<? extends Actor<M>> type);

  /**
   * Tells which actors have the most messages waiting, and what they are doing. Every executor
   * looks at all of its actors in one turn, some tens of nanoseconds for each.
   *
   * @param limit how many actors to tell of; at least 1
   * @return the actors, the longest mailbox first; without those of executors that have ended
   */
  CompletionStage<List<ActorInfo>> actors(int limit);

  /**
   * Has an actor told what happens in this system. It gets each event once, as a message, however
   * many of its subscriptions match. What comes of the turns of subscribers, their failures and
   * what they send in vain, is told to nobody, so that no event is about the handling of events.
   * The subscription ends when the actor stops. An event that finds its mailbox full is counted as
   * a dead letter, but is not one that others are told of.
   *
   * <pre>{@code
   * system.subscribe(DeadLetter.class, monitor);
   * system.subscribe(ActorFailure.class, context.adapt(ActorFailure.class, Alarm::new));
   * }</pre>
   *
   * @param type which events; {@link SystemEvent} for all
   * @param subscriber an actor, or an {@link ActorContext#adapt adapter} of one
   * @param <E> the type of the events
   * @throws IllegalArgumentException if the address is not of an actor, or of an adapter; a router
   *     is none here
   */
  <E extends SystemEvent> void subscribe(Class<E> type, ActorRef<? super E> subscriber);

  /**
   * Ends all subscriptions of an actor. Events that are on their way still come.
   *
   * @param subscriber the address that was subscribed
   */
  void unsubscribe(ActorRef<?> subscriber);

  /**
   * Runs a task to its end and returns its value; for the main program.
   *
   * @param root the task; runs on the first executor, in the default class
   * @param <T> the type of the value
   * @return the value
   * @throws IllegalStateException on the thread of an executor, or if the system is closed; for
   *     other failures see {@link JoinHandle#join}
   */
  <T extends @Nullable Object> T run(Task<T> root);

  /**
   * Has a task run with all defaults.
   *
   * @param task the task
   * @param <T> the type of the value
   * @return the way to wait for it, or to cancel it
   * @throws IllegalStateException if the system is closed
   */
  default <T extends @Nullable Object> JoinHandle<T> submit(Task<T> task) {
    return submit(task, TaskOptions.defaults());
  }

  /**
   * Has a task run.
   *
   * @param task the task
   * @param options executor, class, deadline
   * @param <T> the type of the value
   * @return the way to wait for it, or to cancel it
   * @throws IllegalStateException if the system is closed
   */
  <T extends @Nullable Object> JoinHandle<T> submit(Task<T> task, TaskOptions options);

  /**
   * Has a task run on every executor, in the default class.
   *
   * @param task the task; runs once on each executor, at the same time
   * @param <T> the type of the values
   * @return one handle per executor, by index: each has its own value or failure
   * @throws IllegalStateException if the system is closed
   */
  default <T extends @Nullable Object> List<JoinHandle<T>> submitToEach(Task<T> task) {
    return executors().stream()
        .map(executor -> submit(task, TaskOptions.defaults().onExecutor(executor)))
        .toList();
  }

  /**
   * Runs code that blocks on a thread that is no executor's: virtual threads where the JDK has them
   * (21 and later), else platform threads, at most as many at a time as {@link
   * ExecutorPool#withOffload} says.
   *
   * @param work the code; when the system is closed it is interrupted, and its outcome is dropped
   * @param <T> the type of the value
   * @return the value or the failure; a {@link java.util.concurrent.RejectedExecutionException} if
   *     too much work waits already, or the system is closed
   */
  <T extends @Nullable Object> CompletionStage<T> offload(Callable<T> work);

  /**
   * Makes a priority class known before anybody is spawned into it, so that a wrong one shows here.
   * Spawning does it too.
   *
   * @param priorityClass the class
   * @throws IllegalArgumentException if the system has another class of this name
   */
  void addPriorityClass(PriorityClass priorityClass);

  /**
   * Forgets a priority class and its task queues; the name may be given to another one.
   *
   * @param priorityClass a class of this system
   * @throws IllegalArgumentException if the system does not know it, or it is the default class
   * @throws IllegalStateException if actors live in it
   */
  void removePriorityClass(PriorityClass priorityClass);

  /**
   * What the system has done so far.
   *
   * @return a snapshot
   */
  SystemStats stats();

  /**
   * Complete when the system has ended: its actors have stopped and its threads are gone.
   *
   * @return completed by the thread that closes the system; fails with a {@link RingletException}
   *     if the system was closed because an executor had died, with what it died of as the cause
   */
  CompletionStage<Void> whenTerminated();

  /** Closes with a deadline of ten seconds; see {@link #close(Duration)}. */
  @Override
  void close();

  /**
   * Stops all actors, leaf first, cancels their operations, gives memory and sockets back, and
   * joins the threads. A second call does nothing. Called from an executor thread it throws,
   * because that thread would wait for itself.
   *
   * @param deadline how long actors may take to stop; then executors end without them, which is
   *     logged with their paths
   */
  void close(Duration deadline);
}
