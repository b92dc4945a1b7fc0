package dev.ringlet.reactive;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.io.IoBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The elements of one write, until it begins; used again for the next. Owner executor only. */
abstract class Batch<T> {
  private final Inlet<T> inlet;
  private final int maxElements;
  private final int maxBytes;
  private int elements;
  private int bytes;

  /** Polled, but without room beside the others: the first of the next batch. */
  private @Nullable T held;

  Batch(Inlet<T> inlet, int maxElements, int maxBytes) {
    this.inlet = inlet;
    this.maxElements = maxElements;
    this.maxBytes = maxBytes;
  }

  /** How many bytes it becomes, at most. */
  abstract int sizeOf(T element);

  abstract void add(T element, int size);

  /** One that was added and not written; null if there is none. */
  abstract @Nullable T remove();

  /** How much memory {@link #seal} is to be given, in bytes; zero for none. */
  abstract int memory();

  /**
   * The buffers of all elements, none of them empty.
   *
   * @param lease as much as {@link #memory} says; goes over
   */
  abstract List<IoBuffer> buffers(@Nullable IoBuffer lease);

  /** Takes what waits, as far as there is room; less if others want the core. */
  final void fill(ActorContext<?> context) {
    while (elements < maxElements) {
      T element = held != null ? held : inlet.poll();
      held = element;
      if (element == null) {
        return;
      }
      int size = sizeOf(element);
      if (elements > 0 && size > maxBytes - bytes) {
        return;
      }
      held = null;
      elements++;
      bytes += size;
      add(element, size);
      if (context.needPreempt()) {
        return;
      }
    }
  }

  /** The buffers to write, see {@link #buffers}; the batch is empty after it. */
  final List<IoBuffer> seal(@Nullable IoBuffer lease) {
    List<IoBuffer> sealed = buffers(lease);
    elements = 0;
    bytes = 0;
    return sealed;
  }

  /** Gives back what it holds, and is not used any more. */
  final void giveBack() {
    for (T element = remove(); element != null; element = remove()) {
      inlet.giveBack(element);
    }
    T left = held;
    if (left != null) {
      held = null;
      inlet.giveBack(left);
    }
  }

  final int elements() {
    return elements;
  }

  final int bytes() {
    return bytes;
  }
}
