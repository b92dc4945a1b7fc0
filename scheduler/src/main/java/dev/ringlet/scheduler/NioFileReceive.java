package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a pipe for a file. They are read and written here: the JDK's own transfer does not tell
 * an empty pipe from one that has ended. What was read and could not be written goes back to the
 * input.
 */
final class NioFileReceive extends NioSplice {
  private static final int MAX_BYTES = 64 * 1024;

  private final NioPipeInput input;
  private final ReadableByteChannel channel;
  private final NioPeeked ahead;

  /**
   * @param left what comes before all that is in the channel; null if nothing does
   */
  NioFileReceive(
      NioPipeInput input,
      ReadableByteChannel channel,
      @Nullable NioPeeked left,
      IoRequest request) {
    super(input, request);
    this.input = input;
    this.channel = channel;
    this.ahead =
        left != null ? left : new NioPeeked(Math.min(MAX_BYTES, Math.max(0, request.length)));
  }

  /** What it has not moved; null if that is nothing. */
  @Nullable NioPeeked left() {
    return ahead.isTaken() ? null : ahead;
  }

  @Override
  int transfer() throws IOException {
    if (request.length <= 0) {
      return request.length == 0 ? 0 : -Errno.EINVAL;
    }
    int count = ahead.move(channel, request.length, file(), request.position);
    return count > 0 ? count : count < 0 ? 0 : NioOutput.WOULD_BLOCK;
  }

  @Override
  void tried(int result, @Nullable Throwable cause) {
    input.tried(this, result, cause);
  }
}
