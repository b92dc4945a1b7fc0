package dev.ringlet.scheduler;

import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.TcpStream;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection over a driver's handle. */
final class TcpSocket implements TcpStream {
  private final CoreExecutor executor;
  private final IoHandle handle;
  private final SocketWatch watch;
  private final SocketInput input;
  private final SocketOutput output;

  /** What goes with the connection to another executor. */
  private SocketOptions options;

  private @Nullable InetSocketAddress remoteAddress;

  /** The kernel's part of the options is set already. */
  TcpSocket(CoreExecutor executor, IoHandle handle, SocketOptions options) {
    this.executor = executor;
    this.handle = handle;
    this.options = options;
    watch = new SocketWatch(executor);
    input = new SocketInput(executor, handle, watch);
    output = new SocketOutput(executor, handle, watch);
    output.configure(options);
    watch.watch(input, output, options);
  }

  @Override
  public IoStream<IoBuffer> receive() {
    return input;
  }

  @Override
  public IoOp<Integer> send(IoBuffer buffer) {
    return output.send(buffer);
  }

  @Override
  public IoOp<Long> send(List<IoBuffer> buffers) {
    return output.send(buffers);
  }

  @Override
  public IoOp<Integer> write(IoBuffer buffer) {
    return output.write(buffer);
  }

  @Override
  public long pendingBytes() {
    executor.checkCurrent("TcpStream.pendingBytes");
    return output.pendingBytes();
  }

  @Override
  public DetachedTcpStream detach() {
    executor.checkCurrent("TcpStream.detach");
    if (!output.isIdle() || input.isSubscribed()) {
      throw new IllegalStateException(
          handle
              + ": a send or a subscription is under way; detach before, or when they have ended");
    }
    DetachedTcpStream detached = executor.ioDriver().detach(handle);
    watch.close();
    return new DetachedConnection(detached, options);
  }

  @Override
  public IoOp<Void> shutdownOutput() {
    return output.shutdown();
  }

  @Override
  public IoOp<Void> configure(SocketOptions changes) {
    return new Configure(changes);
  }

  @Override
  public IoOp<Void> close() {
    return new Close(0);
  }

  @Override
  public IoOp<Void> abort() {
    return new Close(IoRequest.CLOSE_RESET);
  }

  @Override
  public InetSocketAddress remoteAddress() {
    InetSocketAddress address = remoteAddress;
    if (address == null) {
      address = executor.ioDriver().remoteAddress(handle);
      remoteAddress = address;
    }
    return address;
  }

  @Override
  public InetSocketAddress localAddress() {
    return executor.ioDriver().localAddress(handle);
  }

  private final class Configure extends Operation<Void> {
    Configure(SocketOptions changes) {
      super(TcpSocket.this.executor, "configure");
      this.opcode = IoOpcode.CONFIGURE;
      this.handle = TcpSocket.this.handle;
      this.options = changes;
    }

    @Override
    String subject() {
      return String.valueOf(TcpSocket.this.handle);
    }

    @Override
    void begin() {
      submit();
    }

    @Override
    boolean step(int result, @Nullable Object payload) {
      if (result < 0) {
        fail(result, payload);
      } else {
        TcpSocket.this.options = TcpSocket.this.options.with(options);
        output.configure(options);
        watch.configure(options);
      }
      return true;
    }
  }

  /** Ends what waits for its turn, then lets the driver cancel what is in flight. */
  private final class Close extends CloseOperation {
    Close(int flags) {
      super(TcpSocket.this.executor, TcpSocket.this.handle, input);
      this.flags = flags;
    }

    @Override
    void beforeClose() {
      watch.close();
      output.cancelWaiting();
    }
  }
}
