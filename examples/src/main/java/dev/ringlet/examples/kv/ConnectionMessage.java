package dev.ringlet.examples.kv;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import org.jspecify.annotations.Nullable;

/** What a {@link ConnectionActor} is told. */
sealed interface ConnectionMessage
    permits ConnectionMessage.Received,
        ConnectionMessage.InputEnded,
        ConnectionMessage.Sent,
        ConnectionMessage.SocketClosed,
        ConnectionMessage.NoProgress,
        ShardBatch {
  /**
   * Data has come.
   *
   * @param buffer to be released
   */
  record Received(IoBuffer buffer) implements ConnectionMessage {}

  /**
   * No more data comes.
   *
   * @param failure null if the peer has ended its output regularly
   */
  record InputEnded(@Nullable IoException failure) implements ConnectionMessage {}

  /**
   * The kernel has taken a buffer of replies, or refused it.
   *
   * @param bytes how many
   * @param failure null if it has taken them
   */
  record Sent(int bytes, @Nullable IoException failure) implements ConnectionMessage {}

  /** The socket is closed. */
  record SocketClosed() implements ConnectionMessage {}

  /** The peer of a connection that is ending has taken nothing for a while. */
  record NoProgress() implements ConnectionMessage {}
}
