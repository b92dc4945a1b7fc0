package dev.ringlet.scheduler;

import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/** The end of a pipe that is read. Owner executor only. */
final class NioPipeInput extends NioSocketHandle {
  private final Pipe.SourceChannel channel;
  private final NioInput input;

  /** What goes to a file. */
  private @Nullable NioFileReceive filing;

  /** Whether a thread for files has that. */
  private boolean busy;

  NioPipeInput(NioSockets sockets, Pipe.SourceChannel channel) throws IOException {
    super(sockets.handles(), sockets.selector(), channel);
    this.channel = channel;
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
      case RECEIVE_FILE -> receiveFile(request);
      case CLOSE -> close(request);
      default -> refuse(request);
    }
  }

  private void receiveFile(IoRequest request) {
    NioPeeked left = filing == null ? input.peeked() : null;
    NioFileReceive receive = new NioFileReceive(this, channel, left, request);
    completions().take(receive);
    if (receive.file().isClosing()) {
      completions().end(receive, -Errno.EBADF, null);
    } else if (filing != null) {
      completions().end(receive, -Errno.EBUSY, null);
    } else {
      receive.takeFile();
      filing = receive;
      input.attached(null);
      start(receive);
    }
  }

  private void start(NioFileReceive receive) {
    busy = true;
    receive.start();
  }

  /** A thread for files has tried it. */
  void tried(NioFileReceive receive, int result, @Nullable Throwable failure) {
    busy = false;
    if (result == NioOutput.WOULD_BLOCK && !receive.isStopped()) {
      updateInterest();
      return;
    }
    endFiling(receive);
    int told = result == NioOutput.WOULD_BLOCK ? -Errno.ECANCELED : result;
    completions().end(receive, told, failure);
    notBusy();
  }

  private void endFiling(NioFileReceive receive) {
    filing = null;
    input.attached(receive.left());
    receive.leaveFile();
  }

  @Override
  boolean isBusy() {
    return busy;
  }

  @Override
  int wantedOps() {
    return input.wantedOps() | (filing != null && !busy ? SelectionKey.OP_READ : 0);
  }

  @Override
  void work(CompletionSink sink, int events) {
    NioFileReceive waiting = filing;
    if (waiting != null && !busy) {
      start(waiting);
    }
    input.work(sink);
  }

  @Override
  void cancel(NioOperation operation) {
    if (operation instanceof NioFileReceive receive) {
      if (busy) {
        receive.stop();
        return;
      }
      endFiling(receive);
    } else {
      input.remove(operation);
    }
    completions().cancelled(operation);
    input.afterCancel();
    updateInterest();
  }

  @Override
  void cancelAll() {
    NioFileReceive receive = filing;
    if (receive != null) {
      cancel(receive);
    }
    input.cancelAll();
  }

  @Override
  public String toString() {
    return "pipe to read";
  }
}
