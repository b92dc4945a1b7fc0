package dev.ringlet.io;

import dev.ringlet.actor.RingletException;
import org.jspecify.annotations.Nullable;

/**
 * There is no memory for a buffer now: the executor has lent all that {@link
 * dev.ringlet.executor.ExecutorPool#withBufferMemory} allows, or the virtual machine has no direct
 * memory left. The message tells the limit, what is lent, and the way out. Immutable.
 */
public final class BufferMemoryException extends RingletException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one; for pools.
   *
   * @param message limit, what is lent, and the way out
   * @param cause what the virtual machine has said, or null
   */
  public BufferMemoryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
