package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An operation on an output that waits for its turn there; the driver never sees it. Owner executor
 * only.
 */
abstract class OutputOperation<T> extends Operation<T> {
  final WriteBehind output;

  /** Whether it waits among the writes. */
  boolean queued;

  private OutputOperation(WriteBehind output, String name) {
    super(output.executor(), name);
    this.output = output;
  }

  /** Its turn has come. */
  abstract void accepted();

  @Override
  final String subject() {
    return output.file().toString();
  }

  @Override
  void begin() {
    output.begin(this);
  }

  /** Nothing of it is in the kernel, so it can always end at once. */
  @Override
  final boolean leavesQueue() {
    return true;
  }

  static final class Write extends OutputOperation<Void> {
    private final byte @Nullable [] bytes;

    Write(WriteBehind output, @Nullable IoBuffer buffer, byte @Nullable [] bytes) {
      super(output, "write");
      this.buffer = buffer;
      this.bytes = bytes;
    }

    @Override
    void accepted() {
      IoBuffer source = buffer;
      if (source != null && source.isReleased()) {
        buffer = null;
        IllegalStateException released =
            new IllegalStateException("the buffer was released; it is the operation's to release");
        complete(-Errno.EINVAL, released);
        return;
      }
      buffer = null;
      if (source != null) {
        output.accept(source);
      } else if (bytes != null) {
        output.accept(ByteBuffer.wrap(bytes));
      }
      complete(0, null);
    }

    @Override
    boolean step(int result, @Nullable Object payload) {
      if (result < 0) {
        fail(result, payload);
      }
      return true;
    }

    @Override
    void ended() {
      releaseBuffer();
      output.leave(this);
    }
  }

  /** Its value is the payload of its completion. */
  private abstract static class Positioned extends OutputOperation<Long> {
    Positioned(WriteBehind output, String name) {
      super(output, name);
    }

    @Override
    final boolean step(int result, @Nullable Object payload) {
      if (result < 0) {
        fail(result, payload);
      } else {
        succeed((Long) payload);
      }
      return true;
    }
  }

  static final class Sync extends Positioned {
    long target;

    Sync(WriteBehind output) {
      super(output, "sync");
    }

    @Override
    void accepted() {
      output.accept(this);
    }

    @Override
    void ended() {
      output.leave(this);
    }
  }

  static final class Close extends Positioned {
    Close(WriteBehind output) {
      super(output, "close");
    }

    @Override
    void begin() {
      output.begin(this);
    }

    @Override
    void ended() {
      output.leave(this);
    }

    @Override
    void accepted() {
      throw new AssertionError("a close does not wait among the writes");
    }
  }
}
