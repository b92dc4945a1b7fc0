package dev.ringlet.examples.limiter;

/**
 * How much one client may call.
 *
 * @param perSecond calls per second in the long run, 1 or more
 * @param burst calls at once, 1 or more
 */
record Limits(int perSecond, int burst) {
  Limits {
    if (perSecond < 1 || burst < 1) {
      throw new IllegalArgumentException(
          "perSecond: " + perSecond + ", burst: " + burst + "; give 1 or more");
    }
  }
}
