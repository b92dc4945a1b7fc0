package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.IoOpcode;
import org.jspecify.annotations.Nullable;

/** Looks at what a connection receives next. */
final class Peek extends SingleReceive<IoBuffer> {
  Peek(SocketInput input, int atMost) {
    super(input, "peek", IoOpcode.RECEIVE);
    flags = RECEIVE_PEEK;
    length = atMost;
  }

  @Override
  void received(@Nullable Object payload) {
    succeed(payload == null ? SocketInput.nothing() : executor().watch((IoBuffer) payload, this));
  }

  @Override
  void discard(IoBuffer value) {
    value.release();
  }
}
