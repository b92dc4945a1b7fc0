package dev.ringlet.examples.priorities;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** The outcome for programs. */
final class JsonReport {
  private JsonReport() {}

  static String of(Outcome outcome) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("driver", '"' + outcome.driver() + '"');
    fields.put("seconds", number(outcome.seconds()));
    fields.put("boundMicros", number(outcome.bound().toNanos() / 1000.0));
    fields.put(
        "shares",
        String.format(
            Locale.ROOT,
            "{\"large\": %s, \"small\": %s}",
            number(outcome.large()),
            number(1 - outcome.large())));
    fields.put("shareError", number(outcome.shareError()));
    Histogram timer = outcome.delays().timer();
    Histogram remote = outcome.delays().remote();
    delays(fields, "timerWakeMicros", timer);
    delays(fields, "remoteWakeMicros", remote);
    fields.put(
        "wakeMicrosP99", number(Math.max(Delays.micros(timer, 99), Delays.micros(remote, 99))));
    fields.put("timerWakes", String.valueOf(timer.getTotalCount()));
    fields.put("remoteWakes", String.valueOf(remote.getTotalCount()));
    return fields.entrySet().stream()
        .map(field -> "  \"" + field.getKey() + "\": " + field.getValue())
        .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
  }

  private static void delays(Map<String, String> fields, String name, Histogram histogram) {
    fields.put(name + "P50", number(Delays.micros(histogram, 50)));
    fields.put(name + "P99", number(Delays.micros(histogram, 99)));
    fields.put(name + "P999", number(Delays.micros(histogram, 99.9)));
    fields.put(name + "Max", number(Delays.micros(histogram, 100)));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.6f", value);
  }
}
