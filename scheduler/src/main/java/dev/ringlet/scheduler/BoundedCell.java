package dev.ringlet.scheduler;

import dev.ringlet.actor.DeadLetter.Reason;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.actor.Mailbox.Overflow;
import dev.ringlet.actor.MailboxFullException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An actor whose messages are bounded: they do not go through the executor's inbox. */
final class BoundedCell<M> extends ActorCell<M> {
  private final BoundedMailbox messages;

  /** Whether the executor is told already that there are messages. */
  private final AtomicBoolean announced = new AtomicBoolean();

  BoundedCell(
      CoreExecutor executor,
      TaskQueue queue,
      ActorCell<?> parent,
      @Nullable String name,
      Object policies,
      Mailbox.Bounded settings) {
    super(executor, queue, parent, name, policies);
    messages = new BoundedMailbox(settings);
    keepMailbox(messages);
  }

  // ---- any thread

  @Override
  public void tell(M message) {
    tellEntry(system().carrying().entry(entryFor(Objects.requireNonNull(message, "message"))));
  }

  @Override
  public boolean mayRefuse() {
    return messages.overflow() == Overflow.REJECT || messages.overflow() == Overflow.FAIL;
  }

  @Override
  void tellEntry(Object entry) {
    if (!tryPost(entry)) {
      if (messages.overflow() == Overflow.FAIL) {
        throw full();
      }
      refuse(entry);
    }
  }

  @Override
  void post(Object entry) {
    if (!tryPost(entry)) {
      refuse(entry);
    }
  }

  @Override
  boolean tryPost(Object entry) {
    Object dropped = messages.offer(entry);
    if (dropped == BoundedMailbox.FULL) {
      if (messages.overflow() != Overflow.DROP_NEWEST) {
        return false;
      }
      refuse(entry);
      return true;
    }
    announce();
    if (dropped != null) {
      undeliverable(dropped, Reason.MAILBOX_FULL, null);
    }
    return true;
  }

  @Override
  void postWhereRoom(Object entry) {
    if (messages.offerInRoom(entry)) {
      announce();
    } else {
      refuse(entry);
    }
  }

  private void announce() {
    if (executor.isCurrent()) {
      arrived();
    } else if (!announced.getAndSet(true)) {
      executor.send(new Arrived(this), queue.urgent());
    }
  }

  /** There is no room for what the caller sends. */
  private void refuse(Object entry) {
    undeliverable(entry, Reason.MAILBOX_FULL, CoreExecutor.runningHere());
  }

  @Override
  RuntimeException refusal(Reason reason) {
    return reason == Reason.MAILBOX_FULL ? full() : super.refusal(reason);
  }

  private MailboxFullException full() {
    return new MailboxFullException(path(), messages.capacity());
  }

  /** Nobody will handle what is there. */
  private void drain() {
    for (Object left = messages.pollMessage(); left != null; left = messages.pollMessage()) {
      undeliverable(left, Reason.STOPPED, null);
    }
  }

  // ---- the owner

  private void arrived() {
    if ((flags & TERMINATED) != 0) {
      drain();
    } else {
      mailArrived();
    }
  }

  private static final class Arrived extends Command {
    private final BoundedCell<?> cell;

    Arrived(BoundedCell<?> cell) {
      this.cell = cell;
    }

    @Override
    void run(CoreExecutor executor) {
      cell.announced.set(false);
      cell.arrived();
    }

    @Override
    void refused(CoreExecutor executor) {
      cell.announced.set(false);
      cell.drain();
    }
  }
}
