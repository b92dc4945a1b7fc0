package dev.ringlet.spi;

import dev.ringlet.io.IoBuffer;

/** Takes back memory that the last holder of a buffer has released. */
@FunctionalInterface
public interface BufferRecycler {
  /**
   * Takes a buffer back. <b>Thread:</b> any thread; an implementation owned by an executor routes
   * the buffer there. Must not throw.
   *
   * @param buffer the released buffer; only {@code slot()}, {@code capacity()}, {@code offset()}
   *     and {@code memory()} may be used
   */
  void recycle(IoBuffer buffer);
}
