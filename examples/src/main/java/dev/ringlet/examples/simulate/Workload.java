package dev.ringlet.examples.simulate;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What a client does: so many calls on a few keys, a few at a time, with pauses. The simulation's
 * thread.
 */
final class Workload {
  private static final int MAX_BATCH = 8;

  /** Some fit into a sector of the disk by the dozen, some take several. */
  private static final int[] MAX_VALUE_BYTES = {10, 60, 300, 1500};

  private static final long MAX_PAUSE_NANOS = 20_000_000;

  private final RandomGenerator random;
  private final int keys;
  private final int calls;
  private final int maxValueBytes;
  private final boolean readsOnly;
  private int begun;

  private Workload(RandomGenerator random, int keys, int calls, boolean readsOnly) {
    this.random = random;
    this.keys = keys;
    this.calls = calls;
    this.maxValueBytes = MAX_VALUE_BYTES[random.nextInt(MAX_VALUE_BYTES.length)];
    this.readsOnly = readsOnly;
  }

  /**
   * Reads, writes and removals as chance decides.
   *
   * @param random decides
   * @param keys how many, named {@code k0} and so on
   * @param calls how many
   */
  static Workload random(RandomGenerator random, int keys, int calls) {
    return new Workload(random, keys, calls, false);
  }

  /** Reads each key once. */
  static Workload readAll(RandomGenerator random, int keys) {
    return new Workload(random, keys, keys, true);
  }

  boolean isDone() {
    return begun == calls;
  }

  /** How long to wait before the next calls, and before the next attempt to connect. */
  Duration pause() {
    return Duration.ofNanos(random.nextLong(MAX_PAUSE_NANOS));
  }

  /** How many calls to send before the answers are awaited; at least one while there are some. */
  int batch() {
    return Math.min(1 + random.nextInt(MAX_BATCH), calls - begun);
  }

  /** The next call, which begins now. */
  Call next(String client, History history) {
    String key = "k" + (readsOnly ? begun : random.nextInt(keys));
    begun++;
    int draw = readsOnly ? 0 : random.nextInt(8);
    if (draw < 4) {
      return history.begin(Call.Kind.GET, client, key, null);
    }
    if (draw < 5) {
      return history.begin(Call.Kind.DEL, client, key, null);
    }
    return history.begin(Call.Kind.SET, client, key, value(client));
  }

  /** One that no other call has. */
  private String value(String client) {
    return client + "-" + begun + ".".repeat(random.nextInt(maxValueBytes));
  }
}
