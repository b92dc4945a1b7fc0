package dev.ringlet.actor;

import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.SystemStats;
import dev.ringlet.spi.ActorSystemProvider;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

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
   * Asks an actor to stop after its current message; returns at once.
   *
   * @param actor an address of this system
   * @throws IllegalArgumentException if the address is not of an actor of this system
   */
  void stop(ActorRef<?> actor);

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
