package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.BufferRecycler;
import dev.ringlet.spi.IoMemory;
import org.jspecify.annotations.Nullable;

/**
 * One piece of the driver's memory, cut into buffers of one size. Owner executor, but for {@link
 * #recycle}: any thread.
 */
final class Slab implements BufferRecycler {
  private final BufferPool pool;
  private final SlabSize size;
  private final IoMemory memory;
  private final short[] free;
  private int freeCount;

  /** Its neighbours in a list of its size; in none while it is lent from, or all of it is lent. */
  @Nullable Slab previous;

  @Nullable Slab next;

  Slab(BufferPool pool, SlabSize size, IoMemory memory) {
    this.pool = pool;
    this.size = size;
    this.memory = memory;
    this.free = new short[size.slabBytes() / size.pieceBytes()];
    for (int i = free.length - 1; i >= 0; i--) {
      free[freeCount++] = (short) i;
    }
  }

  IoMemory memory() {
    return memory;
  }

  SlabSize size() {
    return size;
  }

  boolean isFull() {
    return freeCount == 0;
  }

  boolean isIdle() {
    return freeCount == free.length;
  }

  /** Lends a piece; there must be one. */
  IoBuffer lend() {
    int index = free[--freeCount];
    int bytes = size.pieceBytes();
    return new IoBuffer(memory, index * bytes, bytes, this, index);
  }

  void takeBack(int index) {
    free[freeCount++] = (short) index;
  }

  @Override
  public void recycle(IoBuffer buffer) {
    pool.recycle(this, buffer.slot());
  }
}
