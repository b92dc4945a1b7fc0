package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorInfo;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorStoppedException;
import dev.ringlet.actor.DeadLetter.Reason;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.spi.MailboxEntry;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
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
 * any         restarting  a failure that a restart answers, until the children have stopped and the
 *                         pause is over
 * restarting  starting    a new instance
 * any         stopping    stop, or a failure, until the children have stopped
 * stopping    terminated  postStop has returned
 * </pre>
 *
 * <p>A cell stands in its task queue at most once, and only while it has something to do. The
 * mailbox is lent to it by the executor while messages wait. Owner executor only, but for what
 * {@link ActorRef} offers, {@link #send} and {@link #stopFromAnywhere}.
 */
class ActorCell<M> extends Task implements Recipient<M> {
  private static final System.Logger LOG = System.getLogger(ActorCell.class.getName());

  private final @Nullable ActorCell<?> parent;
  private final @Nullable String name;
  private final long id;
  private final CellContext<M> context;

  /** A {@link Supervision}; {@link Policies} where there is more to say. */
  private final Object policies;

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
      Object policies) {
    super(executor, queue, parent == null ? INTERNAL | UNBEGUN : UNBEGUN);
    this.parent = parent;
    this.name = name;
    this.id = executor.system().nextActorId();
    this.policies = policies;
    this.context = new CellContext<>(this);
  }

  /** Most actors are served by the first; the fewer words each of them has, the better. */
  static <M> Object policies(ActorOptions options, Supplier<? extends Actor<M>> factory) {
    Supervision supervision = options.supervision();
    boolean plain =
        !supervision.mayRestart() && options.stashCapacity() == ActorOptions.DEFAULT_STASH_CAPACITY;
    return plain ? supervision : new Policies<>(supervision, factory, options.stashCapacity());
  }

  private record Policies<M>(
      Supervision supervision, Supplier<? extends Actor<M>> factory, int stashCapacity) {}

  private Supervision supervision() {
    return policies instanceof Policies<?> several ? several.supervision() : (Supervision) policies;
  }

  private int stashCapacity() {
    return policies instanceof Policies<?> several
        ? several.stashCapacity()
        : ActorOptions.DEFAULT_STASH_CAPACITY;
  }

  // ---- the address: any thread

  @Override
  public void tell(M message) {
    send(entryFor(Objects.requireNonNull(message, "message")));
  }

  /**
   * What of the runtime a user sends as a message must not be taken for the runtime's own entry.
   */
  @Override
  public final Object entryFor(Object message) {
    return message instanceof MailboxEntry ? new Wrapped(message) : message;
  }

  @Override
  public final ActorCell<?> cellFor(M message) {
    return this;
  }

  @Override
  public final DefaultActorSystem system() {
    return executor.system();
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

  /** As {@link #tell}, of an entry. Any thread. */
  void tellEntry(Object entry) {
    post(entry);
  }

  /** Puts an entry into the mailbox. Any thread. */
  void send(Object entry) {
    if (executor.isCurrent()) {
      enqueue(entry);
    } else {
      executor.send(new RemoteMessage(this, entry, CoreExecutor.runningHere()), queue.urgent());
    }
  }

  @Override
  public final boolean tryTell(M message) {
    return tryPost(system().carrying().entry(entryFor(Objects.requireNonNull(message, "message"))));
  }

  /** As {@link #send}, of a message that a user sends and that may be bounded. Any thread. */
  void post(Object entry) {
    send(entry);
  }

  /** As {@link #post}, of what makes nothing else give way to it. Any thread. */
  void postWhereRoom(Object entry) {
    send(entry);
  }

  /** As {@link #post}; false if there is no room. Any thread. */
  boolean tryPost(Object entry) {
    send(entry);
    return true;
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
  final void undeliverable(Object entry, Reason reason, @Nullable Task sender) {
    if (entry instanceof Envelope envelope) {
      envelope.undelivered(this, reason, sender);
    } else if (entry instanceof Source source) {
      source.undelivered();
    } else {
      executor.system().deadLetters().add(this, entry, reason, sender);
    }
  }

  /** What an asker is told whose question was not taken. Any thread. */
  RuntimeException refusal(Reason reason) {
    return new ActorStoppedException(path());
  }

  // ---- turns

  @Override
  boolean step() {
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
  void deliverEntry(Object entry) throws Exception {
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
  void receiveAdapted(@Nullable Object message) throws Exception {
    receive(
        actor(),
        Objects.requireNonNull(
            message, "the adapter gave null; give a message, also for failures"));
  }

  /** Hands what an outcome has become to the actor, maybe with a context. In a turn. */
  void receiveOutcome(@Nullable Object message) throws Exception {
    if (message instanceof Carried carried) {
      carried.deliver(this);
    } else {
      receiveAdapted(message);
    }
  }

  /** Hands a message to the actor that its {@link ReceiveTimeout} stands in front of. */
  void receiveBehind(Actor<?> behind, Object message) throws Exception {
    @SuppressWarnings("unchecked") // it was this cell's
    Actor<M> own = (Actor<M>) behind;
    receive(own, message);
  }

  private boolean stepSpecial() {
    if ((flags & TERMINATED) != 0) {
      return false;
    }
    flags &= ~CHILDREN_GONE;
    if ((flags & STOP) != 0) {
      beginStop();
    } else if ((flags & REBORN) != 0) {
      finishRestart();
      return true;
    } else if ((flags & (STOPPING | RESTARTING)) != 0) {
      finishWithoutChildren();
    } else if ((flags & CHILD_FAILED) != 0) {
      var unused = goesOnAfter(takeChildFailure());
      return true;
    } else if ((flags & RESUME) != 0) {
      resume();
      return true;
    }
    return false;
  }

  // ---- behaviour

  void become(Actor<M> next) {
    CellExtras own = extras();
    if (own.firstClass == null) {
      own.firstClass = actorClass();
    }
    actor = actor instanceof ReceiveTimeout<M> timeout ? timeout.over(next) : next;
  }

  void receiveTimeout(long nanos, Object message) {
    cancelReceiveTimeout();
    actor = new ReceiveTimeout<>(this, actor(), nanos, message);
  }

  void cancelReceiveTimeout() {
    if (actor instanceof ReceiveTimeout<M> timeout) {
      timeout.end();
      actor = timeout.actor();
    }
  }

  /** Puts the message of this turn aside, with whoever waits for the answer. */
  void stash(Object message) {
    Deque<Object> stash = extras().stash();
    if (stash.size() == stashCapacity()) {
      throw new IllegalStateException(
          path()
              + ": "
              + stash.size()
              + " messages are stashed; unstash earlier, or raise ActorOptions.withStashCapacity");
    }
    Question asked = executor.asked();
    stash.add(
        asked != null && asked.asks(message)
            ? asked
            : system().carrying().again(entryFor(message), executor));
  }

  /** What was put aside comes before all that waits. */
  void unstashAll() {
    Deque<Object> stash = extras == null ? null : extras.stash;
    if (stash == null) {
      return;
    }
    for (Object entry = stash.pollLast(); entry != null; entry = stash.pollLast()) {
      ownMailbox().addFirst(entry);
    }
  }

  // ---- watching and being watched

  void watch(ActorCell<?> other, Object message) {
    Watch watch = extras().watches().get(other);
    if (watch != null) {
      watch.replace(message);
    } else {
      watch = new Watch(this, other, message);
      extras().watches().put(other, watch);
      watch.begin();
    }
  }

  void unwatch(ActorCell<?> other) {
    Watch watch = extras == null ? null : extras.forgetWatch(other);
    if (watch != null) {
      watch.end();
    }
  }

  void watchedBy(Watch watch) {
    if ((flags & TERMINATED) != 0) {
      watch.tellWatcher();
    } else {
      extras().watchers().add(watch);
    }
  }

  void unwatchedBy(Watch watch) {
    if (extras != null) {
      extras.watchers().remove(watch);
    }
  }

  /** It is no more, or its executor ends without it. */
  private void tellWatchers(@Nullable CellExtras own) {
    if (own != null && own.watchers != null) {
      own.watchers.forEach(Watch::tellWatcher);
      own.watchers = null;
    }
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
    flags &= ~UNBEGUN;
    if ((flags & INTERNAL) == 0) {
      executor.counters().actors.add(1);
    }
    if (isGuest()) {
      executor.guests().add(this);
    }
    ownMailbox().addFirst(new Start<>(factory));
    schedule();
  }

  private boolean isGuest() {
    return parent != null && parent.executor() != executor;
  }

  /**
   * It came too late to begin: the executor's actors are being stopped, or it has ended. Owner
   * executor, or whoever finds that this has ended.
   */
  void refuse() {
    holdNoMail();
    flags = TERMINATED;
    queue.membership().leave();
    executor.system().forgetName(this);
    emptyMailbox();
    CellExtras last = extras;
    extras = null;
    tellWatchers(last);
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
    unstashAll();
    emptyMailbox();
    tellWatchers(extras);
  }

  private void failed(Throwable failure) {
    if (goesOnAfter(failure)) {
      dropContinuation();
    }
  }

  private boolean goesOnAfter(Throwable failure) {
    Failures.rethrowFatal(failure);
    record(failure);
    Supervision policy = policyFor(failure);
    boolean started = (flags & STARTED) != 0;
    if (started && policy.resumes()) {
      return true;
    }
    if (started ? policy.restarts() : policy.retriesStart()) {
      tryRestart(policy, failure);
    } else {
      if (policy.escalates()) {
        escalate(failure);
      }
      flags |= STOP;
    }
    return false;
  }

  private Supervision policyFor(Throwable failure) {
    try {
      return supervision().forFailure(failure);
    } catch (Throwable undecided) {
      Failures.rethrowFatal(undecided);
      record(undecided);
      return Supervision.stop();
    }
  }

  /** Its supervision lets the parent decide; those that the runtime has made decide nothing. */
  private void escalate(Throwable failure) {
    ActorCell<?> up = parent;
    if (up != null && (up.flags & INTERNAL) == 0) {
      up.executor().runOrSend(new ChildFailed(up, failure), true);
    }
  }

  /** A child has failed, and has left it to this actor. Owner executor. */
  void childFailed(Throwable failure) {
    if ((flags & (STOP | ENDING)) == 0) {
      extras().childFailure = failure;
      flags |= CHILD_FAILED;
      schedule();
    }
  }

  private Throwable takeChildFailure() {
    flags &= ~CHILD_FAILED;
    CellExtras own = extras();
    Throwable failure = Objects.requireNonNull(own.childFailure);
    own.childFailure = null;
    return failure;
  }

  private void tryRestart(Supervision policy, Throwable failure) {
    CellExtras own = extras();
    RestartHistory history = own.restarts;
    if (history == null) {
      history = new RestartHistory();
      own.restarts = history;
    }
    long delay =
        history.next(policy, executor.ticker().nanos(), ThreadLocalRandom.current().nextDouble());
    if (delay == RestartHistory.TOO_OFTEN) {
      LOG.log(
          Level.WARNING,
          "{0} has been restarted {1} times within {2}, and stops now",
          this,
          policy.maxRestarts(),
          policy.window());
      flags |= STOP;
      return;
    }
    flags = (flags & ~(STARTED | CHILD_FAILED)) | RESTARTING;
    own.failure = failure;
    own.restartDelayNanos = delay;
    quiesce();
    finishWithoutChildren();
  }

  /** The failed instance goes; the next one comes in a later step, after the pause. */
  private void leaveInstance() {
    CellExtras own = extras();
    Throwable failure = own.failure;
    if (failure == null) {
      return; // The pause is on.
    }
    own.failure = null;
    Actor<M> failed = actor;
    if (failed != null) {
      try {
        failed.preRestart(failure, context);
      } catch (Throwable another) {
        Failures.rethrowFatal(another);
        record(another);
      }
      actor = null;
    }
    if (own.restartDelayNanos == 0) {
      mayBeReborn();
    } else {
      Timer pause = new RestartPause(this);
      own.restartPause = pause;
      executor.schedule(pause, own.restartDelayNanos);
    }
  }

  private void mayBeReborn() {
    extras().restartPause = null;
    flags |= REBORN;
    schedule();
  }

  private static final class RestartPause extends Timer {
    private final ActorCell<?> cell;

    RestartPause(ActorCell<?> cell) {
      this.cell = cell;
    }

    @Override
    void fire() {
      cell.mayBeReborn();
    }
  }

  private void finishRestart() {
    flags &= ~(REBORN | RESTARTING);
    executor.system().failures().restarted(this);
    @SuppressWarnings("unchecked") // made by the constructor
    Policies<M> several = (Policies<M>) policies;
    unstashAll();
    try {
      instantiate(several.factory());
    } catch (Throwable failure) {
      failed(failure);
    }
  }

  void requestStop() {
    if ((flags & (STOPPING | TERMINATED)) == 0) {
      flags |= STOP;
      if ((flags & UNBEGUN) == 0) {
        schedule();
      }
    }
  }

  private void beginStop() {
    flags = (flags & ~(AT_ONCE | RESTARTING)) | STOPPING;
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
      leaveInstance();
    }
  }

  /** Ends all that the actor has started. */
  private void quiesce() {
    dropContinuation();
    cancelReceiveTimeout();
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
    if (own.restartPause != null) {
      executor.cancel(own.restartPause);
      own.restartPause = null;
    }
    own.children.forEach(ActorCell::stopFromAnywhere);
  }

  @Nullable ActorCell<?> child(String givenName) {
    return extras == null ? null : extras.children.named(givenName);
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
      // A flag, because it may come during a look at the end of its own activation.
      flags |= CHILDREN_GONE;
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
    unstashAll();
    CellExtras last = extras;
    flags = (flags & (SCHEDULED | INTERNAL | KEEPS_MAILBOX)) | TERMINATED;
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
    if (last != null) {
      last.endWatches();
      tellWatchers(last);
    }
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
    LocalMailbox left = mailbox;
    if (left != null) {
      for (Object entry = left.poll(); entry != null; entry = left.poll()) {
        undeliverable(entry, Reason.STOPPED, null);
      }
    }
  }

  // ---- for the context

  private Actor<M> actor() {
    return Objects.requireNonNull(actor);
  }

  /** Of what the user has written. */
  Class<?> actorClass() {
    Actor<M> own = actor();
    return (own instanceof ReceiveTimeout<M> timeout ? timeout.actor() : own).getClass();
  }

  /** Of what the factory has made; null before it has. */
  @Nullable Class<?> firstClass() {
    if (actor == null) {
      return null;
    }
    return extras != null && extras.firstClass != null ? extras.firstClass : actorClass();
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

  boolean isRestarting() {
    return (flags & RESTARTING) != 0 && (flags & (STOP | STOPPING | TERMINATED)) == 0;
  }

  int mailboxSize() {
    return mailbox == null ? 0 : mailbox.size();
  }

  /** What it is doing. Owner executor. */
  ActorInfo info() {
    return new ActorInfo(
        path(),
        actor == null ? "" : actorClass().getName(),
        executor.index(),
        queue.priorityClass().name(),
        state(),
        mailboxSize());
  }

  private ActorInfo.State state() {
    if ((flags & (STOP | STOPPING)) != 0) {
      return ActorInfo.State.STOPPING;
    } else if ((flags & RESTARTING) != 0) {
      return ActorInfo.State.RESTARTING;
    } else if ((flags & WAITING) != 0) {
      return ActorInfo.State.WAITING;
    }
    return (flags & STARTED) == 0 ? ActorInfo.State.STARTING : ActorInfo.State.ACTIVE;
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
