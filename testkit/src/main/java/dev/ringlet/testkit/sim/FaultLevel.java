package dev.ringlet.testkit.sim;

/** The plans that have a name. */
public enum FaultLevel {
  /** {@link FaultPlan#none()}. */
  NONE,

  /** {@link FaultPlan#gentle()}. */
  GENTLE,

  /** {@link FaultPlan#harsh()}. */
  HARSH;

  /**
   * The plan.
   *
   * @return immutable
   */
  public FaultPlan plan() {
    return switch (this) {
      case NONE -> FaultPlan.none();
      case GENTLE -> FaultPlan.gentle();
      case HARSH -> FaultPlan.harsh();
    };
  }
}
