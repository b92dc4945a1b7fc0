package dev.ringlet.examples.priorities;

import java.time.Duration;
import java.util.List;

/**
 * What was measured.
 *
 * @param split the shares of the two classes
 * @param driver the driver of the saturated executor
 * @param bound the bound of the latency class
 * @param seconds how long was measured
 * @param samples one per second: how much of the time of both classes each of them got
 * @param large the part of the first class, over all
 * @param delays how late the latency class was
 */
record Outcome(
    Split split,
    String driver,
    Duration bound,
    double seconds,
    List<Sample> samples,
    double large,
    Delays delays) {
  /**
   * One second.
   *
   * @param second since the beginning
   * @param large the part of the first class, 0 to 1
   */
  record Sample(double second, double large) {}

  /** How far the parts are from the shares, relative to the shares; the larger of the two. */
  double shareError() {
    double wanted = split.largePart();
    double largeError = Math.abs(large / wanted - 1);
    double smallError = Math.abs((1 - large) / (1 - wanted) - 1);
    return Math.max(largeError, smallError);
  }
}
