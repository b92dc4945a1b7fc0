package dev.ringlet.examples.kv;

import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The replies of a connection on their way out: in order, in pieces that the socket takes one at a
 * time. <b>Thread:</b> the connection's.
 */
final class Output {
  private static final int MIN_BUFFER_BYTES = 512;
  private static final int MAX_BUFFER_BYTES = 64 << 10;

  private final ReplyQueue replies = new ReplyQueue();
  private final ReplyEncoder encoder = new ReplyEncoder();
  private long encodedBytes;
  private long sentBytes;

  ReplyQueue replies() {
    return replies;
  }

  /** How many bytes are complete but not taken by the kernel. */
  long pendingBytes() {
    return replies.completedBytes() - sentBytes;
  }

  /** Whether every command has been answered and every answer sent. */
  boolean isEmpty() {
    return replies.size() == 0 && pendingBytes() == 0;
  }

  void sent(int bytes) {
    sentBytes += bytes;
  }

  /** Encodes what is next, as much as one buffer takes; null if nothing is ready. */
  @Nullable IoBuffer next(Io io) {
    if (encoder.isComplete() && !startNext()) {
      return null;
    }
    long wanted = replies.completedBytes() - encodedBytes;
    int size = (int) Math.max(MIN_BUFFER_BYTES, Math.min(wanted, MAX_BUFFER_BYTES));
    IoBuffer buffer = io.buffer(size);
    ByteBuffer target = buffer.writable();
    while (encoder.encode(target) && startNext()) {
      // goes on until the buffer is full or no reply is ready
    }
    encodedBytes += target.position();
    return buffer.wrote(target.position());
  }

  private boolean startNext() {
    Reply reply = replies.poll();
    if (reply == null) {
      return false;
    }
    encoder.start(reply);
    return true;
  }
}
