package dev.ringlet.examples.limiter;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * The trace that the calling thread works for, as tracing libraries keep it: in a thread local, and
 * under a key of Reactor's context.
 */
final class Trace {
  /** The key. */
  static final String KEY = "dev.ringlet.examples.trace";

  private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();

  private static final ContextSnapshotFactory SNAPSHOTS =
      ContextSnapshotFactory.builder()
          .contextRegistry(
              new ContextRegistry()
                  .loadContextAccessors()
                  .registerThreadLocalAccessor(KEY, CURRENT))
          .build();

  private Trace() {}

  static @Nullable String current() {
    return CURRENT.get();
  }

  /** What a subscriber's context knows, for other threads. */
  static ContextSnapshot of(ContextView context) {
    return SNAPSHOTS.captureFrom(context);
  }
}
