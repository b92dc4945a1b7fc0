package dev.ringlet.executor;

/**
 * The weight of a priority class: classes that compete for a core get time in proportion to their
 * shares; a class that is alone gets all of it. Immutable.
 *
 * @param count 1 to 1000
 */
public record Shares(int count) {
  /** The largest number of shares, and the default. */
  public static final int MAX = 1000;

  /** Checks the range. */
  public Shares {
    if (count < 1 || count > MAX) {
      throw new IllegalArgumentException("shares: " + count + "; give 1 to " + MAX);
    }
  }

  /**
   * Shares that never change.
   *
   * @param count 1 to 1000
   * @return the shares
   */
  public static Shares of(int count) {
    return new Shares(count);
  }
}
