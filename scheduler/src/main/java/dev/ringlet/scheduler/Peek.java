package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.IoMemory;
import dev.ringlet.spi.IoOpcode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Looks at what a connection receives next. */
final class Peek extends SingleReceive<IoBuffer> {
  private static final IoMemory NOTHING = new IoMemory(ByteBuffer.allocateDirect(0), 0);

  Peek(SocketInput input, int atMost) {
    super(input, "peek", IoOpcode.RECEIVE);
    flags = RECEIVE_PEEK;
    length = atMost;
  }

  @Override
  void received(@Nullable Object payload) {
    succeed(
        payload == null
            ? new IoBuffer(NOTHING, 0, 0, buffer -> {}, 0)
            : executor().watch((IoBuffer) payload, this));
  }

  @Override
  void discard(IoBuffer value) {
    value.release();
  }
}
