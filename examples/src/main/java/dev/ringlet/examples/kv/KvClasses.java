package dev.ringlet.examples.kv;

import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import java.time.Duration;

/** The priority classes of the server. Static. */
final class KvClasses {
  /** Connections and shards: whoever waits for an answer. */
  static final PriorityClass SERVING =
      new PriorityClass("serving", Shares.of(Shares.MAX), Latency.matters(Duration.ofMillis(1)));

  /** Replay and housekeeping: a tenth of a busy core, all of an idle one. */
  static final PriorityClass BACKGROUND =
      new PriorityClass("background", Shares.of(Shares.MAX / 10), Latency.notImportant());

  /** Making copies of logs: apart, so that nothing else in the background waits for it. */
  static final PriorityClass COMPACTION =
      new PriorityClass("compaction", Shares.of(Shares.MAX / 10), Latency.notImportant());

  private KvClasses() {}
}
