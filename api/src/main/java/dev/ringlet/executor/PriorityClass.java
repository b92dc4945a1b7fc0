package dev.ringlet.executor;

import java.util.Objects;

/**
 * A scheduling class: one task queue on every executor of a system, made when the first actor of
 * the class is spawned there. Immutable.
 *
 * @param name unique in a system; two classes of one name must be equal
 * @param shares its weight against the other classes
 * @param latency how soon it wants the core
 */
public record PriorityClass(String name, Shares shares, Latency latency) {
  /** The class of actors that name none: 1000 shares, no latency bound. */
  public static final PriorityClass DEFAULT =
      new PriorityClass("default", Shares.of(Shares.MAX), Latency.notImportant());

  /** Checks the name. */
  public PriorityClass {
    Objects.requireNonNull(shares, "shares");
    Objects.requireNonNull(latency, "latency");
    if (name.isBlank()) {
      throw new IllegalArgumentException("name: \"" + name + "\"; give a name that is not blank");
    }
  }
}
