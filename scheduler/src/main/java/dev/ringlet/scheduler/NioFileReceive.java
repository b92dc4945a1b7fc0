package dev.ringlet.scheduler;

import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a pipe for a file. They are read and written here: the JDK's own transfer does not tell
 * an empty pipe from one that has ended.
 */
final class NioFileReceive extends NioSplice {
  private static final int MAX_BYTES = 64 * 1024;

  private final NioPipeInput input;
  private final ReadableByteChannel channel;

  NioFileReceive(NioPipeInput input, ReadableByteChannel channel, IoRequest request) {
    super(input, request);
    this.input = input;
    this.channel = channel;
  }

  @Override
  int transfer() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.min(MAX_BYTES, request.length));
    int count = channel.read(bytes);
    if (count <= 0) {
      return count < 0 || request.length == 0 ? 0 : NioOutput.WOULD_BLOCK;
    }
    bytes.flip();
    while (bytes.hasRemaining()) {
      file().write(bytes, request.position + bytes.position());
    }
    return count;
  }

  @Override
  void tried(int result, @Nullable Throwable cause) {
    input.tried(this, result, cause);
  }
}
