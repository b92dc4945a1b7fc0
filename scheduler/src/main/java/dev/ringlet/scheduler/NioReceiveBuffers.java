package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.BufferRecycler;
import dev.ringlet.spi.IoMemory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The memory that received data goes into. Connections that find none stand in line; a buffer that
 * comes back is handed to the first of them, so while somebody stands in line none is free.
 *
 * <p>Owner executor only, but for {@link #recycle}, {@link #anyReturned} and the counters.
 */
final class NioReceiveBuffers implements BufferRecycler {
  /** Instead of a slot: there is none. */
  static final int NONE = -1;

  private final Thread owner = Thread.currentThread();
  private final NioSelector selector;
  private final int bufferBytes;
  private final int[] free;
  private final ArrayDeque<NioInput> starved = new ArrayDeque<>();
  private final ConcurrentLinkedQueue<IoBuffer> returned = new ConcurrentLinkedQueue<>();
  private final AtomicInteger lent = new AtomicInteger();
  private final Counter shortages = new Counter();
  private int freeCount;
  private @Nullable IoMemory memory;

  /** Whether connections stand in line; who releases a buffer elsewhere wakes the owner then. */
  private volatile boolean awaited;

  NioReceiveBuffers(NioSelector selector, int count, int bufferBytes) {
    if ((long) count * bufferBytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          count + " receive buffers of " + bufferBytes + " bytes; give less than 2 GiB in all");
    }
    this.selector = selector;
    this.bufferBytes = bufferBytes;
    this.free = new int[count];
    for (int slot = count - 1; slot >= 0; slot--) {
      free[freeCount++] = slot;
    }
  }

  /** Any thread: buffers that are out. */
  int lent() {
    return lent.get();
  }

  /** Any thread: how often a connection had to wait. */
  long shortages() {
    return shortages.get();
  }

  /** Any thread: whether {@link #takeReturned} has something to do. */
  boolean anyReturned() {
    return !returned.isEmpty();
  }

  /** A buffer's number, or {@link #NONE}. */
  int take() {
    return freeCount == 0 ? NONE : free[--freeCount];
  }

  int bufferBytes() {
    return bufferBytes;
  }

  /** The whole of a buffer. */
  ByteBuffer bytes(int slot) {
    return memory().bytes().slice(slot * bufferBytes, bufferBytes);
  }

  IoBuffer lend(int slot, int filled) {
    lent.incrementAndGet();
    return new IoBuffer(memory(), slot * bufferBytes, bufferBytes, this, slot).setIndex(0, filled);
  }

  /** Takes the memory when the first buffer is used: many executors never receive anything. */
  private IoMemory memory() {
    IoMemory present = memory;
    if (present == null) {
      present = new IoMemory(ByteBuffer.allocateDirect(free.length * bufferBytes), 0);
      memory = present;
    }
    return present;
  }

  /** Puts a connection at the end of the line; it is called with {@link NioInput#grant}. */
  void await(NioInput input) {
    shortages.add(1);
    starved.add(input);
    awaited = true;
  }

  /** Takes a connection out of the line. */
  void leave(NioInput input) {
    starved.remove(input);
    awaited = !starved.isEmpty();
  }

  void giveBack(int slot) {
    NioInput first = starved.poll();
    if (first == null) {
      free[freeCount++] = slot;
    } else {
      awaited = !starved.isEmpty();
      first.grant(slot);
    }
  }

  /** Takes what was released on other threads. */
  void takeReturned() {
    for (IoBuffer buffer = returned.poll(); buffer != null; buffer = returned.poll()) {
      giveBack(buffer.slot());
    }
  }

  @Override
  public void recycle(IoBuffer buffer) {
    lent.decrementAndGet();
    if (Thread.currentThread() == owner) {
      giveBack(buffer.slot());
      return;
    }
    returned.add(buffer);
    if (awaited) {
      selector.signal();
    }
  }
}
