package dev.ringlet.scheduler;

import dev.ringlet.spi.IoRequest;

/** A request that waits at a socket. Owner executor only. */
final class NioSocketOperation extends NioOperation {
  private final NioSocketHandle socket;

  NioSocketOperation(NioSocketHandle socket, IoRequest request) {
    super(socket.completions(), request);
    this.socket = socket;
  }

  @Override
  void cancel() {
    socket.cancel(this);
  }

  /** Whether it goes on after a completion. */
  boolean isMultishot() {
    return (request.flags & IoRequest.MULTISHOT) != 0;
  }
}
