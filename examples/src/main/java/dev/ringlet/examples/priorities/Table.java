package dev.ringlet.examples.priorities;

import java.io.PrintWriter;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Prints a line each second, and all at the end. */
final class Table {
  private static final String LINE = "%6s  %7s  %7s  %26s  %26s%n";

  private final PrintWriter out;
  private final Split split;

  Table(PrintWriter out, Split split) {
    this.out = out;
    this.split = split;
  }

  void head() {
    out.printf(
        Locale.ROOT,
        LINE,
        "second",
        split.large(),
        split.small(),
        "timer late (µs)",
        "remote late (µs)");
    String delays = "p50   p99  p99.9    max";
    out.printf(Locale.ROOT, LINE, "", "shares", "shares", delays, delays);
    out.flush();
  }

  void line(long second, double large, Delays delays) {
    out.printf(
        Locale.ROOT,
        LINE,
        second,
        percent(large),
        percent(1 - large),
        text(delays.timer()),
        text(delays.remote()));
    out.flush();
  }

  void end(Outcome outcome) {
    out.printf(
        Locale.ROOT,
        "%nOver %.0f s on %s, bound %s:%n",
        outcome.seconds(),
        outcome.driver(),
        DurationOption.text(outcome.bound()));
    out.printf(
        Locale.ROOT,
        "  shares  %s wanted, %.2f:%.2f obtained, off by %.2f %%%n",
        split,
        (split.large() + split.small()) * outcome.large(),
        (split.large() + split.small()) * (1 - outcome.large()),
        100 * outcome.shareError());
    end("timer ", outcome.delays().timer());
    end("remote", outcome.delays().remote());
    out.flush();
  }

  private void end(String name, Histogram delays) {
    out.printf(
        Locale.ROOT,
        "  %s  late by p50 %.1f, p99 %.1f, p99.9 %.1f, max %.1f µs (%d times)%n",
        name,
        Delays.micros(delays, 50),
        Delays.micros(delays, 99),
        Delays.micros(delays, 99.9),
        Delays.micros(delays, 100),
        delays.getTotalCount());
  }

  private static String percent(double part) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * part);
  }

  private static String text(Histogram delays) {
    return String.format(
        Locale.ROOT,
        "%5.0f %5.0f %6.0f %6.0f",
        Delays.micros(delays, 50),
        Delays.micros(delays, 99),
        Delays.micros(delays, 99.9),
        Delays.micros(delays, 100));
  }
}
