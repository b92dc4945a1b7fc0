package dev.ringlet.reactive;

import dev.ringlet.io.IoBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Elements that are buffers already. */
final class BufferBatch extends Batch<IoBuffer> {
  private List<IoBuffer> buffers = new ArrayList<>();

  BufferBatch(Inlet<IoBuffer> inlet, int maxBuffers, int maxBytes) {
    super(inlet, maxBuffers, maxBytes);
  }

  @Override
  int sizeOf(IoBuffer buffer) {
    return buffer.readableBytes();
  }

  @Override
  void add(IoBuffer buffer, int size) {
    if (size == 0) {
      buffer.release();
    } else {
      buffers.add(buffer);
    }
  }

  @Override
  @Nullable IoBuffer remove() {
    return buffers.isEmpty() ? null : buffers.remove(buffers.size() - 1);
  }

  @Override
  int memory() {
    return 0;
  }

  @Override
  List<IoBuffer> buffers(@Nullable IoBuffer lease) {
    List<IoBuffer> sealed = buffers;
    // The operation may keep the list.
    buffers = new ArrayList<>();
    return sealed;
  }
}
