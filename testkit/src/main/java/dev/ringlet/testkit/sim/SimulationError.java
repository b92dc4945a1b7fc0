package dev.ringlet.testkit.sim;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A simulation has failed. The message tells with which seed, why, and what has happened. */
public final class SimulationError extends AssertionError {
  private static final long serialVersionUID = 1L;

  private static final int FAULTS_TOLD = 20;
  private static final int LINES_TOLD = 100;

  private final transient SimResult result;

  /**
   * Tells of a run.
   *
   * @param result a run that has not passed
   */
  public SimulationError(SimResult result) {
    this("", result);
  }

  /**
   * Tells of a run.
   *
   * @param preface what is said first; an empty string for nothing
   * @param result a run that has not passed
   */
  public SimulationError(String preface, SimResult result) {
    super(message(preface, result), result.failure());
    this.result = result;
  }

  /**
   * The run.
   *
   * @return what it has come to
   */
  public SimResult result() {
    return result;
  }

  private static String message(String preface, SimResult result) {
    List<SimFault> faults = result.faults();
    List<String> trace = result.trace();
    String replay = "replay it with -Dsim.seed=" + result.seed();
    Stream<String> told =
        Stream.of(
                Stream.of("seed " + result.seed() + " fails; " + replay, preface),
                Stream.of(result.reason()),
                Stream.of(faults.size() + " faults" + (faults.isEmpty() ? "" : ":")),
                last(faults.stream().map(fault -> "  " + fault).toList(), FAULTS_TOLD),
                Stream.of("trace, in nanoseconds:"),
                last(trace.stream().map(line -> "  " + line).toList(), LINES_TOLD))
            .flatMap(lines -> lines);
    return told.filter(line -> !line.isEmpty()).collect(Collectors.joining(System.lineSeparator()));
  }

  private static Stream<String> last(List<String> lines, int most) {
    int left = Math.max(0, lines.size() - most);
    Stream<String> before = left == 0 ? Stream.empty() : Stream.of("  ... " + left + " before");
    return Stream.concat(before, lines.subList(left, lines.size()).stream());
  }
}
