package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Gives a buffer when there is memory for it; the driver knows nothing of it. */
final class LeaseOperation extends Operation<IoBuffer> {
  private final int bytes;

  LeaseOperation(CoreExecutor executor, int bytes) {
    super(executor, "buffer");
    this.bytes = bytes;
  }

  @Override
  String subject() {
    return "of " + bytes + " bytes";
  }

  @Override
  void begin() {
    lease(bytes);
  }

  @Override
  void leased(IoBuffer memory) {
    buffer = memory;
    complete(0, null);
  }

  @Override
  boolean step(int result, @Nullable Object payload) {
    if (result < 0) {
      fail(result, payload);
    } else {
      succeed(Objects.requireNonNull(buffer));
      buffer = null;
    }
    return true;
  }

  @Override
  void discard(IoBuffer value) {
    value.release();
  }
}
