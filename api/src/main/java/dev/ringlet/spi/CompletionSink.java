package dev.ringlet.spi;

import org.jspecify.annotations.Nullable;

/** Gets completions while a driver is polled. <b>Thread:</b> owner executor. */
@FunctionalInterface
public interface CompletionSink {
  /**
   * Takes one completion. Runs no user code and does not throw; may submit and cancel requests.
   *
   * @param request the request, the same object that was submitted
   * @param result zero or more for success, else a negative error number; the meaning is told at
   *     {@link IoOpcode}
   * @param payload what the {@link IoOpcode} says: an {@link IoHandle}, an {@link
   *     dev.ringlet.io.IoBuffer}, or in case of failure the exception behind it, or null
   * @param more whether further completions of this request will follow; without it the driver has
   *     let go of the request, its buffer and its handle
   */
  void completed(IoRequest request, int result, @Nullable Object payload, boolean more);
}
