package dev.ringlet.examples.priorities;

import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The outcome as a picture: shares over time, and how late the latency class was. */
final class SvgPlot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 380;
  private static final int LEFT = 60;
  private static final int TOP = 70;
  private static final int PLOT_WIDTH = 350;
  private static final int PLOT_HEIGHT = 240;
  private static final int SECOND_LEFT = LEFT + PLOT_WIDTH + 110;
  private static final String LARGE = "#1f6fb2";
  private static final String SMALL = "#d9822b";
  private static final String TIMER = "#2a8f5b";
  private static final String REMOTE = "#8a4fbf";

  /** Orders of magnitude on the vertical axis of the delays: 1 µs to 100 ms. */
  private static final int DECADES = 5;

  /** The percentiles end where one in a hundred thousand is left. */
  private static final double LAST_LEFT_OVER = 1e-5;

  private final StringBuilder svg = new StringBuilder();

  private SvgPlot() {}

  static String of(Outcome outcome) {
    return new SvgPlot().draw(outcome);
  }

  private String draw(Outcome outcome) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"12\" fill=\"#333\">%n",
        WIDTH, HEIGHT);
    add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n", WIDTH, HEIGHT);
    text(
        LEFT,
        24,
        "start",
        "font-size=\"16\" font-weight=\"bold\"",
        "One saturated core: two classes with "
            + outcome.split().large()
            + " and "
            + outcome.split().small()
            + " shares, and a latency class");
    text(
        LEFT,
        44,
        "start",
        "",
        String.format(
            Locale.ROOT,
            "%s, bound %s, %.0f s, shares off by %.2f %%",
            outcome.driver(),
            DurationOption.text(outcome.bound()),
            outcome.seconds(),
            100 * outcome.shareError()));
    shares(outcome.samples(), outcome.split());
    delays(outcome.delays());
    add("</svg>%n");
    return svg.toString();
  }

  private void shares(List<Outcome.Sample> samples, Split split) {
    frame(LEFT, "part of the core (%), by second");
    for (int percent = 0; percent <= 100; percent += 20) {
      level(LEFT, percent / 100.0, String.valueOf(percent));
    }
    double last = samples.isEmpty() ? 1 : samples.get(samples.size() - 1).second();
    StringBuilder large = new StringBuilder();
    StringBuilder small = new StringBuilder();
    for (Outcome.Sample sample : samples) {
      double x = sample.second() / last;
      large.append(point(LEFT, x, sample.large())).append(' ');
      small.append(point(LEFT, x, 1 - sample.large())).append(' ');
    }
    line(large, LARGE);
    line(small, SMALL);
    legend(LEFT, 0, LARGE, split.large() + " shares");
    legend(LEFT, 1, SMALL, split.small() + " shares");
    text(
        LEFT + PLOT_WIDTH,
        TOP + PLOT_HEIGHT + 18,
        "end",
        "",
        String.format(Locale.ROOT, "%.0f s", last));
  }

  private void delays(Delays delays) {
    frame(SECOND_LEFT, "late by (µs), by percentile");
    for (int decade = 0; decade <= DECADES; decade++) {
      level(
          SECOND_LEFT,
          (double) decade / DECADES,
          String.format(Locale.ROOT, "%.0f", Math.pow(10, decade)));
    }
    for (double percentile : new double[] {50, 90, 99, 99.9, 99.99}) {
      double x = leftOverToX(1 - percentile / 100);
      text(
          SECOND_LEFT + x * PLOT_WIDTH,
          TOP + PLOT_HEIGHT + 18,
          "middle",
          "",
          String.valueOf(percentile));
    }
    line(percentiles(delays.timer()), TIMER);
    line(percentiles(delays.remote()), REMOTE);
    legend(SECOND_LEFT, 0, TIMER, "woken by its timer");
    legend(SECOND_LEFT, 1, REMOTE, "woken by another executor");
  }

  private static StringBuilder percentiles(Histogram histogram) {
    StringBuilder points = new StringBuilder();
    for (double leftOver = 1; leftOver > LAST_LEFT_OVER; leftOver *= 0.9) {
      double micros = Delays.micros(histogram, 100 * (1 - leftOver));
      double y = Math.log10(Math.max(1, micros)) / DECADES;
      points.append(point(SECOND_LEFT, leftOverToX(leftOver), Math.min(1, y))).append(' ');
    }
    return points;
  }

  private static double leftOverToX(double leftOver) {
    return Math.log10(leftOver) / Math.log10(LAST_LEFT_OVER);
  }

  private void frame(int left, String title) {
    text(left, TOP - 8, "start", "fill=\"#666\"", title);
    add(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#bbb\"/>%n",
        left, TOP, PLOT_WIDTH, PLOT_HEIGHT);
  }

  private void level(int left, double part, String label) {
    double y = TOP + PLOT_HEIGHT * (1 - part);
    add(
        "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#eee\"/>%n",
        left, left + PLOT_WIDTH, y, y);
    text(left - 6, y + 4, "end", "", label);
  }

  private void legend(int left, int place, String color, String label) {
    int x = left + place * PLOT_WIDTH / 2;
    int y = TOP + PLOT_HEIGHT + 42;
    add("<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/>%n", x, y - 5, color);
    text(x + 20, y, "start", "", label);
  }

  private void line(CharSequence points, String color) {
    add(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n",
        points, color);
  }

  private static String point(int left, double x, double y) {
    return String.format(
        Locale.ROOT, "%.1f,%.1f", left + x * PLOT_WIDTH, TOP + PLOT_HEIGHT * (1 - y));
  }

  private void text(double x, double y, String anchor, String style, String text) {
    add(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>%n",
        x, y, anchor, style, text.replace("&", "&amp;").replace("<", "&lt;"));
  }

  private void add(String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments));
  }
}
