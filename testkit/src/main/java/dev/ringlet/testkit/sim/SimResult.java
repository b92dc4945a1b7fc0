package dev.ringlet.testkit.sim;

import dev.ringlet.testkit.Finding;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a simulation has come to. Immutable.
 *
 * @param seed what it was drawn from
 * @param traceHash a hash of all that has happened: two runs of one seed have the same one
 * @param steps turns of executors and things that the kernel did
 * @param time how much simulated time has passed
 * @param faultCounts how often each kind of fault has happened; without those that have not
 * @param faults the first ten thousand faults, in the order in which they happened
 * @param failure what the scenario or one of its checks has failed with, or null
 * @param findings what is wrong besides: found in the course of the run and, unless there is a
 *     failure, by the checks at the end
 * @param trace the last lines of what has happened, each with the time in nanoseconds
 */
public record SimResult(
    long seed,
    long traceHash,
    long steps,
    Duration time,
    Map<Fault, Long> faultCounts,
    List<SimFault> faults,
    @Nullable Throwable failure,
    List<Found> findings,
    List<String> trace) {
  /** Copies the collections, but for the trace. */
  public SimResult {
    // In the order of the kinds: a Map.copyOf has another one in each JVM.
    Map<Fault, Long> ordered = new EnumMap<>(Fault.class);
    ordered.putAll(faultCounts);
    faultCounts = Collections.unmodifiableMap(ordered);
    faults = List.copyOf(faults);
    findings = List.copyOf(findings);
    trace = Collections.unmodifiableList(trace);
  }

  /**
   * Something that is wrong at the end of a run.
   *
   * @param finding what kind
   * @param text what exactly
   */
  public record Found(Finding finding, String text) {
    @Override
    public String toString() {
      return finding + ": " + text;
    }
  }

  /**
   * Whether all was well.
   *
   * @return true if nothing has failed and nothing was found
   */
  public boolean passed() {
    return failure == null && findings.isEmpty();
  }

  /**
   * Why it has not passed.
   *
   * @return one or more lines; an empty string if it has
   */
  public String reason() {
    return Stream.concat(Stream.ofNullable(failure), findings.stream())
        .map(Object::toString)
        .collect(Collectors.joining(System.lineSeparator()));
  }

  /**
   * Sees that all was well.
   *
   * @return this
   * @throws SimulationError if it was not; tells the seed and the trace
   */
  public SimResult check() {
    if (!passed()) {
      throw new SimulationError(this);
    }
    return this;
  }

  /** Whether another run fails for the same reason, as far as that can be told. */
  boolean failsLike(SimResult other) {
    return Objects.equals(symptom(), other.symptom());
  }

  private @Nullable Object symptom() {
    if (failure != null) {
      return failure.getClass();
    }
    return findings.isEmpty() ? null : findings.get(0).finding();
  }
}
