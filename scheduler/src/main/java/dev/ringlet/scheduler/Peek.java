package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.IoOpcode;
import org.jspecify.annotations.Nullable;

/** Looks at what a connection receives next. */
final class Peek extends SingleReceive<IoBuffer> {
  private final SocketInput input;

  Peek(SocketInput input, int atMost) {
    super(input, "peek", IoOpcode.RECEIVE);
    this.input = input;
    flags = RECEIVE_PEEK;
    length = atMost;
  }

  @Override
  void received(@Nullable Object payload) {
    succeed(payload == null ? SocketInput.nothing() : executor().watch((IoBuffer) payload, this));
  }

  @Override
  boolean takes() {
    return false;
  }

  @Override
  void served(IoBuffer bytes) {
    int count = Math.min(length, bytes.readableBytes());
    succeed(input.copy(bytes.slice(bytes.readerIndex(), count), this));
  }

  @Override
  void discard(IoBuffer value) {
    value.release();
  }
}
