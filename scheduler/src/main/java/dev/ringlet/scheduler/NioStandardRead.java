package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoMemory;
import dev.ringlet.spi.IoRequest;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A request for what comes from standard input. Owner executor only, but for {@link #took}; the
 * outcome is guarded by the input.
 */
final class NioStandardRead extends NioOperation implements NioDone {
  private final NioStandardStream stream;
  private NioStandardInput.@Nullable Outcome outcome;

  NioStandardRead(NioStandardStream stream, IoRequest request) {
    super(stream.completions(), request);
    this.stream = stream;
  }

  /** With the lock of the input, any thread; once, unless it has left before. */
  void took(NioStandardInput.Outcome taken) {
    outcome = taken;
    stream.files().done(this);
  }

  /** With the lock of the input: what has come for it and is not its own any more. */
  NioStandardInput.@Nullable Outcome giveUp() {
    NioStandardInput.Outcome come = outcome;
    outcome = null;
    return come;
  }

  @Override
  public void end() {
    if (!isPending()) {
      return; // what had come for it is somebody else's
    }
    NioStandardInput.Outcome taken = outcome;
    if (taken == null) {
      throw new AssertionError(this + ": ended without an outcome");
    }
    Throwable failure = taken.failure();
    if (failure != null) {
      stream.end(this, -NioErrno.of(failure), failure);
    } else if (taken.bytes().hasRemaining()) {
      ByteBuffer bytes = taken.bytes();
      int count = bytes.remaining();
      IoMemory memory = new IoMemory(bytes, 0);
      stream.end(this, count, new IoBuffer(memory, 0, count, used -> {}, 0).setIndex(0, count));
    } else {
      stream.end(this, 0, null);
    }
  }

  @Override
  void cancel() {
    NioStandardInput.PROCESS.leave(this);
    stream.end(this, -Errno.ECANCELED, null);
  }
}
