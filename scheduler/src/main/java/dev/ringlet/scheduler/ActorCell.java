package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.PriorityClass;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One actor: its address, its mailbox and its state, in one small object.
 *
 * <pre>
 * from        to          by
 * -           starting    spawn: the first mailbox entry makes the actor
 * starting    started     preStart has returned
 * started     suspended   await, until the operation is complete
 * started     restarting  a failure under Supervision.restart, until the children have stopped
 * restarting  starting    a new instance
 * any         stopping    stop, or a failure, until the children have stopped
 * stopping    terminated  postStop has returned
 * </pre>
 *
 * <p>A cell stands in its task queue at most once, and only while it has something to do. The
 * mailbox is lent to it by the executor while messages wait. Owner executor only, but for what
 * {@link ActorRef} offers, {@link #send} and {@link #stopFromAnywhere}.
 */
class ActorCell<M> extends Task implements ActorRef<M> {
  private static final System.Logger LOG = System.getLogger(ActorCell.class.getName());

  private final @Nullable ActorCell<?> parent;
  private final @Nullable String name;
  private final long id;
  private final CellContext<M> context;

  /** Says what a failure does; a factory besides it where that is a restart. */
  private final Object recovery;

  private @Nullable Actor<M> actor;
  private @Nullable CellExtras extras;

  /** The parent's list of children; parent's executor. */
  @Nullable ActorCell<?> nextSibling;

  /** The parent's list of children; parent's executor. */
  @Nullable ActorCell<?> previousSibling;

  ActorCell(
      CoreExecutor executor,
      TaskQueue queue,
      @Nullable ActorCell<?> parent,
      @Nullable String name,
      Supervision supervision,
      Supplier<? extends Actor<M>> factory) {
    super(executor, queue, parent == null ? INTERNAL : 0);
    this.parent = parent;
    this.name = name;
    this.id = executor.system().nextActorId();
    this.recovery = supervision.restarts() ? new Restart<>(factory) : supervision;
    this.context = new CellContext<>(this);
  }

  private record Restart<M>(Supplier<? extends Actor<M>> factory) {}

  // ---- the address: any thread

  @Override
  public void tell(M message) {
    Objects.requireNonNull(message, "message");
    // A request that a user sends as a message must not be taken for the runtime's own entry.
    send(message instanceof Source ? new Wrapped(message) : message);
  }

  @Override
  public <R> CompletionStage<R> ask(
      Function<? super ActorRef<R>, ? extends M> message, Duration timeout) {
    return AskPromise.ask(this, message, timeout);
  }

  @Override
  public String path() {
    String own = name != null ? name : "$" + id;
    return parent == null ? "/" + own : parent.path() + "/" + own;
  }

  @Override
  public String toString() {
    return path();
  }

  /** Puts an entry into the mailbox. Any thread. */
  void send(Object entry) {
    if (executor.isCurrent()) {
      enqueue(entry);
    } else {
      executor.send(new RemoteMessage(this, entry), queue.urgent());
    }
  }

  /** Any thread. */
  void stopFromAnywhere() {
    if (executor.isCurrent()) {
      requestStop();
    } else {
      executor.send(new StopCommand(this), true);
    }
  }

  @Nullable ActorCell<?> parent() {
    return parent;
  }

  @Nullable String givenName() {
    return name;
  }

  @Override
  void undeliverable(Object entry) {
    if (entry instanceof Envelope envelope) {
      envelope.undelivered(this);
    } else if (entry instanceof Source source) {
      source.undelivered();
    } else {
      executor.system().deadLetters().add(this, entry);
    }
  }

  // ---- turns

  @Override
  boolean step() {
    if ((flags & (WAITING | STOP | ENDING)) != 0) {
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
    if (entry instanceof Envelope envelope) {
      envelope.deliver(this);
    } else if (entry instanceof Source source) {
      source.deliver(this);
    } else {
      receive(entry);
    }
  }

  private void receive(Object message) throws Exception {
    @SuppressWarnings("unchecked") // tell and the adapters let only this type in
    M typed = (M) message;
    actor().receive(typed, context);
  }

  /** Hands a message that an adapter made to the actor. In a turn. */
  void receiveAdapted(@Nullable Object message) throws Exception {
    receive(
        Objects.requireNonNull(
            message, "the adapter gave null; give a message, also for failures"));
  }

  private boolean stepSpecial() {
    if ((flags & TERMINATED) != 0) {
      return false;
    }
    if ((flags & STOP) != 0) {
      beginStop();
    } else if ((flags & (STOPPING | RESTARTING)) != 0) {
      finishWithoutChildren();
    } else if ((flags & RESUME) != 0) {
      resume();
      return true;
    }
    return false;
  }

  // ---- yield and await

  void yieldTurn(Runnable rest) {
    checkMayWait();
    extras().continuation = rest;
    flags |= RESUME;
    queue.yields.add(1);
  }

  /** The slice of the queue ends with this activation too. */
  void yieldQueue(Runnable rest) {
    yieldTurn(rest);
    executor.endSlice();
    queue.queueYields.add(1);
  }

  void changePriorityClass(PriorityClass priorityClass) {
    TaskQueue old = queue;
    TaskQueue other = executor.enter(priorityClass);
    queue = other;
    old.membership().leave();
    CellExtras own = extras;
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

  /** Nothing is handled until {@link #awaitCompleted}. */
  void suspend(Operation<?> awaited) {
    checkMayWait();
    extras().continuation = awaited;
    flags |= SUSPENDED;
  }

  /** The operation was refused after all. */
  void unsuspend() {
    extras().continuation = null;
    flags &= ~SUSPENDED;
  }

  void awaitCompleted(Operation<?> awaited) {
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

  private void resume() {
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

  private void endTurn() {
    if ((flags & WAITING) == 0) {
      turnEnded();
    }
  }

  private void dropContinuation() {
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

  // ---- start, failure, restart, stop

  /** The first activation will make the actor. Owner executor. */
  void begin(Supplier<? extends Actor<M>> factory) {
    if ((flags & INTERNAL) == 0) {
      executor.counters().actors.add(1);
    }
    if (isGuest()) {
      executor.guests().add(this);
    }
    enqueue(new Start<>(factory));
  }

  private boolean isGuest() {
    return parent != null && parent.executor() != executor;
  }

  /** It came too late to begin: the executor's actors are being stopped. Owner executor. */
  void refuse() {
    flags |= TERMINATED;
    queue.membership().leave();
    executor.system().forgetName(this);
    terminated();
  }

  void instantiate(Supplier<? extends Actor<M>> factory) throws Exception {
    Actor<M> made = Objects.requireNonNull(factory.get(), "the actor's factory gave null");
    actor = made;
    made.preStart(context);
    flags |= STARTED;
    endTurn();
  }

  // ---- what a task does in its own way

  /** The guardian has it as a child; it begins next. */
  void adopted() {}

  /** The first turn, or a turn that had yielded or awaited, has ended. */
  void turnEnded() {}

  void record(Throwable failure) {
    executor.system().failures().record(this, failure);
  }

  /** It has stopped, or was refused. */
  void terminated() {}

  /** Its executor ends without it. */
  void leftBehind() {
    emptyMailbox();
  }

  private void failed(Throwable failure) {
    Failures.rethrowFatal(failure);
    record(failure);
    dropContinuation();
    boolean started = (flags & STARTED) != 0;
    if (started && recovery instanceof Restart) {
      beginRestart(failure);
    } else if (!started || !((Supervision) recovery).resumes()) {
      flags |= STOP;
    }
  }

  private void beginRestart(Throwable failure) {
    flags = (flags & ~STARTED) | RESTARTING;
    extras().failure = failure;
    quiesce();
    finishWithoutChildren();
  }

  private void finishRestart() {
    CellExtras own = extras();
    Throwable failure = Objects.requireNonNull(own.failure);
    own.failure = null;
    try {
      actor().preRestart(failure, context);
      actor = null;
      flags &= ~RESTARTING;
      executor.system().failures().restarted();
      @SuppressWarnings("unchecked") // made by the constructor
      Restart<M> restart = (Restart<M>) recovery;
      instantiate(restart.factory());
    } catch (Throwable another) {
      flags &= ~RESTARTING;
      failed(another);
    }
  }

  void requestStop() {
    if ((flags & (STOPPING | TERMINATED)) == 0) {
      flags |= STOP;
      schedule();
    }
  }

  private void beginStop() {
    flags = (flags & ~(STOP | RESTARTING)) | STOPPING;
    quiesce();
    finishWithoutChildren();
  }

  /** What is stopping or restarting goes on when the last child has stopped. */
  private void finishWithoutChildren() {
    if (hasChildren()) {
      return;
    }
    if ((flags & STOPPING) != 0) {
      finishStop();
    } else {
      finishRestart();
    }
  }

  /** Ends all that the actor has started. */
  private void quiesce() {
    dropContinuation();
    CellExtras own = extras;
    if (own == null) {
      return;
    }
    while (own.firstSource != null) {
      own.firstSource.abandon();
    }
    if (own.timers != null) {
      own.timers.cancelAll();
    }
    own.children.forEach(ActorCell::stopFromAnywhere);
  }

  private boolean hasChildren() {
    return extras != null && !extras.children.isEmpty();
  }

  void childTerminated(ActorCell<?> child) {
    extras().children.remove(child);
    if ((flags & INTERNAL) != 0) {
      executor.system().forgetName(child);
    }
    if ((flags & (STOPPING | RESTARTING)) != 0 && !hasChildren()) {
      schedule();
    }
  }

  private void finishStop() {
    if (actor != null) {
      try {
        actor.postStop(context);
      } catch (Throwable failure) {
        Failures.rethrowFatal(failure);
        record(failure);
      }
    }
    flags = (flags & (SCHEDULED | INTERNAL)) | TERMINATED;
    actor = null;
    extras = null;
    if ((flags & INTERNAL) == 0) {
      executor.counters().actors.add(-1);
    }
    if (isGuest()) {
      executor.guests().remove(this);
    }
    queue.membership().leave();
    emptyMailbox();
    tellParent();
    terminated();
    LOG.log(Level.TRACE, "{0}: stopped", this);
  }

  /** It is no more; telling it twice does no harm. Any thread. */
  final void tellParent() {
    if (parent != null) {
      parent.executor().runOrSend(new ChildTerminated(parent, this), parent.queue().urgent());
    }
  }

  /** Nobody will handle what waits. */
  void emptyMailbox() {
    for (LocalMailbox left = mailbox; left != null && !left.isEmpty(); ) {
      undeliverable(Objects.requireNonNull(left.poll()));
    }
  }

  // ---- for the context

  Actor<M> actor() {
    return Objects.requireNonNull(actor);
  }

  CellExtras extras() {
    CellExtras own = extras;
    if (own == null) {
      own = new CellExtras();
      extras = own;
    }
    return own;
  }

  /** On the way to its end; takes no more children. */
  boolean isEnding() {
    return (flags & (STOP | ENDING)) != 0;
  }

  /** Only in a turn of this actor. */
  void checkTurn(String method) {
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
  void checkLiving(String method) {
    checkTurn(method);
    if ((flags & ENDING) != 0) {
      throw new IllegalStateException(
          method + ": " + path() + " is stopping or restarting; do this before, or in preStart");
    }
  }

  /** Children and what they are doing, for the report of a close that came to its deadline. */
  void collectLiving(Consumer<ActorCell<?>> sink) {
    if (extras != null) {
      extras.children.forEach(
          child -> {
            sink.accept(child);
            if (child.executor() == executor) {
              child.collectLiving(sink);
            }
          });
    }
  }
}
