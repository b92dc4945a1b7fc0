package dev.ringlet.scheduler;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * What was read from a connection to be looked at, since the JDK cannot look without reading. It
 * comes before all else when the connection is received from, and goes with it to another driver.
 * So it is with what was read from a pipe for a file that could not be written.
 *
 * <p><b>Thread:</b> that of the driver which has the connection; while bytes go to a file, that one
 * for files which writes them.
 */
final class NioPeeked {
  /** The bytes between position and limit; memory of its own, for buffers of the driver are few. */
  private final ByteBuffer bytes;

  /** What ended the reading that would have added to the bytes; it is told behind them. */
  private @Nullable IOException failure;

  /**
   * Nothing yet.
   *
   * @param capacity how many bytes can be looked at
   */
  NioPeeked(int capacity) {
    bytes = ByteBuffer.allocate(capacity).limit(0);
  }

  /** Whether everything, a failure too, was received. */
  boolean isTaken() {
    return !bytes.hasRemaining() && failure == null;
  }

  /**
   * Copies what comes next, as much as is there and as the target takes; it stays.
   *
   * @return how many bytes; 0 if there is nothing yet, -1 at the end
   */
  int peek(ReadableByteChannel channel, ByteBuffer target) throws IOException {
    int read = bytes.remaining() < target.remaining() && failure == null ? readMore(channel) : 0;
    if (!bytes.hasRemaining()) {
      throwFailure();
      return read;
    }
    int count = Math.min(bytes.remaining(), target.remaining());
    target.put(bytes.slice().limit(count));
    return count;
  }

  /** As {@link ReadableByteChannel#read}, of what was looked at. */
  int receive(ByteBuffer target) throws IOException {
    if (!bytes.hasRemaining()) {
      throwFailure();
      return 0;
    }
    int count = Math.min(bytes.remaining(), target.remaining());
    target.put(bytes.slice().limit(count));
    bytes.position(bytes.position() + count);
    return count;
  }

  /**
   * Writes what comes next, what is here before what is in the channel; what could not be written
   * stays.
   *
   * @param limit how many bytes at most, more than zero
   * @return how many bytes; 0 if there is nothing yet, -1 at the end
   */
  int move(ReadableByteChannel channel, int limit, NioFile file, long position) throws IOException {
    if (!bytes.hasRemaining()) {
      throwFailure();
      int read = fill(channel, limit);
      if (read <= 0) {
        return read;
      }
    }
    int count = Math.min(limit, bytes.remaining());
    int done = 0;
    try {
      while (done < count) {
        int written = file.write(bytes.slice(bytes.position(), count - done), position + done);
        bytes.position(bytes.position() + written);
        done += written;
      }
    } catch (IOException e) {
      if (done == 0) {
        throw e;
      }
      // What is in the file counts; whoever goes on from there meets the failure again.
    }
    return done;
  }

  /** There is nothing here. */
  private int fill(ReadableByteChannel channel, int limit) throws IOException {
    bytes.clear().limit(Math.min(limit, bytes.capacity()));
    try {
      return channel.read(bytes);
    } finally {
      bytes.flip();
    }
  }

  private int readMore(ReadableByteChannel channel) {
    bytes.compact();
    try {
      return channel.read(bytes);
    } catch (IOException e) {
      failure = e;
      return 0;
    } finally {
      bytes.flip();
    }
  }

  private void throwFailure() throws IOException {
    IOException told = failure;
    if (told != null) {
      failure = null;
      throw told;
    }
  }
}
