package dev.ringlet.scheduler;

import dev.ringlet.actor.Supervision;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Does about the failure of an actor what its {@link Supervision} says: the actor goes on, starts
 * again, leaves it to its parent, or stops. Owner executor of the actor only.
 */
final class Supervisor {
  private static final System.Logger LOG = System.getLogger(Supervisor.class.getName());

  private Supervisor() {}

  /**
   * Answers a failure that the virtual machine survives.
   *
   * @return whether the actor goes on as it is; if not, it is on its way to a restart or a stop
   */
  static boolean goesOnAfter(ActorCell<?> cell, Throwable failure) {
    cell.record(failure);
    Supervision policy = policyFor(cell, failure);
    boolean started = (cell.flags & Task.STARTED) != 0;
    if (started && policy.resumes()) {
      return true;
    }
    if (started ? policy.restarts() : policy.retriesStart()) {
      startAgain(cell, policy, failure);
    } else {
      if (policy.escalates()) {
        escalate(cell.parent(), failure);
      }
      cell.flags |= Task.STOP;
    }
    return false;
  }

  /** The user's own decision may throw as well, and then the actor stops. */
  private static Supervision policyFor(ActorCell<?> cell, Throwable failure) {
    try {
      return cell.supervision().forFailure(failure);
    } catch (Throwable undecided) {
      Failures.rethrowFatal(undecided);
      cell.record(undecided);
      return Supervision.stop();
    }
  }

  private static void startAgain(ActorCell<?> cell, Supervision policy, Throwable failure) {
    long now = cell.executor().ticker().nanos();
    double random = cell.executor().system().random().nextDouble();
    long pause = cell.extras().restartHistory().next(policy, now, random);
    if (pause == RestartHistory.TOO_OFTEN) {
      LOG.log(
          Level.WARNING,
          "{0} has been restarted {1} times within {2}, and stops now",
          cell,
          policy.maxRestarts(),
          policy.window());
      cell.flags |= Task.STOP;
    } else {
      cell.beginRestart(new Restart(cell, failure, pause));
    }
  }

  /** The parent decides; those that the runtime has made decide nothing. */
  private static void escalate(@Nullable ActorCell<?> parent, Throwable failure) {
    if (parent != null && (parent.flags & Task.INTERNAL) == 0) {
      parent.executor().runOrSend(new ChildFailed(parent, failure), true);
    }
  }

  /** A child has failed, and has left it to this actor. */
  static void childFailed(ActorCell<?> cell, Throwable failure) {
    if (!cell.isEnding()) {
      cell.extras().childFailure = failure;
      cell.flags |= Task.CHILD_FAILED;
      cell.schedule();
    }
  }

  /** As if the actor had failed with it. In a turn. */
  static void failWithChild(ActorCell<?> cell) {
    cell.flags &= ~Task.CHILD_FAILED;
    CellExtras extras = cell.extras();
    Throwable failure = Objects.requireNonNull(extras.childFailure);
    extras.childFailure = null;
    var unused = goesOnAfter(cell, failure);
  }
}
