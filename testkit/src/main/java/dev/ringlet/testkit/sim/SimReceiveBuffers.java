package dev.ringlet.testkit.sim;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.BufferRecycler;
import dev.ringlet.spi.IoMemory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of one driver that received data goes into; who finds none waits in a line. The
 * simulation's thread.
 */
final class SimReceiveBuffers implements BufferRecycler {
  private final SimWorld world;
  private final int count;
  private final int bytes;
  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private @Nullable IoMemory memory;
  private int lent;
  private long shortages;

  /** Whether the kernel finds none, though there are. */
  private boolean withheld;

  SimReceiveBuffers(SimWorld world, int count, int bytes) {
    this.world = world;
    this.count = count;
    this.bytes = bytes;
    for (int slot = 0; slot < count; slot++) {
      free.add(slot);
    }
  }

  int bytes() {
    return bytes;
  }

  int lent() {
    return lent;
  }

  long shortages() {
    return shortages;
  }

  boolean hasFree() {
    if (!withheld && !free.isEmpty()) {
      long nanos = world.faults().lasting(Fault.BUFFER_SHORTAGE, "no receive buffers");
      if (nanos > 0) {
        withheld = true;
        var unused = world.agenda().in(nanos, this::giveBack);
      }
    }
    return !withheld && !free.isEmpty();
  }

  private void giveBack() {
    withheld = false;
    for (int left = waiting.size(); left > 0 && !free.isEmpty(); left--) {
      Runnable first = waiting.poll();
      if (first != null) {
        first.run();
      }
    }
  }

  /** An empty one; only if {@link #hasFree one is free}. */
  IoBuffer lend() {
    IoMemory present = memory;
    if (present == null) {
      present = new IoMemory(ByteBuffer.allocate(count * bytes), 0);
      memory = present;
    }
    int slot = free.remove();
    lent++;
    return new IoBuffer(present, slot * bytes, bytes, this, slot);
  }

  /** Tells, once, when one has come back. */
  void await(Runnable told) {
    shortages++;
    waiting.add(told);
  }

  void leave(Runnable told) {
    waiting.remove(told);
  }

  @Override
  public void recycle(IoBuffer buffer) {
    free.add(buffer.slot());
    lent--;
    while (hasFree() && !waiting.isEmpty()) {
      waiting.remove().run();
    }
  }
}
