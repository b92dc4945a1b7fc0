package dev.ringlet.actor;

/**
 * What happens to an actor whose turn failed with an exception. Immutable.
 *
 * <p>In every case the failure is counted and logged with the actor's path. An {@link Error} that
 * is fatal to the virtual machine is never handled here.
 */
public final class Supervision {
  private enum Directive {
    STOP,
    RESUME,
    RESTART
  }

  private static final Supervision STOP = new Supervision(Directive.STOP);
  private static final Supervision RESUME = new Supervision(Directive.RESUME);
  private static final Supervision RESTART = new Supervision(Directive.RESTART);

  private final Directive directive;

  private Supervision(Directive directive) {
    this.directive = directive;
  }

  /**
   * The actor stops; its waiting messages become dead letters. The default.
   *
   * @return the policy
   */
  public static Supervision stop() {
    return STOP;
  }

  /**
   * The failed message is dropped and the actor goes on with its state as it is.
   *
   * @return the policy
   */
  public static Supervision resume() {
    return RESUME;
  }

  /**
   * The failed message is dropped, a new instance from the factory takes over, the mailbox is kept.
   *
   * @return the policy
   */
  public static Supervision restart() {
    return RESTART;
  }

  /**
   * Whether the actor goes on with the same instance.
   *
   * @return true for {@link #resume()}
   */
  public boolean resumes() {
    return directive == Directive.RESUME;
  }

  /**
   * Whether the actor goes on with a new instance.
   *
   * @return true for {@link #restart()}
   */
  public boolean restarts() {
    return directive == Directive.RESTART;
  }

  @Override
  public String toString() {
    return "Supervision." + directive;
  }
}
