package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorInfo;
import dev.ringlet.actor.DeadLetter.Reason;
import dev.ringlet.actor.Supervision;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The life of an actor, from its start to its end, with the children it has and those who watch it.
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
 * any         stopping    the executor ends without it: postStop runs, and no more than that
 * </pre>
 *
 * <p>Stop and restart begin alike: all that the actor has started ends, its children are told to
 * stop, and it goes on when the last of them has. Owner executor only, but for {@link
 * #stopFromAnywhere} and {@link #tellParent}.
 */
abstract class CellLife<M> extends CellAddress<M> {
  private static final System.Logger LOG = System.getLogger(CellLife.class.getName());

  private final Object policies;
  private @Nullable CellExtras extras;

  /** The parent's list of children; parent's executor. */
  @Nullable ActorCell<?> nextSibling;

  /** The parent's list of children; parent's executor. */
  @Nullable ActorCell<?> previousSibling;

  CellLife(
      CoreExecutor executor,
      TaskQueue queue,
      @Nullable ActorCell<?> parent,
      @Nullable String name,
      Object policies) {
    super(executor, queue, parent, name);
    this.policies = policies;
  }

  final Supervision supervision() {
    return Policies.supervision(policies);
  }

  final int stashCapacity() {
    return Policies.stashCapacity(policies);
  }

  // ---- what only its turns can do

  /** Makes the actor and starts it. In a turn. */
  abstract void instantiate(Supplier<? extends Actor<M>> factory) throws Exception;

  /** The rest of a turn goes on. */
  abstract void resume();

  /** The rest of a turn will not go on. */
  abstract void dropContinuation();

  abstract void cancelReceiveTimeout();

  /** The instance that has failed hears of it, and goes. */
  abstract void leaveInstance(Throwable failure);

  /** The actor hears that it has stopped, and goes. */
  abstract void endInstance();

  // ---- what a task and a router do in their own way

  /** The guardian has it as a child; it begins next. */
  void adopted() {}

  void record(Throwable failure) {
    executor.system().failures().record(cell(), failure);
  }

  /** It has stopped, or was refused. */
  void terminated() {}

  /** Its executor ends: children are refused from now on. */
  final void takeNoMore() {
    flags |= STOPPING;
  }

  /** Its executor ends without it: the instance has its last turn all the same. */
  final void endWithExecutor() {
    flags = (flags & ~AT_ONCE) | STOPPING;
    executor.setRunning(cell());
    try {
      endInstance();
    } finally {
      executor.setRunning(null);
    }
  }

  /** Its executor has ended without it. */
  void leftBehind() {
    unstashAll();
    emptyMailbox();
    tellWatchers(extras);
  }

  // ---- start

  /** The first activation will make the actor. */
  void begin(Supplier<? extends Actor<M>> factory) {
    flags &= ~UNBEGUN;
    if ((flags & INTERNAL) == 0) {
      executor.counters().actors.add(1);
    }
    if (isGuest()) {
      executor.residents().guestCame(cell());
    }
    ownMailbox().addFirst(new Start<>(factory));
    schedule();
  }

  private boolean isGuest() {
    ActorCell<?> parent = parent();
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
    executor.system().forgetName(cell());
    emptyMailbox();
    CellExtras last = extras;
    extras = null;
    tellWatchers(last);
    terminated();
  }

  // ---- what comes before messages

  /**
   * Goes on with a stop, a restart, a child's failure or the rest of a turn, whatever is first.
   *
   * @return as {@link #step}
   */
  final boolean stepSpecial() {
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
      Supervisor.failWithChild(cell());
      return true;
    } else if ((flags & RESUME) != 0) {
      resume();
      return true;
    }
    return false;
  }

  /** What is stopping or restarting goes on when the last child has stopped. */
  private void finishWithoutChildren() {
    if (hasChildren()) {
      return;
    }
    if ((flags & STOPPING) != 0) {
      finishStop();
    } else {
      Objects.requireNonNull(extras().restart).leaveInstance();
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
    if (own.restart != null) {
      own.restart.cancel();
      own.restart = null;
    }
    own.children.forEach(ActorCell::stopFromAnywhere);
  }

  // ---- failure and restart

  /** A turn has thrown. */
  final void failed(Throwable failure) {
    Failures.rethrowFatal(failure);
    if (Supervisor.goesOnAfter(cell(), failure)) {
      dropContinuation();
    }
  }

  final void beginRestart(Restart restart) {
    flags = (flags & ~(STARTED | CHILD_FAILED)) | RESTARTING;
    quiesce();
    extras().restart = restart;
    finishWithoutChildren();
  }

  private void finishRestart() {
    flags &= ~(REBORN | RESTARTING);
    extras().restart = null;
    executor.system().failures().restarted(cell());
    unstashAll();
    try {
      instantiate(Policies.<M>factory(policies));
    } catch (Throwable failure) {
      failed(failure);
    }
  }

  // ---- stop

  /** Any thread. */
  final void stopFromAnywhere() {
    if (executor.isCurrent()) {
      requestStop();
    } else {
      executor.send(new StopCommand(cell()), true);
    }
  }

  final void requestStop() {
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

  private void finishStop() {
    endInstance();
    unstashAll();
    CellExtras last = extras;
    flags = (flags & (SCHEDULED | INTERNAL | KEEPS_MAILBOX)) | TERMINATED;
    extras = null;
    if ((flags & INTERNAL) == 0) {
      executor.counters().actors.add(-1);
    }
    if (isGuest()) {
      executor.residents().guestLeft(cell());
    }
    queue.membership().leave();
    emptyMailbox();
    tellParent();
    if (last != null && last.watching != null) {
      last.watching.unwatchAll();
    }
    tellWatchers(last);
    terminated();
    LOG.log(Level.TRACE, "{0}: stopped", this);
  }

  /** It is no more; telling it twice does no harm. Any thread. */
  final void tellParent() {
    ActorCell<?> parent = parent();
    if (parent != null) {
      parent.executor().runOrSend(new ChildTerminated(parent, cell()), parent.queue().urgent());
    }
  }

  /** Nobody will handle what waits. */
  private void emptyMailbox() {
    LocalMailbox left = mailbox;
    if (left != null) {
      for (Object entry = left.poll(); entry != null; entry = left.poll()) {
        undeliverable(entry, Reason.STOPPED, null);
      }
    }
  }

  /** What was put aside comes before all that waits. */
  final void unstashAll() {
    if (extras != null && extras.stash != null) {
      extras.stash.giveBack();
    }
  }

  // ---- children

  final @Nullable ActorCell<?> child(String givenName) {
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

  /** Children and what they are doing, for the report of a close that came to its deadline. */
  final void collectLiving(Consumer<ActorCell<?>> sink) {
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

  // ---- watching and being watched

  final Watching watching() {
    CellExtras own = extras();
    if (own.watching == null) {
      own.watching = new Watching(cell());
    }
    return own.watching;
  }

  final void unwatch(ActorCell<?> other) {
    if (extras != null && extras.watching != null) {
      extras.watching.unwatch(other);
    }
  }

  final void watchedBy(Watch watcher) {
    if ((flags & TERMINATED) != 0) {
      watcher.tellWatcher();
    } else {
      watching().add(watcher);
    }
  }

  final void unwatchedBy(Watch watcher) {
    if (extras != null && extras.watching != null) {
      extras.watching.remove(watcher);
    }
  }

  /** Whom it watches that are no more. Between turns of all executors. */
  final void unansweredWatches(Consumer<ActorCell<?>> sink) {
    if (extras != null && extras.watching != null) {
      extras.watching.forEachOver(sink);
    }
  }

  final boolean isTerminated() {
    return (flags & TERMINATED) != 0;
  }

  private static void tellWatchers(@Nullable CellExtras own) {
    if (own != null && own.watching != null) {
      own.watching.tellWatchers();
    }
  }

  // ---- what it has and where it is

  final CellExtras extras() {
    CellExtras own = extras;
    if (own == null) {
      own = new CellExtras();
      extras = own;
    }
    return own;
  }

  final @Nullable CellExtras extrasOrNull() {
    return extras;
  }

  /** On the way to its end or to a restart; takes no more children. */
  final boolean isEnding() {
    return (flags & (STOP | ENDING)) != 0;
  }

  final boolean isRestarting() {
    return (flags & RESTARTING) != 0 && (flags & (STOP | STOPPING | TERMINATED)) == 0;
  }

  final ActorInfo.State state() {
    if ((flags & (STOP | STOPPING)) != 0) {
      return ActorInfo.State.STOPPING;
    } else if ((flags & RESTARTING) != 0) {
      return ActorInfo.State.RESTARTING;
    } else if ((flags & WAITING) != 0) {
      return ActorInfo.State.WAITING;
    }
    return (flags & STARTED) == 0 ? ActorInfo.State.STARTING : ActorInfo.State.ACTIVE;
  }
}
