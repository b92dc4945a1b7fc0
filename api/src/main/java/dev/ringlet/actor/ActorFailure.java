package dev.ringlet.actor;

import java.util.Objects;

/**
 * A turn of an actor has thrown; what becomes of the actor is up to its {@link Supervision}.
 * Immutable.
 *
 * @param actor the path of the actor
 * @param failure what was thrown
 */
public record ActorFailure(String actor, Throwable failure) implements SystemEvent {
  /** Checks the values. */
  public ActorFailure {
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(failure, "failure");
  }
}
