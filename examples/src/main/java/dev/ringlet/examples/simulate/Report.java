package dev.ringlet.examples.simulate;

import dev.ringlet.testkit.sim.Fault;
import dev.ringlet.testkit.sim.SimResult;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What many runs have come to. Used by the thread that runs them. */
final class Report {
  private final long firstSeed;
  private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
  private final List<Finding> findings = new ArrayList<>();
  private long runs;
  private long calls;
  private long losses;
  private double seconds;

  private record Finding(long seed, String text) {}

  Report(long firstSeed) {
    this.firstSeed = firstSeed;
  }

  void add(SimResult result, KvScenario scenario, double secondsSoFar) {
    runs++;
    calls += scenario.history().calls();
    losses += scenario.crashes();
    seconds = secondsSoFar;
    result.faultCounts().forEach((kind, count) -> faults.merge(kind, count, Long::sum));
    if (!result.passed()) {
      findings.add(new Finding(result.seed(), describe(result)));
    }
  }

  private static String describe(SimResult result) {
    Throwable failure = result.failure();
    return failure == null
        ? result.findings().stream()
            .map(SimResult.Found::toString)
            .collect(Collectors.joining("; "))
        : failure.toString();
  }

  boolean isClean() {
    return findings.isEmpty();
  }

  long runs() {
    return runs;
  }

  /** One line on how far it has come. */
  String progress() {
    long kinds = Stream.of(Fault.values()).filter(faults::containsKey).count();
    return String.format(
        Locale.ROOT,
        "%.0f s: %d runs, %.0f per second, %d calls, %d crashes, %d of %d kinds of faults,"
            + " %d findings",
        seconds,
        runs,
        runs / Math.max(seconds, 0.001),
        calls,
        losses,
        kinds,
        Fault.values().length,
        findings.size());
  }

  /** How often each kind of fault has happened, those that have not included. */
  String coverage() {
    return Stream.of(Fault.values())
        .map(kind -> kind + " " + faults.getOrDefault(kind, 0L))
        .collect(Collectors.joining(", "));
  }

  /** For programs. */
  String json() {
    String faultFields =
        Stream.of(Fault.values())
            .map(kind -> "\"" + kind + "\": " + faults.getOrDefault(kind, 0L))
            .collect(Collectors.joining(", ", "{", "}"));
    String found =
        findings.stream()
            .map(one -> "{\"seed\": " + one.seed() + ", \"text\": " + quote(one.text()) + "}")
            .collect(Collectors.joining(", ", "[", "]"));
    return String.format(
        Locale.ROOT,
        "{%n  \"firstSeed\": %d,%n  \"seconds\": %.3f,%n  \"runs\": %d,%n  \"calls\": %d,%n"
            + "  \"crashes\": %d,%n  \"findings\": %s,%n  \"faults\": %s%n}%n",
        firstSeed,
        seconds,
        runs,
        calls,
        losses,
        found,
        faultFields);
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter == '"' || letter == '\\') {
        quoted.append('\\').append(letter);
      } else if (letter < ' ') {
        quoted.append(String.format("\\u%04x", (int) letter));
      } else {
        quoted.append(letter);
      }
    }
    return quoted.append('"').toString();
  }
}
