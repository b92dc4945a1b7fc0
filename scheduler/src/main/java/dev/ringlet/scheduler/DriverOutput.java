package dev.ringlet.scheduler;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.StreamOutput;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be written in order over a driver's handle, and has no other direction. */
final class DriverOutput implements StreamOutput {
  private final CoreExecutor executor;
  private final IoHandle handle;
  private final SocketOutput output;

  DriverOutput(CoreExecutor executor, IoHandle handle) {
    this.executor = executor;
    this.handle = handle;
    this.output = new SocketOutput(executor, handle, new SocketWatch(executor), IoOpcode.CLOSE);
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
  public IoOp<Long> sendFile(AsyncFile file, long position, long length) {
    return output.sendFile(DriverFile.source(file, executor, position, length), position, length);
  }

  @Override
  public long pendingBytes() {
    executor.checkCurrent("StreamOutput.pendingBytes");
    return output.pendingBytes();
  }

  @Override
  public IoOp<Void> shutdownOutput() {
    return output.shutdown();
  }

  @Override
  public IoOp<Void> close() {
    return new Close();
  }

  @Override
  public String toString() {
    return handle.toString();
  }

  /** Ends what waits for its turn, then lets the driver cancel what is in flight. */
  private final class Close extends Operation<Void> {
    Close() {
      super(DriverOutput.this.executor, "close");
      this.opcode = IoOpcode.CLOSE;
      this.handle = DriverOutput.this.handle;
    }

    @Override
    String subject() {
      return String.valueOf(DriverOutput.this.handle);
    }

    @Override
    void begin() {
      output.cancelWaiting();
      submit();
    }

    /** A second close finds nothing to do. */
    @Override
    boolean step(int result, @Nullable Object payload) {
      if (result < 0 && result != -Errno.EBADF) {
        fail(result, payload);
      }
      return true;
    }
  }
}
