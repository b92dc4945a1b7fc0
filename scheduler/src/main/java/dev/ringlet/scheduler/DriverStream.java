package dev.ringlet.scheduler;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.StreamSocket;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection over a driver's handle, of whatever family. */
abstract class DriverStream implements StreamSocket {
  private final CoreExecutor executor;
  private final IoHandle handle;
  private final SocketWatch watch;
  private final SocketInput input;
  private final SocketOutput output;
  private SocketOptions options;

  /** Changes that are on their way. */
  private int configuring;

  /** The kernel's part of the options is set already. */
  DriverStream(CoreExecutor executor, IoHandle handle, SocketOptions options) {
    this.executor = executor;
    this.handle = handle;
    this.options = options;
    watch = new SocketWatch(executor);
    input = new SocketInput(executor, handle, watch);
    output = new SocketOutput(executor, handle, watch);
    output.configure(options);
    watch.watch(input, output, options);
  }

  final CoreExecutor executor() {
    return executor;
  }

  final IoHandle handle() {
    return handle;
  }

  /** All that was ever set. */
  final SocketOptions options() {
    return options;
  }

  final SocketInput input() {
    return input;
  }

  final SocketOutput output() {
    return output;
  }

  /** Whether nothing is under way, no change of the options either. */
  final boolean isIdle() {
    return output.isIdle() && input.isIdle() && configuring == 0;
  }

  /** Whether it was closed, or is another executor's. */
  final boolean isGone() {
    return watch.isClosed();
  }

  /** It is not this executor's any more. */
  final void stopWatching() {
    watch.close();
  }

  @Override
  public final IoStream<IoBuffer> receive() {
    return input;
  }

  @Override
  public final IoOp<IoBuffer> peek(int atMost) {
    if (atMost <= 0) {
      throw new IllegalArgumentException("atMost: " + atMost + "; give more than zero");
    }
    return new Peek(input, atMost);
  }

  @Override
  public final IoOp<Integer> send(IoBuffer buffer) {
    return output.send(buffer);
  }

  @Override
  public final IoOp<Long> send(List<IoBuffer> buffers) {
    return output.send(buffers);
  }

  @Override
  public final IoOp<Integer> write(IoBuffer buffer) {
    return output.write(buffer);
  }

  @Override
  public final IoOp<Long> sendFile(AsyncFile file, long position, long length) {
    return output.sendFile(DriverFile.source(file, executor, position, length), position, length);
  }

  @Override
  public final long pendingBytes() {
    executor.checkCurrent("StreamSocket.pendingBytes");
    return output.pendingBytes();
  }

  @Override
  public final IoOp<Void> shutdownOutput() {
    return output.shutdown();
  }

  @Override
  public IoOp<Void> configure(SocketOptions changes) {
    return new Configure(changes);
  }

  @Override
  public final IoOp<Void> close() {
    return new Close(0);
  }

  /** A close with flags of the driver. */
  final IoOp<Void> close(int flags) {
    return new Close(flags);
  }

  private final class Configure extends Operation<Void> {
    private boolean begun;

    Configure(SocketOptions changes) {
      super(DriverStream.this.executor, "configure");
      this.opcode = IoOpcode.CONFIGURE;
      this.handle = DriverStream.this.handle;
      this.socketOptions = changes;
    }

    @Override
    String subject() {
      return String.valueOf(DriverStream.this.handle);
    }

    @Override
    void begin() {
      begun = true;
      configuring++;
      submit();
    }

    @Override
    void ended() {
      if (begun) {
        begun = false;
        configuring--;
      }
    }

    @Override
    boolean step(int result, @Nullable Object payload) {
      if (result < 0) {
        fail(result, payload);
      } else {
        options = options.with(socketOptions);
        output.configure(socketOptions);
        watch.configure(socketOptions);
      }
      return true;
    }
  }

  /** Ends what waits for its turn, then lets the driver cancel what is in flight. */
  private final class Close extends CloseOperation {
    Close(int flags) {
      super(DriverStream.this.executor, DriverStream.this.handle, input);
      this.flags = flags;
    }

    @Override
    void beforeClose() {
      watch.close();
      input.cancelWaiting();
      output.cancelWaiting();
    }
  }
}
