package dev.ringlet.scheduler;

import dev.ringlet.actor.AskTimeoutException;
import dev.ringlet.actor.DeadLetter.Reason;
import dev.ringlet.actor.RingletException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message that is asked, who must hear of it when it is not handled, and the time until which it
 * can be answered: one object, in the mailbox of the asked actor and in the wheel of the asking
 * executor at once. As a timer it is the asking executor's; the rest does not change.
 */
class Question extends Timer {
  /** Waits for the answer. Any thread. */
  interface Asker {
    /** The question was not handled, or nobody has answered in time. */
    void unanswered(RuntimeException cause);
  }

  private final Recipient<?> target;

  /** A message, or an envelope around it. */
  private final Object entry;

  private final Asker asker;
  private final long timeoutNanos;

  /** Whose wheel keeps the time; null if no executor's does. */
  private final @Nullable CoreExecutor home;

  <M> Question(
      Recipient<M> target, M message, Asker asker, long timeoutNanos, @Nullable CoreExecutor home) {
    this.target = target;
    this.entry = target.system().carrying().entry(target.entryFor(message));
    this.asker = asker;
    this.timeoutNanos = timeoutNanos;
    this.home = home;
  }

  static void checkTimeout(Duration timeout) {
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("timeout: " + timeout + "; give more than zero");
    }
  }

  // ---- its time

  final long timeoutNanos() {
    return timeoutNanos;
  }

  /** Before it is sent. */
  void startTime() {
    Objects.requireNonNull(home).schedule(this, timeoutNanos);
  }

  /** The asker has its answer, or needs none any more. Any thread. */
  void settled() {
    CoreExecutor executor = Objects.requireNonNull(home);
    if (executor.isCurrent()) {
      executor.cancel(this);
    } else {
      executor.sendInPassing(new EndTime(this));
    }
  }

  @Override
  void fire() {
    Duration timeout = Duration.ofNanos(timeoutNanos);
    asker.unanswered(new AskTimeoutException(target.path(), messageType(), timeout));
  }

  @Override
  void abandoned() {
    Object ended = home == null ? "system " + target.system().name() : home;
    asker.unanswered(
        new RingletException(
            ended + " has ended before " + target.path() + " answered a " + messageType()));
  }

  @Override
  public final String toString() {
    return messageType() + " to " + target.path();
  }

  private String messageType() {
    Object message = messageIn(entry);
    return message == null ? "message" : message.getClass().getSimpleName();
  }

  private static final class EndTime extends Command {
    private final Question question;

    EndTime(Question question) {
      this.question = question;
    }

    @Override
    void run(CoreExecutor executor) {
      executor.cancel(question);
    }

    @Override
    void refused(CoreExecutor executor) {
      // It has ended, and its wheel with it.
    }
  }

  // ---- in a mailbox

  @Override
  final @Nullable Object message() {
    return messageIn(entry);
  }

  final boolean asks(Object message) {
    return messageIn(entry) == message;
  }

  @Override
  final void deliver(ActorCell<?> cell) throws Exception {
    CoreExecutor executor = cell.executor();
    executor.asks(this);
    try {
      cell.deliverEntry(entry);
    } finally {
      executor.asks(null);
    }
  }

  @Override
  final void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender) {
    refuse(cell.refusal(reason));
  }

  @Override
  final void replaced(RuntimeException cause) {
    refuse(cause);
  }

  /** It was not taken. Any thread. */
  final void refuse(RuntimeException cause) {
    asker.unanswered(cause);
  }
}
