package dev.ringlet.scheduler;

import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Pipe;

/** The end of a pipe that is read. Owner executor only. */
final class NioPipeInput extends NioSocketHandle {
  private final NioInput input;

  NioPipeInput(NioSockets sockets, Pipe.SourceChannel channel) throws IOException {
    super(sockets.handles(), sockets.selector(), channel);
    this.input = new NioInput(this, sockets.buffers(), channel);
  }

  @Override
  InetSocketAddress localAddress() {
    throw new IllegalArgumentException(this + " has no address");
  }

  @Override
  void submit(IoRequest request) {
    switch (request.opcode) {
      case RECEIVE -> {
        NioSocketOperation receive = new NioSocketOperation(this, request);
        completions().take(receive);
        input.add(receive);
      }
      case CLOSE -> close(request);
      default -> refuse(request);
    }
  }

  @Override
  int wantedOps() {
    return input.wantedOps();
  }

  @Override
  void work(CompletionSink sink, int events) {
    input.work(sink);
  }

  @Override
  void cancel(NioOperation operation) {
    input.remove(operation);
    completions().cancelled(operation);
    input.afterCancel();
    updateInterest();
  }

  @Override
  void cancelAll() {
    input.cancelAll();
  }

  @Override
  public String toString() {
    return "pipe to read";
  }
}
