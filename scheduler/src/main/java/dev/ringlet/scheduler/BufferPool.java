package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.BufferRecycler;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoMemory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Buffers for output and file I/O of one executor, by size: powers of two from 256 bytes to 1 MiB.
 * Small ones are cut from slabs of 256 KiB; what is larger than 1 MiB is allocated for one use and
 * left to the garbage collector. Owner executor, but for {@link #recycle}: any thread.
 */
final class BufferPool implements BufferRecycler {
  private static final int MIN_SHIFT = 8;
  private static final int MAX_SHIFT = 20;
  private static final int SLAB_BYTES = 256 * 1024;
  private static final int UNPOOLED = -1;

  /** How many bytes of one size are kept when they come back; the rest is left to the collector. */
  private static final int MAX_KEPT_BYTES = 16 << 20;

  private final CoreExecutor executor;
  private final IoDriver driver;
  private final SizeClass[] sizes = new SizeClass[MAX_SHIFT - MIN_SHIFT + 1];
  private final Counter lent = new Counter();

  BufferPool(CoreExecutor executor, IoDriver driver) {
    this.executor = executor;
    this.driver = driver;
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = new SizeClass(1 << (MIN_SHIFT + i));
    }
  }

  /** Buffers that are out now. Any thread. */
  long lent() {
    return lent.get();
  }

  IoBuffer acquire(int bytes) {
    if (bytes < 1 || bytes > 1 << 30) {
      throw new IllegalArgumentException("bytes: " + bytes + "; give 1 to " + (1 << 30));
    }
    lent.add(1);
    if (bytes > 1 << MAX_SHIFT) {
      return new IoBuffer(driver.allocate(bytes), 0, bytes, this, UNPOOLED);
    }
    int shift = Math.max(MIN_SHIFT, 32 - Integer.numberOfLeadingZeros(bytes - 1));
    return sizes[shift - MIN_SHIFT].acquire(shift - MIN_SHIFT);
  }

  @Override
  public void recycle(IoBuffer buffer) {
    if (executor.isCurrent()) {
      giveBack(buffer);
    } else {
      executor.send(new GiveBack(buffer));
    }
  }

  private void giveBack(IoBuffer buffer) {
    lent.add(-1);
    if (buffer.slot() != UNPOOLED) {
      sizes[buffer.slot()].giveBack(buffer.memory(), buffer.offset());
    }
  }

  private final class SizeClass {
    private final int size;
    private @Nullable IoMemory[] memories = new IoMemory[16];
    private int[] offsets = new int[16];
    private int count;

    SizeClass(int size) {
      this.size = size;
    }

    IoBuffer acquire(int slot) {
      if (count == 0) {
        refill();
      }
      count--;
      IoMemory memory = memories[count];
      memories[count] = null;
      assert memory != null;
      return new IoBuffer(memory, offsets[count], size, BufferPool.this, slot);
    }

    private void refill() {
      int bytes = Math.max(size, SLAB_BYTES);
      IoMemory slab = driver.allocate(bytes);
      for (int offset = 0; offset < bytes; offset += size) {
        push(slab, offset);
      }
    }

    void giveBack(IoMemory memory, int offset) {
      boolean isSlab = size < SLAB_BYTES;
      if (isSlab || count < MAX_KEPT_BYTES / size) {
        push(memory, offset);
      }
    }

    private void push(IoMemory memory, int offset) {
      if (count == offsets.length) {
        memories = Arrays.copyOf(memories, count * 2);
        offsets = Arrays.copyOf(offsets, count * 2);
      }
      memories[count] = memory;
      offsets[count++] = offset;
    }
  }

  private static final class GiveBack extends Command {
    private final IoBuffer buffer;

    GiveBack(IoBuffer buffer) {
      this.buffer = buffer;
    }

    @Override
    void run(CoreExecutor executor) {
      executor.buffers().giveBack(buffer);
    }

    @Override
    void refused(CoreExecutor executor) {
      // The pool has ended with its executor; the memory is the garbage collector's.
    }
  }
}
