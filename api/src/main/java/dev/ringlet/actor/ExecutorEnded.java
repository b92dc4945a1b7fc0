package dev.ringlet.actor;

import java.util.Objects;

/**
 * An executor has died, and its actors with it; the system closes now. An actor of another executor
 * hears of it before it is stopped, if its mailbox is empty and nothing else keeps it; {@link
 * ActorSystem#whenTerminated} tells of it in any case. Immutable.
 *
 * @param executor the index of the executor
 * @param cause what it has died of
 */
public record ExecutorEnded(int executor, Throwable cause) implements SystemEvent {
  /** Checks the values. */
  public ExecutorEnded {
    Objects.requireNonNull(cause, "cause");
  }
}
