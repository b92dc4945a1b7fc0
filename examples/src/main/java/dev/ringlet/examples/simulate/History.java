package dev.ringlet.examples.simulate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All calls of all clients, in the order in which they began. Time is the number of what has
 * happened, so that no two things happen at once. The simulation's thread.
 */
final class History {
  private final Map<String, List<Call>> byKey = new LinkedHashMap<>();
  private long now;
  private int calls;
  private int answered;
  private long longestWaitMillis;

  /** A call is sent. */
  Call begin(Call.Kind kind, String client, String key, @Nullable String written) {
    Call call = new Call(kind, client, key, written, ++now);
    byKey.computeIfAbsent(key, name -> new ArrayList<>()).add(call);
    calls++;
    return call;
  }

  /** An answer has come: the time of it. */
  long answer() {
    answered++;
    return ++now;
  }

  /** A client has waited for all answers that it was waiting for. */
  void waited(long millis) {
    longestWaitMillis = Math.max(longestWaitMillis, millis);
  }

  /** How long the longest time was, of the simulation's, that a client has waited for answers. */
  long longestWaitMillis() {
    return longestWaitMillis;
  }

  /** How many calls were sent. */
  int calls() {
    return calls;
  }

  /** How many of them have an answer that tells what they did. */
  int answered() {
    return answered;
  }

  /** Null if every answer can be explained, else what cannot. */
  @Nullable String check() {
    for (List<Call> callsOnKey : byKey.values()) {
      String problem = RegisterCheck.check(callsOnKey);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }
}
