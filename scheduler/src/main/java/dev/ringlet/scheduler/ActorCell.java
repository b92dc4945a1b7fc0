package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorInfo;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.spi.MailboxEntry;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One actor: its address, its mailbox and its state, in one small object. This class has the turns,
 * and is the only one that calls the actor. What it is besides stands in the classes it extends,
 * each with a duty of its own:
 *
 * <ul>
 *   <li>{@link Task}: a mailbox, and its place in a task queue. It stands there at most once, and
 *       only while it has something to do.
 *   <li>{@link CellAddress}: what any thread may do, above all send.
 *   <li>{@link CellLife}: start, failure, restart and stop, children and watchers.
 * </ul>
 *
 * <p>They are one object because each word counts where there are millions of them. What most idle
 * actors do not have is in {@link CellExtras}. Owner executor only.
 */
class ActorCell<M> extends CellLife<M> {
  private final CellContext<M> context;
  private @Nullable Actor<M> actor;

  /**
   * @param policies from {@link Policies#of}
   */
  ActorCell(
      CoreExecutor executor,
      TaskQueue queue,
      @Nullable ActorCell<?> parent,
      @Nullable String name,
      Object policies) {
    super(executor, queue, parent, name, policies);
    this.context = new CellContext<>(this);
  }

  @Override
  final ActorCell<M> cell() {
    return this;
  }

  // ---- turns

  @Override
  final boolean step() {
    if ((flags & (WAITING | AT_ONCE | ENDING)) != 0) {
      return stepSpecial();
    }
    Object entry = mailbox == null ? null : mailbox.poll();
    if (entry == null) {
      return false;
    }
    if (executor.isWatched()) {
      executor.handles(entry);
    }
    try {
      deliver(entry);
    } catch (Throwable failure) {
      failed(failure);
    }
    return true;
  }

  private void deliver(Object entry) throws Exception {
    if (!(entry instanceof MailboxEntry)) {
      receive(actor(), entry);
    } else if (entry instanceof Envelope envelope) {
      envelope.deliver(this);
    } else {
      ((Source) entry).deliver(this);
    }
  }

  /** What an envelope had in it. In a turn. */
  final void deliverEntry(Object entry) throws Exception {
    if (entry instanceof Envelope envelope) {
      envelope.deliver(this);
    } else {
      receive(actor(), entry);
    }
  }

  private void receive(Actor<M> receiver, Object message) throws Exception {
    @SuppressWarnings("unchecked") // tell and the adapters let only this type in
    M typed = (M) message;
    receiver.receive(typed, context);
  }

  /** Hands a message that an adapter made to the actor. In a turn. */
  final void receiveAdapted(@Nullable Object message) throws Exception {
    receive(
        actor(),
        Objects.requireNonNull(
            message, "the adapter gave null; give a message, also for failures"));
  }

  /** Hands what an outcome has become to the actor, maybe with a context. In a turn. */
  final void receiveOutcome(@Nullable Object message) throws Exception {
    if (message instanceof Carried carried) {
      carried.deliver(this);
    } else {
      receiveAdapted(message);
    }
  }

  /** Hands a message to the actor that its {@link ReceiveTimeout} stands in front of. */
  final void receiveBehind(Actor<?> behind, Object message) throws Exception {
    @SuppressWarnings("unchecked") // it was this cell's
    Actor<M> own = (Actor<M>) behind;
    receive(own, message);
  }

  /** The first turn, or a turn that had yielded or awaited, has ended. */
  void turnEnded() {}

  private void endTurn() {
    if ((flags & WAITING) == 0) {
      turnEnded();
    }
  }

  /** Only in a turn of this actor. */
  final void checkTurn(String method) {
    if (executor.isCurrent() && executor.running() == this) {
      return;
    }
    throw new IllegalStateException(
        method
            + " was called outside a turn of "
            + path()
            + ", on thread "
            + Thread.currentThread().getName()
            + "; keep context.self() and send a message, or hand the stage to context.pipe");
  }

  /** Only in a turn, and not in postStop or preRestart. */
  final void checkLiving(String method) {
    checkTurn(method);
    if ((flags & ENDING) != 0) {
      throw new IllegalStateException(
          method + ": " + path() + " is stopping or restarting; do this before, or in preStart");
    }
  }

  // ---- the first turn and the last of an instance

  @Override
  final void instantiate(Supplier<? extends Actor<M>> factory) throws Exception {
    Actor<M> made = Objects.requireNonNull(factory.get(), "the actor's factory gave null");
    actor = made;
    made.preStart(context);
    flags |= STARTED;
    endTurn();
  }

  @Override
  final void leaveInstance(Throwable failure) {
    Actor<M> failed = actor;
    if (failed != null) {
      try {
        failed.preRestart(failure, context);
      } catch (Throwable another) {
        Failures.rethrowFatal(another);
        record(another);
      } finally {
        actor = null;
      }
    }
  }

