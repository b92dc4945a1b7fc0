package dev.ringlet.io;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link UnixDatagramSocket} has received at once.
 *
 * @param sender who has sent it; null if that socket is bound to nothing, or to what is no text
 * @param data its bytes, maybe none; a leased buffer, which whoever gets the datagram releases
 * @param truncated whether it was longer than what {@code data} can hold, and the rest is lost
 */
public record UnixDatagram(@Nullable UnixAddress sender, IoBuffer data, boolean truncated) {
  /**
   * The bytes of a receive buffer that a datagram cannot use: the headers and the sender's address
   * that Linux puts in front ({@code struct io_uring_recvmsg_out} in {@code linux/io_uring.h} and
   * {@code struct sockaddr_un} in {@code linux/un.h}).
   */
  public static final int OVERHEAD_BYTES = 126;

  /** Gives the buffer back. */
  public void release() {
    data.release();
  }
}
