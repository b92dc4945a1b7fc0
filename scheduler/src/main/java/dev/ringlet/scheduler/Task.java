package dev.ringlet.scheduler;

import dev.ringlet.actor.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a task queue: something with a mailbox that is run in batches while it has work.
 *
 * <p>It stands in its queue at most once, and only while it has something to do. The mailbox is
 * lent to it by the executor while entries wait. Owner executor only.
 */
abstract class Task {
  /** In the task queue, or activated right now. */
  static final int SCHEDULED = 1;

  /** The actor is there and preStart has returned. */
  static final int STARTED = 1 << 1;

  /** Awaits an operation; nothing else is handled. */
  static final int SUSPENDED = 1 << 2;

  /** A continuation is ready to run. */
  static final int RESUME = 1 << 3;

  /** Somebody wants it to stop. */
  static final int STOP = 1 << 4;

  /** Waits for its children to stop, then stops. */
  static final int STOPPING = 1 << 5;

  /** Waits for its children to stop, then starts again. */
  static final int RESTARTING = 1 << 6;

  static final int TERMINATED = 1 << 7;

  /** Part of the runtime and not counted. */
  static final int INTERNAL = 1 << 8;

  /** Is counted among those that are held up while messages wait. */
  static final int HOLDS_MAIL = 1 << 9;

  /** A restart may go on: the children have stopped, and the pause is over. */
  static final int REBORN = 1 << 10;

  /** A child has escalated its failure. */
  static final int CHILD_FAILED = 1 << 11;

  /** The mailbox is its own for life, not lent. */
  static final int KEEPS_MAILBOX = 1 << 12;

  /** Its start is not in the mailbox yet; what comes before it waits. */
  static final int UNBEGUN = 1 << 13;

  /** The last child of one that stops or restarts has stopped. */
  static final int CHILDREN_GONE = 1 << 14;

  /** What comes before messages and does not wait for anything. */
  static final int AT_ONCE = STOP | CHILD_FAILED | REBORN | CHILDREN_GONE;

  /** The rest of a turn is still to come. */
  static final int WAITING = SUSPENDED | RESUME;

  static final int ENDING = STOPPING | RESTARTING | TERMINATED;

  final CoreExecutor executor;

  /** Changed by the owner between activations; others read whatever they see. */
  TaskQueue queue;

  int flags;
  @Nullable LocalMailbox mailbox;

  Task(CoreExecutor executor, TaskQueue queue, int flags) {
    this.executor = executor;
    this.queue = queue;
    this.flags = flags;
  }

  final CoreExecutor executor() {
    return executor;
  }

  final TaskQueue queue() {
    return queue;
  }

  /**
   * Does one thing, whatever is next. Throws only what the virtual machine does not survive.
   *
   * @return false if there was nothing to do
   */
  abstract boolean step();

  /**
   * Sees to an entry that no turn will handle. Any thread.
   *
   * @param sender whose turn it was sent in, if that is known
   */
  abstract void undeliverable(Object entry, Reason reason, @Nullable Task sender);

  /** What comes from outside a turn, or from the turn that runs. */
  final void enqueue(Object entry) {
    if ((flags & TERMINATED) != 0) {
      undeliverable(entry, Reason.STOPPED, executor.running());
      return;
    }
    ownMailbox().add(entry);
    mailArrived();
  }

  /** As {@link #enqueue}, of what was sent from elsewhere. */
  final void enqueueFrom(@Nullable Task sender, Object entry) {
    if ((flags & TERMINATED) != 0) {
      undeliverable(entry, Reason.STOPPED, sender);
    } else {
      enqueue(entry);
    }
  }

  /** There is something in the mailbox. */
  final void mailArrived() {
    if ((flags & (SUSPENDED | ENDING | UNBEGUN)) == 0) {
      schedule();
    } else {
      holdMail();
    }
  }

  /** The mailbox, lent to it if it has none. */
  final LocalMailbox ownMailbox() {
    LocalMailbox own = mailbox;
    if (own == null) {
      own = executor.mailboxes().take();
      mailbox = own;
    }
    return own;
  }

  /** Before it begins. */
  final void keepMailbox(LocalMailbox own) {
    mailbox = own;
    flags |= KEEPS_MAILBOX;
  }

  final void schedule() {
    if ((flags & SCHEDULED) == 0) {
      holdNoMail();
      flags |= SCHEDULED;
      queue.add(this);
    }
  }

  /** It is not held up any more. */
  final void holdNoMail() {
    if ((flags & HOLDS_MAIL) != 0) {
      flags &= ~HOLDS_MAIL;
      executor.holdingMailChanged(-1);
    }
  }

  /** Messages wait for it that will be handled when it goes on. */
  private void holdMail() {
    if ((flags & (SUSPENDED | RESTARTING | UNBEGUN)) != 0
        && (flags & (HOLDS_MAIL | SCHEDULED)) == 0) {
      flags |= HOLDS_MAIL;
      executor.holdingMailChanged(1);
    }
  }

  /**
   * Handles a batch of entries, at least one. From the run loop only.
   *
   * @return how many were handled
   */
  final int activate(int throughput, PreemptFlag preempt) {
    preempt.activation();
    if (mailbox != null) {
      executor.mailboxes().sawSize(mailbox.size());
    }
    int handled = 0;
    while (step()) {
      handled++;
      if (preempt.needPreempt() || (flags & WAITING) != 0) {
        break;
      }
      if (handled == throughput) {
        queue.budgetEnds.add(1);
        break;
      }
    }
    if (handled == 0) {
      // Stops and restarts take time too, and many of them a slice.
      preempt.needPreempt();
    }
    flags &= ~SCHEDULED;
    if (hasWork()) {
      schedule();
    } else if (mailbox != null && !mailbox.isEmpty()) {
      holdMail();
    } else {
      giveMailboxBack();
    }
    return handled;
  }

  private boolean hasWork() {
    if ((flags & (AT_ONCE | RESUME)) != 0) {
      return true;
    }
    boolean held = (flags & (SUSPENDED | ENDING)) != 0;
    return !held && mailbox != null && !mailbox.isEmpty();
  }

  private void giveMailboxBack() {
    LocalMailbox empty = mailbox;
    if (empty != null && empty.isEmpty() && (flags & KEEPS_MAILBOX) == 0) {
      mailbox = null;
      executor.mailboxes().giveBack(empty);
    }
  }
}
