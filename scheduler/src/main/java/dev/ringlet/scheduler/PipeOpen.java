package dev.ringlet.scheduler;

import dev.ringlet.io.IoPipe;
import dev.ringlet.io.PipeInput;
import dev.ringlet.io.StreamOutput;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.PipeEnds;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes a pipe. */
final class PipeOpen extends Operation<IoPipe> {
  private @Nullable PipeEnds ends;

  PipeOpen(CoreExecutor executor) {
    super(executor, "pipe");
    this.opcode = IoOpcode.PIPE;
  }

  @Override
  String subject() {
    return "of " + executor();
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
      PipeEnds made = (PipeEnds) Objects.requireNonNull(payload);
      ends = made;
      succeed(
          new DriverPipe(
              new DriverInput(executor(), made.readEnd()),
              new DriverOutput(executor(), made.writeEnd())));
    }
    return true;
  }

  @Override
  void discard(IoPipe value) {
    PipeEnds made = Objects.requireNonNull(ends);
    close(made.readEnd());
    close(made.writeEnd());
  }

  private void close(IoHandle end) {
    new PlainOperation(executor(), "close", subject(), IoOpcode.CLOSE, end).toCompletionStage();
  }

  private record DriverPipe(PipeInput input, StreamOutput output) implements IoPipe {}
}
