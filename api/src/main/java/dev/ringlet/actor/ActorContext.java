package dev.ringlet.actor;

import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.IoSubscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an actor may do during its turn.
 *
 * <p><b>Thread:</b> owner executor, and only while one of the actor's own methods or continuations
 * runs. Every method throws {@link IllegalStateException} otherwise, with a message that tells the
 * fix; what must outlive the turn is {@link #self()}, taken during it.
 *
 * @param <M> the type of messages the actor accepts
 */
public interface ActorContext<M> {
  /**
   * The actor's own address.
   *
   * @return the address; may be kept and used anywhere
   */
  ActorRef<M> self();

  /**
   * The system the actor belongs to.
   *
   * @return the system; may be kept and used anywhere
   */
  ActorSystem system();

  /**
   * The executor the actor lives on.
   *
   * @return the executor; may be kept and used anywhere
   */
  ActorExecutor executor();

  /**
   * The class whose share of the core the actor's turns are charged to.
   *
   * @return the class
   */
  PriorityClass priorityClass();

  /**
   * Moves the actor to another class, from the end of the current activation on. Children that it
   * has already stay where they are.
   *
   * @param priorityClass the class; made known to the system if it is new
   * @throws IllegalArgumentException if the system has another class of this name
   */
  void changePriorityClass(PriorityClass priorityClass);

  /**
   * Spawns a child. It inherits the priority class and the executor unless the options say
   * otherwise, and stops before its parent does.
   *
   * @param factory makes the actor; called on the child's executor, again for each restart
   * @param options name, class, executor, supervision
   * @param <C> the type of messages the child accepts
   * @return the child's address, usable at once
   * @throws IllegalArgumentException if a living sibling has the name
   */
  <C> ActorRef<C> spawn(Supplier<? extends Actor<C>> factory, ActorOptions options);

  /**
   * Spawns a pool: a router, and routees of its own that it is the parent of, named {@code 0} and
   * so on. Each of them is supervised as the options say; one that escalates stops the pool.
   *
   * @param routees how many, on this executor or on the one that the options name; 1 to 65536
   * @param factory makes the routee of an index; called on the routee's executor, again for each
   *     restart
   * @param routing which routee gets a message
   * @param options name of the router; class, supervision, mailbox and stash of the routees
   * @param <C> the type of messages the routees accept
   * @return the address of the router, usable at once
   * @throws IllegalArgumentException if there are no routees, or if a living sibling has the name
   */
  <C> RouterRef<C> spawnPool(
      int routees,
      IntFunction<? extends Actor<C>> factory,
      Routing<C> routing,
      ActorOptions options);

  /**
   * Spawns a router whose routees are there already, and live on when it stops.
   *
   * @param routees addresses of actors, none twice
   * @param routing which routee gets a message
   * @param options name, class and executor of the router
   * @param <C> the type of messages the routees accept
   * @return the address of the router, usable at once
   * @throws IllegalArgumentException if there are no routees, or an address is not of an actor of
   *     this system, or if a living sibling has the name
   */
  <C> RouterRef<C> spawnGroup(
      List<? extends ActorRef<C>> routees, Routing<C> routing, ActorOptions options);

  /**
   * Stops this actor after the current message: children first, leaf to root. A turn that has
   * yielded or awaits ends there; its continuation does not run.
   */
  void stop();

  /**
   * Stops a child after its current message. Does nothing if it has stopped already.
   *
   * @param child an address that {@link #spawn} of this actor returned
   * @throws IllegalArgumentException if the address is not of a child of this actor
   */
  void stop(ActorRef<?> child);

  /**
   * Has a message sent to this actor when another one has stopped, for whatever reason: exactly
   * once, also if it has stopped already, wherever it lives. It comes after all messages that the
   * other one has sent to this actor. Watching again replaces the message. A restart keeps what is
   * watched.
   *
   * @param actor the address of another actor, or of an {@link #adapt adapter} of one
   * @param message the message
   * @throws IllegalArgumentException if the address is not of another actor
   */
  void watch(ActorRef<?> actor, M message);

  /**
   * Ends a {@link #watch}: its message does not come any more, even if it waits in the mailbox
   * already. Does nothing if the actor is not watched.
   *
   * @param actor the address that was watched
   */
  void unwatch(ActorRef<?> actor);

  /**
   * Has another object handle this actor's messages, from the next one on. Neither {@code preStart}
   * nor {@code postStop} is called for the change; a restart begins with the factory again.
   *
   * @param next handles the messages, and is told of restart and stop
   */
  void become(Actor<M> next);

  /**
   * Puts a message aside until {@link #unstashAll}. A question keeps waiting for its answer. What
   * is aside when the actor restarts comes back by itself, what is aside when it stops is not
   * handled, as what waits in the mailbox.
   *
   * @param message the message of this turn
   * @throws IllegalStateException if {@link ActorOptions#stashCapacity} messages are aside
   */
  void stash(M message);

  /** Has the messages that are put aside handled next, in the order in which they came. */
  void unstashAll();

  /**
   * Has a message sent to this actor whenever it has got none for a time. Replaces an earlier one;
   * ends with a restart.
   *
   * @param timeout how long; more than zero
   * @param message the message; does not count as one that was got
   */
  void receiveTimeout(Duration timeout, M message);

  /** Ends {@link #receiveTimeout}; does nothing if there is none. */
  void cancelReceiveTimeout();

  /**
   * Sends a message that carries a reply address, and gets the answer as a message.
   *
   * <p>The answer is a failure, {@link AskTimeoutException} or {@link ActorStoppedException}, as
   * with {@link ActorRef#ask}. A reply that comes later is a dead letter.
   *
   * @param target whom to ask
   * @param message builds the message from the address to reply to
   * @param timeout how long to wait for the reply; more than zero
   * @param adapter makes the message from the reply or the failure; runs in a turn of this actor
   * @param <T> the type of messages the target accepts
   * @param <R> the type of the reply
   */
  <T, R> void ask(
      ActorRef<T> target,
      Function<? super ActorRef<R>, ? extends T> message,
      Duration timeout,
      BiFunction<? super @Nullable R, ? super @Nullable Throwable, ? extends M> adapter);

  /**
   * An address of this actor for those who speak another protocol.
   *
   * @param type the class of their messages; shows in the path
   * @param adapter makes the message from theirs; runs in a turn of this actor, and its failure is
   *     the actor's
   * @param <T> the type of their messages
   * @return the address; may be kept and used anywhere
   */
  <T> ActorRef<T> adapt(Class<T> type, Function<? super T, ? extends M> adapter);

  /**
   * Whether others wait for the core: then finish soon, or {@link #yield}. Costs a few nanoseconds,
   * made for inner loops.
   *
   * @return true if the actor should give the core back
   */
  boolean needPreempt();

  /**
   * Gives the core back and goes on later: when the current method returns, the turn ends; the
   * continuation runs as the rest of the same turn, before any further message, from the back of
   * the actor's task queue.
   *
   * @param continuation the rest of the work
   * @throws IllegalStateException if this turn has yielded or awaited already
   */
  void yield(Runnable continuation);

  /**
   * Gives the core to another priority class: as {@link #yield}, and the slice of the actor's task
   * queue ends too. The queue is not picked again before another runnable queue has run.
   *
   * @param continuation the rest of the work
   * @throws IllegalStateException if this turn has yielded or awaited already
   */
  void yieldQueue(Runnable continuation);

  /**
   * Waits for an operation with the mailbox suspended: when the current method returns, no message
   * is handled until the continuation has run. Other actors run meanwhile; nothing blocks.
   *
   * @param op an operation that was not started yet
   * @param continuation gets the value, or the failure
   * @param <T> the type of the value
   * @throws IllegalStateException if this turn has yielded or awaited already
   */
  <T> void await(
      IoOp<T> op, BiConsumer<? super @Nullable T, ? super @Nullable IoException> continuation);

  /**
   * Starts an operation whose outcome comes back as a message.
   *
   * @param op an operation that was not started yet; cancelled when the actor stops
   * @param adapter makes the message from the value or the failure; runs in a turn of this actor
   * @param <T> the type of the value
   */
  <T> void pipe(
      IoOp<T> op,
      BiFunction<? super @Nullable T, ? super @Nullable IoException, ? extends M> adapter);

  /**
   * Gets the outcome of a stage as a message.
   *
   * @param stage a stage that any thread may complete
   * @param adapter makes the message from the value or the failure; runs in a turn of this actor
   * @param <T> the type of the value
   */
  <T> void pipe(
      CompletionStage<T> stage,
      BiFunction<? super @Nullable T, ? super @Nullable Throwable, ? extends M> adapter);

  /**
   * Runs code that blocks elsewhere, see {@link ActorSystem#offload}, and gets the outcome as a
   * message.
   *
   * @param work the code; must not touch the actor's state
   * @param adapter makes the message from the value or the failure; runs in a turn of this actor
   * @param <T> the type of the value
   */
  default <T> void offload(
      Callable<T> work,
      BiFunction<? super @Nullable T, ? super @Nullable Throwable, ? extends M> adapter) {
    pipe(system().offload(work), adapter);
  }

  /**
   * Gets each element of a stream as a message. A regular end is silent; a failure of the stream is
   * a failure of this actor.
   *
   * @param stream a stream of this executor
   * @param onElement makes the message; runs in a turn of this actor
   * @param initialDemand how many elements may come before the next {@link IoSubscription#request};
   *     {@link Long#MAX_VALUE} means no limit
   * @param <T> the type of the elements
   * @return the way to ask for more, or to cancel; cancelled when the actor stops
   */
  <T> IoSubscription subscribe(
      IoStream<T> stream, Function<? super T, ? extends M> onElement, long initialDemand);

  /**
   * Gets each element of a stream, and its end, as messages.
   *
   * @param stream a stream of this executor
   * @param onElement makes the message of an element; runs in a turn of this actor
   * @param onEnd makes the last message, from null (regular end) or the failure; not called after
   *     {@link IoSubscription#cancel}
   * @param initialDemand how many elements may come before the next {@link IoSubscription#request};
   *     {@link Long#MAX_VALUE} means no limit
   * @param <T> the type of the elements
   * @return the way to ask for more, or to cancel; cancelled when the actor stops
   */
  <T> IoSubscription subscribe(
      IoStream<T> stream,
      Function<? super T, ? extends M> onElement,
      Function<? super @Nullable IoException, ? extends M> onEnd,
      long initialDemand);

  /**
   * The actor's timers; all end with it.
   *
   * @return the timers
   */
  Timers<M> timers();

  /**
   * Files, sockets and buffers of the actor's executor.
   *
   * @return the entry to I/O
   */
  Io io();

  /**
   * A logger named after the actor's class.
   *
   * @return the logger
   */
  System.Logger log();
}
