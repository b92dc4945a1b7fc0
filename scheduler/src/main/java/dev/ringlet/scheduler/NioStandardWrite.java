package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Bytes for standard output or error. What the thread has begun ends when it is written, cancelled
 * or not, so that whoever goes on knows what has left; unless its stream is closed, after which
 * nothing follows: then it ends at once, which is why the bytes are copied. Owner executor only,
 * but for {@link #run}.
 */
final class NioStandardWrite extends NioOperation implements NioDone {
  private static final int MAX_BYTES = 64 * 1024;

  private final NioStandardStream stream;
  private final byte[] bytes;

  /** Claimed by the thread to write it, or by the owner, so that it is not. */
  private final AtomicBoolean claimed = new AtomicBoolean();

  private @Nullable Throwable failure;

  NioStandardWrite(NioStandardStream stream, IoRequest request) {
    super(stream.completions(), request);
    this.stream = stream;
    this.bytes = copy(request);
  }

  private static byte[] copy(IoRequest request) {
    ByteBuffer[] slices =
        request.opcode == IoOpcode.SEND_VECTOR
            ? NioMemory.slices(request)
            : new ByteBuffer[] {NioMemory.slice(request)};
    ByteBuffer copy = ByteBuffer.allocate(Math.min(MAX_BYTES, remaining(slices)));
    for (ByteBuffer slice : slices) {
      copy.put(slice.limit(Math.min(slice.limit(), copy.remaining())));
    }
    return copy.array();
  }

  private static int remaining(ByteBuffer[] slices) {
    long bytes = 0;
    for (ByteBuffer slice : slices) {
      bytes += slice.remaining();
    }
    return (int) Math.min(Integer.MAX_VALUE, bytes);
  }

  /** On the output's thread. */
  void run(NioStandardOutput output) {
    if (!claimed.compareAndSet(false, true)) {
      return;
    }
    try {
      output.write(bytes);
    } catch (Throwable e) { // an Error too: the owner waits for an outcome
      failure = e;
    }
    stream.files().done(this);
  }

  @Override
  public void end() {
    Throwable failed = failure;
    if (!isPending()) {
      return; // nobody wanted to wait for it
    }
    if (failed != null) {
      stream.end(this, -NioErrno.of(failed), failed);
    } else {
      stream.end(this, bytes.length, null);
    }
  }

  @Override
  void cancel() {
    if (claimed.compareAndSet(false, true)) {
      stream.end(this, -Errno.ECANCELED, null);
    }
  }

  /** As a cancel, but what the thread has begun it goes on with, unheard. */
  void forsake() {
    claimed.set(true);
    stream.end(this, -Errno.ECANCELED, null);
  }
}
