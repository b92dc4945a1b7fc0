package dev.ringlet.io;

import org.jspecify.annotations.Nullable;

/**
 * A datagram socket of the Unix domain: whole messages between programs of this machine, of which
 * none is lost or doubled while the receiver lives. They arrive in the order in which the kernel
 * has taken them; sends that are under way side by side may overtake each other when the receiver
 * is full, so who needs an order waits for each to complete. With the uring driver only.
 *
 * <p><b>Thread:</b> any thread makes operations; its executor runs them.
 */
public interface UnixDatagramSocket {
  /**
   * The datagrams that arrive, empty ones too. Each comes in a leased buffer: release it, or the
   * executor runs out of receive buffers and all its sockets wait. A datagram has room for the size
   * of a receive buffer less {@value UnixDatagram#OVERHEAD_BYTES} bytes; of a longer one the rest
   * is lost, which it {@linkplain UnixDatagram#truncated() tells}. What is not asked for waits in
   * the kernel, ten datagrams as a rule ({@code net.unix.max_dgram_qlen}), and then their senders
   * wait.
   *
   * @return the stream; one subscription at a time
   */
  IoStream<UnixDatagram> receive();

  /**
   * Sends the readable bytes of the buffer as one datagram to the address that the socket is
   * connected to. While the receiver has no room for it the operation waits; since the kernel does
   * not tell when there is some, it is tried again every millisecond. {@link IoOp#timeout} limits
   * that.
   *
   * @param buffer goes over to the operation, which releases it whatever happens
   * @return the operation; its value is the number of bytes; fails with EMSGSIZE if it is more than
   *     the {@linkplain SocketOptions#withSendBuffer send buffer} holds, and with ECONNREFUSED if
   *     the receiver is gone
   * @throws IllegalStateException if the socket is not connected
   */
  IoOp<Integer> send(IoBuffer buffer);

  /**
   * Sends the readable bytes of the buffer as one datagram.
   *
   * @param buffer goes over to the operation, which releases it whatever happens
   * @param to where to
   * @return the operation, as that of {@link #send(IoBuffer)}; fails with ENOENT or ECONNREFUSED if
   *     nobody is bound there
   * @throws IllegalArgumentException if the socket is connected to another one
   */
  IoOp<Integer> send(IoBuffer buffer, UnixAddress to);

  /**
   * How many bytes wait to be taken by the kernel, see {@link StreamSocket#pendingBytes()}; a send
   * beyond the {@linkplain SocketOptions#withOutputLimit limit} fails with ENOBUFS. Owner executor
   * only.
   *
   * @return bytes
   * @throws IllegalStateException on another thread
   */
  long pendingBytes();

  /**
   * The address it is bound to.
   *
   * @return the address
   */
  UnixAddress localAddress();

  /**
   * The address it is connected to.
   *
   * @return the address, or null if it is not connected
   */
  @Nullable UnixAddress remoteAddress();

  /**
   * Closes the socket: sends in flight end with {@code ECANCELED} or as the kernel decides, a
   * subscription to {@link #receive()} ends regularly. The file of a path stays.
   *
   * @return the operation; a second close completes at once
   */
  IoOp<Void> close();
}
