package dev.ringlet.examples.priorities;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: {@code 1ms}, {@code 100us}, {@code 0.5s}. */
final class DurationOption implements ITypeConverter<Duration> {
  private static final Pattern FORMAT = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ns|us|µs|ms|s)");

  @Override
  public Duration convert(String value) {
    Matcher matcher = FORMAT.matcher(value.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw bad(value);
    }
    double nanos = Double.parseDouble(matcher.group(1)) * unitNanos(matcher.group(2));
    if (nanos < 1 || nanos > 60e9) {
      throw bad(value);
    }
    return Duration.ofNanos(Math.round(nanos));
  }

  private static double unitNanos(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "µs" -> 1e3;
      case "ms" -> 1e6;
      default -> 1e9;
    };
  }

  private static TypeConversionException bad(String value) {
    return new TypeConversionException(
        "'" + value + "': give a number and a unit, more than zero and at most 60s, such as 1ms");
  }

  static String text(Duration duration) {
    long nanos = duration.toNanos();
    if (nanos % 1_000_000 == 0) {
      return nanos / 1_000_000 + " ms";
    }
    return nanos % 1_000 == 0 ? nanos / 1_000 + " µs" : nanos + " ns";
  }
}
