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
  private final SlabSize size;
  private final IoMemory memory;
  private final short[] free;
  private int freeCount;

  /** Its neighbours in a list of its size; in none while all of it is lent. */
  @Nullable Slab previous;

  @Nullable Slab next;

  Slab(SlabSize size, IoMemory memory, int pieces) {
    this.size = size;
    this.memory = memory;
    this.free = new short[pieces];
    for (int i = pieces - 1; i >= 0; i--) {
      free[freeCount++] = (short) i;
    }
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
    size.pool().recycle(this, buffer.slot());
  }
}
