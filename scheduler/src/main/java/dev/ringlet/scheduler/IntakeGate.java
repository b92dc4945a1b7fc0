package dev.ringlet.scheduler;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Closed while more actors wait for the core than the executor should have: no connections are
 * taken then, since each would make the wait longer. It opens again when half as many wait. Owner
 * executor only.
 */
final class IntakeGate {
  private final int limit;
  private final Counter pauses;
  private final Set<Subscription<?>> intakes = new LinkedHashSet<>();
  private boolean closed;

  IntakeGate(int limit, Counter pauses) {
    this.limit = limit;
    this.pauses = pauses;
  }

  boolean isClosed() {
    return closed;
  }

  void add(Subscription<?> intake) {
    intakes.add(intake);
  }

  void remove(Subscription<?> intake) {
    intakes.remove(intake);
  }

  /** Once a turn: how many actors wait. */
  void look(int backlog) {
    if (!closed && backlog > limit) {
      closed = true;
      pauses.add(1);
      copy().forEach(Subscription::pauseIntake);
    } else if (closed && backlog <= limit / 2) {
      closed = false;
      copy().forEach(Subscription::resumeIntake);
    }
  }

  private List<Subscription<?>> copy() {
    return new ArrayList<>(intakes);
  }
}
