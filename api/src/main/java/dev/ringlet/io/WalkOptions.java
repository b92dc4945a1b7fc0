package dev.ringlet.io;

/**
 * How {@link Io#walk} goes through a tree of directories. Immutable.
 *
 * @param maxDepth how many levels are listed, 1 or more; 1 is the directory itself. Each level
 *     holds a descriptor while what is in it is listed
 * @param followLinks whether directories behind symbolic links are walked too. A link to a
 *     directory that is being walked already is listed, as a directory, and not walked again
 */
public record WalkOptions(int maxDepth, boolean followLinks) {
  private static final WalkOptions DEFAULTS = new WalkOptions(Integer.MAX_VALUE, false);

  /** Checks the range. */
  public WalkOptions {
    if (maxDepth < 1) {
      throw new IllegalArgumentException("maxDepth: " + maxDepth + "; give 1 or more");
    }
  }

  /**
   * All levels; links are not followed.
   *
   * @return the options
   */
  public static WalkOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets how many levels are listed.
   *
   * @param levels 1 or more
   * @return the changed copy
   */
  public WalkOptions withMaxDepth(int levels) {
    return new WalkOptions(levels, followLinks);
  }

  /**
   * Follows symbolic links.
   *
   * @return the changed copy
   */
  public WalkOptions withLinks() {
    return new WalkOptions(maxDepth, true);
  }
}
