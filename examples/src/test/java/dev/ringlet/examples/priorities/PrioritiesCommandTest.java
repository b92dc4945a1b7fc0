package dev.ringlet.examples.priorities;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The program as a user runs it, for a second; how good the figures are is for benchmarks. */
final class PrioritiesCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new PrioritiesCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"uring", "nio"})
  void itMeasuresPrintsAndWritesDown(String driver) throws Exception {
    Path json = folder.resolve("outcome.json");
    Path svg = folder.resolve("outcome.svg");
    int exit =
        run(
            "--seconds",
            "1",
            "--driver",
            driver,
            "--bound",
            "500us",
            "--json",
            json.toString(),
            "--svg",
            svg.toString());
    assertEquals(0, exit, err.toString());
    String report = Files.readString(json);
    assertTrue(report.contains("\"driver\": \"" + driver + "\""), report);
    assertEquals(500, number(report, "boundMicros"));
    assertTrue(number(report, "shareError") < 0.5, report);
    for (String wake : new String[] {"timerWakeMicros", "remoteWakeMicros"}) {
      double p50 = number(report, wake + "P50");
      double p99 = number(report, wake + "P99");
      double p999 = number(report, wake + "P999");
      double max = number(report, wake + "Max");
      assertTrue(0 <= p50 && p50 <= p99 && p99 <= p999 && p999 <= max, report);
    }
    assertEquals(
        Math.max(number(report, "timerWakeMicrosP99"), number(report, "remoteWakeMicrosP99")),
        number(report, "wakeMicrosP99"));
    assertTrue(number(report, "timerWakes") > 10, report);
    assertTrue(number(report, "remoteWakes") > 10, report);
    assertEquals(
        "svg",
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(svg.toFile())
            .getDocumentElement()
            .getTagName());
    assertTrue(out.toString().contains("Over 1 s on " + driver), out.toString());
  }

  private static double number(String json, String field) {
    Matcher matcher = Pattern.compile("\"" + field + "\": ([0-9.]+)").matcher(json);
    assertTrue(matcher.find(), field + " is missing in " + json);
    return Double.parseDouble(matcher.group(1));
  }

  @ParameterizedTest
  @CsvSource({
    "--seconds, 0, give 1 to 86400",
    "--bound, 1parsec, give a number and a unit",
    "--bound, 0ms, more than zero",
    "--shares, 1001:1, 1 to 1000",
    "--shares, many, such as 800:200",
    "--driver, epoll, 'give uring, nio or auto'",
    "--json, /no/such/folder/x.json, give a file in a folder that is there"
  })
  void aBadOptionIsNamedWithTheWayOut(String option, String value, String wayOut) {
    assertEquals(2, run(option, value));
    assertTrue(err.toString().contains(option), err.toString());
    assertTrue(err.toString().contains(value), err.toString());
    assertTrue(err.toString().contains(wayOut), err.toString());
    assertFalse(err.toString().contains("Exception"), err.toString());
  }

  @ParameterizedTest
  @CsvSource({"1ms, 1000000", "100us, 100000", "0.5 ms, 500000", "2s, 2000000000", "70ns, 70"})
  void durationsAreWrittenAsPeopleDo(String text, long nanos) {
    assertEquals(Duration.ofNanos(nanos), new DurationOption().convert(text));
  }

  @Test
  void durationsAreShownInTheirLargestUnit() {
    assertEquals("1 ms", DurationOption.text(Duration.ofMillis(1)));
    assertEquals("100 µs", DurationOption.text(Duration.ofNanos(100_000)));
    assertEquals("7 ns", DurationOption.text(Duration.ofNanos(7)));
  }
}
