package dev.ringlet.scheduler;

import dev.ringlet.spi.IoRequest;

/** A request that waits at a socket. Owner executor only. */
class NioSocketOperation extends NioOperation {
  private final NioSocketHandle socket;

  NioSocketOperation(NioSocketHandle socket, IoRequest request) {
    super(socket.completions(), request);
    this.socket = socket;
  }

  @Override
  final void cancel() {
    socket.cancel(this);
  }

  /** Whether it goes on after a completion. */
  final boolean isMultishot() {
    return (request.flags & IoRequest.MULTISHOT) != 0;
  }
}
