package dev.ringlet.examples.kv;

import java.util.HashSet;
import java.util.Set;

/**
 * Keys with changes that were refused when they had been made already, because the log could not
 * take them: nobody may see them before the log has them after all. <b>Thread:</b> the shard's.
 */
final class Doubts {
  private final Set<Bytes> keys = new HashSet<>();
  private boolean everything;
  private long position;

  /** A change is refused that the log has not got, which ends at a position at most. */
  void add(Request request, long logPosition) {
    position = logPosition;
    switch (request.spec().kind()) {
      case ONE_KEY -> keys.add(request.key());
      case MANY_KEYS -> {
        for (int i = 1; i < request.count(); i += request.spec().keyStep()) {
          keys.add(new Bytes(request.argument(i)));
        }
      }
      default -> everything = true;
    }
  }

  /** Whether what a command shows may depend on such a change. */
  boolean concern(Request request) {
    if (isEmpty() || request.spec().merge() == CommandSpec.Merge.INFO) {
      return false;
    }
    return everything
        || switch (request.spec().kind()) {
          case ONE_KEY -> keys.contains(request.key());
          case MANY_KEYS -> concernOneOf(request);
          default -> true;
        };
  }

  private boolean concernOneOf(Request request) {
    for (int i = 1; i < request.count(); i += request.spec().keyStep()) {
      if (keys.contains(new Bytes(request.argument(i)))) {
        return true;
      }
    }
    return false;
  }

  boolean isEmpty() {
    return keys.isEmpty() && !everything;
  }

  /** Up to where the log must be safe before they are none any more. */
  long position() {
    return position;
  }

  void clear() {
    keys.clear();
    everything = false;
  }
}
