package dev.ringlet.uring;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.IoMemory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The operations in flight, by slot. It grows as needed and holds every operation strongly, so that
 * what the kernel works on stays reachable.
 *
 * <p><b>Thread:</b> owner executor.
 */
final class OperationTable {
  private static final int CHUNK = 256;

  private Operation[] slots = new Operation[0];

  /** Free slots in [0, free), the last one given back on top: its memory is warm. */
  private Operation[] freeSlots = new Operation[0];

  private int free;

  /** A free slot, which the caller fills; it counts as used from now on. */
  Operation take() {
    if (free == 0) {
      grow();
    }
    return freeSlots[--free];
  }

  /** Ends the use of a slot. */
  void release(Operation operation) {
    assert operation.state != Operation.State.FREE : "released twice: " + operation;
    operation.clear();
    freeSlots[free++] = operation;
  }

  /**
   * The operation that a completion is about, or null if it is stale: its slot is free, used anew,
   * or not with the kernel.
   */
  @Nullable Operation armed(long userData) {
    int slot = UserData.slot(userData);
    if (slot < 0 || slot >= slots.length) {
      return null;
    }
    Operation operation = slots[slot];
    boolean current = operation.generation == UserData.generation(userData);
    return current && operation.state == Operation.State.ARMED ? operation : null;
  }

  int used() {
    return slots.length - free;
  }

  int capacity() {
    return slots.length;
  }

  Operation slot(int index) {
    return slots[index];
  }

  /** Adds the memory that the kernel reads for sends that are complete. */
  void addZeroCopies(Queue<IoMemory> memory) {
    for (Operation operation : slots) {
      if (operation.kind == Operation.Kind.ZERO_COPY
          && operation.pinned instanceof IoBuffer buffer) {
        memory.add(buffer.memory());
      }
    }
  }

  private void grow() {
    int start = slots.length;
    ByteBuffer scratch = NativeMemory.allocate(CHUNK * Operation.SCRATCH_BYTES);
    long address = NativeMemory.address(scratch);
    slots = Arrays.copyOf(slots, start + CHUNK);
    freeSlots = Arrays.copyOf(freeSlots, start + CHUNK);
    for (int i = CHUNK - 1; i >= 0; i--) {
      int offset = i * Operation.SCRATCH_BYTES;
      Operation operation = new Operation(start + i, scratch, offset, address + offset);
      slots[start + i] = operation;
      freeSlots[free++] = operation;
    }
  }
}