  @Override
  final void endInstance() {
    Actor<M> stopped = actor;
    if (stopped != null) {
      try {
        stopped.postStop(context);
      } catch (Throwable failure) {
        Failures.rethrowFatal(failure);
        record(failure);
      } finally {
        actor = null;
      }
    }
  }

  // ---- behaviour

  final void become(Actor<M> next) {
    CellExtras own = extras();
    if (own.firstClass == null) {
      own.firstClass = actorClass();
    }
    actor = actor instanceof ReceiveTimeout<M> timeout ? timeout.over(next) : next;
  }

  final void receiveTimeout(long nanos, Object message) {
    cancelReceiveTimeout();
    actor = new ReceiveTimeout<>(this, actor(), nanos, message);
  }

  @Override
  final void cancelReceiveTimeout() {
    if (actor instanceof ReceiveTimeout<M> timeout) {
      timeout.end();
      actor = timeout.actor();
    }
  }

  final Stash stash() {
    CellExtras own = extras();
    if (own.stash == null) {
      own.stash = new Stash(this);
    }
    return own.stash;
  }

  private Actor<M> actor() {
    return Objects.requireNonNull(actor);
  }

  /** Of what the user has written. */
  final Class<?> actorClass() {
    Actor<M> own = actor();
    return (own instanceof ReceiveTimeout<M> timeout ? timeout.actor() : own).getClass();
  }

  /** Of what the factory has made; null before it has. */
  final @Nullable Class<?> firstClass() {
    if (actor == null) {
      return null;
    }
    CellExtras own = extrasOrNull();
    return own != null && own.firstClass != null ? own.firstClass : actorClass();
  }

  // ---- yield and await

  final void yieldTurn(Runnable rest) {
    checkMayWait();
    extras().continuation = rest;
    flags |= RESUME;
    queue.yields.add(1);
  }

  /** The slice of the queue ends with this activation too. */
  final void yieldQueue(Runnable rest) {
    yieldTurn(rest);
    executor.endSlice();
    queue.queueYields.add(1);
  }

  /** Nothing is handled until {@link #awaitCompleted}. */
  final void suspend(Operation<?> awaited) {
    checkMayWait();
    extras().continuation = awaited;
    flags |= SUSPENDED;
    executor.buffers().actorAwaits();
  }

  /** Whether it awaits something and takes nothing until then. */
  final boolean isSuspended() {
    return (flags & SUSPENDED) != 0;
  }

  /** The operation was refused after all. */
  final void unsuspend() {
    extras().continuation = null;
    flags &= ~SUSPENDED;
  }

  final void awaitCompleted(Operation<?> awaited) {
    assert extras().continuation == awaited;
    flags = (flags & ~SUSPENDED) | RESUME;
    schedule();
  }

  private void checkMayWait() {
    if ((flags & WAITING) != 0) {
      throw new IllegalStateException(
          path() + ": this turn has yielded or awaited already; chain from the continuation");
    }
  }

  @Override
  final void resume() {
    CellExtras own = extras();
    Object rest = Objects.requireNonNull(own.continuation);
    own.continuation = null;
    flags &= ~RESUME;
    try {
      if (rest instanceof Operation<?> completed) {
        completed.deliver(this);
      } else {
        ((Runnable) rest).run();
      }
      endTurn();
    } catch (Throwable failure) {
      failed(failure);
    }
  }

  @Override
  final void dropContinuation() {
    int waiting = flags & WAITING;
    if (waiting == 0) {
      return;
    }
    flags &= ~WAITING;
    CellExtras own = extras();
    if (own.continuation instanceof Operation<?> operation) {
      if (waiting == SUSPENDED) {
        operation.abandon();
      } else {
        operation.undelivered();
      }
    }
    own.continuation = null;
  }

  // ---- where it stands, and what it is doing

  final void changePriorityClass(PriorityClass priorityClass) {
    TaskQueue old = queue;
    TaskQueue other = executor.enter(priorityClass);
    queue = other;
    old.membership().leave();
    CellExtras own = extrasOrNull();
    if (own == null) {
      return;
    }
    int sources = 0;
    for (Source source = own.firstSource; source != null; source = source.next()) {
      sources++;
    }
    old.sourcesChanged(-sources);
    other.sourcesChanged(sources);
  }

  final int mailboxSize() {
    return mailbox == null ? 0 : mailbox.size();
  }

  /** What it is doing. Owner executor. */
  final ActorInfo info() {
    return new ActorInfo(
        path(),
        actor == null ? "" : actorClass().getName(),
        executor.index(),
        queue.priorityClass().name(),
        state(),
        mailboxSize());
  }
}
