package dev.ringlet.examples.tracing;

import dev.ringlet.spi.ContextCarrier;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import org.jspecify.annotations.Nullable;

/**
 * Takes all thread locals that Micrometer's context propagation knows of with each message: traces,
 * observations, the diagnostic context of a logger, whatever has registered an accessor. Any
 * thread.
 */
public final class SnapshotCarrier implements ContextCarrier {
  private final ContextRegistry registry;
  private final ContextSnapshotFactory snapshots;

  public SnapshotCarrier(ContextRegistry registry) {
    this.registry = registry;
    this.snapshots = ContextSnapshotFactory.builder().contextRegistry(registry).build();
  }

  @Override
  public @Nullable Object capture() {
    boolean anything =
        registry.getThreadLocalAccessors().stream()
            .anyMatch(accessor -> accessor.getValue() != null);
    return anything ? snapshots.captureAll() : null;
  }

  @Override
  public Scope restore(Object captured) {
    return ((ContextSnapshot) captured).setThreadLocals()::close;
  }
}
