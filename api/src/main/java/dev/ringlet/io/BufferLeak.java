package dev.ringlet.io;

import dev.ringlet.actor.SystemEvent;
import java.util.Objects;

/**
 * A buffer that nobody can release any more: the last reference to it is gone. Its memory has gone
 * back. Seen when the collector has run and the executor parks or leases again, for buffers that
 * {@link dev.ringlet.executor.ExecutorPool#withLeakDetection} watches. Immutable.
 *
 * @param lease where it came from
 */
public record BufferLeak(BufferLease lease) implements SystemEvent {
  /** Checks the value. */
  public BufferLeak {
    Objects.requireNonNull(lease, "lease");
  }
}
