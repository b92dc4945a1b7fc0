package dev.ringlet.examples.limiter;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** What the verdicts add up to. One thread at a time. */
final class Figures {
  private final long[] callsOfShard;
  private final Set<String> traces = new HashSet<>();
  private long allowed;

  Figures(int shards) {
    this.callsOfShard = new long[shards];
  }

  /** Counts one. */
  void add(Verdict verdict) {
    callsOfShard[verdict.shard()]++;
    traces.add(Objects.requireNonNullElse(verdict.trace(), "none"));
    if (verdict.allowed()) {
      allowed++;
    }
  }

  long calls() {
    long calls = 0;
    for (long ofShard : callsOfShard) {
      calls += ofShard;
    }
    return calls;
  }

  long allowed() {
    return allowed;
  }

  long callsOf(int shard) {
    return callsOfShard[shard];
  }

  int shards() {
    return callsOfShard.length;
  }

  /** What the shards saw. */
  Set<String> traces() {
    return traces;
  }
}
