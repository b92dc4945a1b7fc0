package dev.ringlet.scheduler;

import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Pipe;

/** The end of a pipe that is written. Owner executor only. */
final class NioPipeOutput extends NioSocketHandle {
  private final NioOutput output;

  NioPipeOutput(NioSockets sockets, Pipe.SinkChannel channel) throws IOException {
    super(sockets.handles(), sockets.selector(), channel);
    this.output = new NioOutput(this, channel, channel::close);
  }

  @Override
  InetSocketAddress localAddress() {
    throw new IllegalArgumentException(this + " has no address");
  }

  @Override
  void submit(IoRequest request) {
    switch (request.opcode) {
      case SEND, SEND_VECTOR, SEND_FILE -> output.submit(request);
      case CLOSE -> close(request);
      default -> refuse(request);
    }
  }

  @Override
  int wantedOps() {
    return output.wantedOps();
  }

  @Override
  void work(CompletionSink sink, int events) {
    output.work(sink);
  }

  @Override
  void cancel(NioOperation operation) {
    if (output.remove(operation)) {
      completions().cancelled(operation);
      updateInterest();
    }
  }

  @Override
  void cancelAll() {
    output.cancelAll();
  }

  @Override
  boolean isBusy() {
    return output.isBusy();
  }

  @Override
  public String toString() {
    return "pipe to write";
  }
}
