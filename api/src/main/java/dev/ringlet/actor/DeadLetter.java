package dev.ringlet.actor;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message that nobody will handle. Immutable.
 *
 * @param message the message
 * @param recipient the path it was sent to
 * @param sender the path of the actor that sent it; null if no actor did, or if the message had
 *     waited in a mailbox, which keeps senders only {@linkplain
 *     dev.ringlet.executor.ExecutorPool#withSenderTracking() where it is told to}
 * @param reason why nobody will handle it
 */
public record DeadLetter(Object message, String recipient, @Nullable String sender, Reason reason)
    implements SystemEvent {
  /** Why a message is not handled. */
  public enum Reason {
    /** The actor has stopped, or its system has ended. */
    STOPPED("it has stopped"),

    /** The actor's mailbox is bounded, and full. */
    MAILBOX_FULL("its mailbox is full"),

    /** A reply to a question that was settled already: by another reply, or by its timeout. */
    LATE_REPLY("the question was settled already");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Checks the values. */
  public DeadLetter {
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(recipient, "recipient");
    Objects.requireNonNull(reason, "reason");
  }
}
