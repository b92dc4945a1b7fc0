package dev.ringlet.scheduler;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.PipeInput;
import dev.ringlet.spi.IoHandle;

/** What can be read in order over a driver's handle, and has no other direction. */
final class DriverInput implements PipeInput {
  private final CoreExecutor executor;
  private final IoHandle handle;
  private final SocketInput input;

  DriverInput(CoreExecutor executor, IoHandle handle) {
    this.executor = executor;
    this.handle = handle;
    this.input = new SocketInput(executor, handle, new SocketWatch(executor));
  }

  @Override
  public IoStream<IoBuffer> receive() {
    return input;
  }

  @Override
  public IoOp<Long> receiveTo(AsyncFile target, long targetPosition, long length) {
    DriverFile file = DriverFile.target(target, executor, targetPosition, length);
    return new PipeReceive(input, handle, file, targetPosition, length);
  }

  @Override
  public IoOp<Void> close() {
    return new CloseOperation(executor, handle, input) {
      @Override
      void beforeClose() {
        // The driver ends what is in flight.
      }
    };
  }

  @Override
  public String toString() {
    return handle.toString();
  }
}
