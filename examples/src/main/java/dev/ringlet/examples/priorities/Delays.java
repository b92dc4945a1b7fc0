package dev.ringlet.examples.priorities;

import org.HdrHistogram.Histogram;

/**
 * How late the latency class was, in nanoseconds.
 *
 * @param timer after its timer was due
 * @param remote after another executor had sent
 */
record Delays(Histogram timer, Histogram remote) {
  /** A percentile in microseconds. */
  static double micros(Histogram histogram, double percentile) {
    return histogram.getValueAtPercentile(percentile) / 1000.0;
  }
}
