package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Bytes of a file for a channel. */
final class NioFileSend extends NioSplice {
  private final NioOutput output;

  NioFileSend(NioSocketHandle socket, NioOutput output, IoRequest request) {
    super(socket, request);
    this.output = output;
  }

  /** Zero bytes mean that the file is at its end, or the channel full. */
  @Override
  int transfer() throws IOException {
    long position = request.position;
    int length = request.length;
    long sent = file().channel().transferTo(position, length, output.channel());
    if (sent > 0) {
      return (int) sent;
    }
    long size = file().channel().size();
    if (size == 0 && length > 0) {
      // Files that the kernel makes up as they are read tell no size.
      return -Errno.EOPNOTSUPP;
    }
    return length == 0 || position >= size ? 0 : NioOutput.WOULD_BLOCK;
  }

  @Override
  void tried(int result, @Nullable Throwable cause) {
    output.tried(this, result, cause);
  }
}
