package dev.ringlet.reactive;

import dev.ringlet.io.IoBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Elements that are written into one buffer when there is memory for it. */
final class EncodedBatch<T> extends Batch<T> {
  /** Of a buffer for several elements; any pool has memory for one. */
  private static final int MAX_BYTES = 64 * 1024;

  private final WriteOptions.Encoder<T> encoder;
  private final ArrayDeque<T> waiting = new ArrayDeque<>();

  EncodedBatch(WriteOptions.Encoder<T> encoder, Inlet<T> inlet, int maxElements, int maxBytes) {
    super(inlet, maxElements, Math.min(maxBytes, MAX_BYTES));
    this.encoder = encoder;
  }

  @Override
  int sizeOf(T element) {
    int size = encoder.room().applyAsInt(element);
    if (size < 0) {
      throw new IllegalArgumentException(
          "room: " + size + "; give the most bytes that the element becomes, zero or more");
    }
    return size;
  }

  @Override
  void add(T element, int size) {
    waiting.add(element);
  }

  @Override
  @Nullable T remove() {
    return waiting.poll();
  }

  @Override
  int memory() {
    return Math.max(1, bytes());
  }

  @Override
  List<IoBuffer> buffers(@Nullable IoBuffer lease) {
    IoBuffer buffer = Objects.requireNonNull(lease, "lease");
    try {
      for (T element = waiting.peek(); element != null; element = waiting.peek()) {
        encoder.write().accept(element, buffer);
        waiting.remove();
      }
    } catch (Throwable thrown) {
      buffer.release();
      throw thrown;
    }
    if (buffer.readableBytes() == 0) {
      buffer.release();
      return List.of();
    }
    return List.of(buffer);
  }
}
