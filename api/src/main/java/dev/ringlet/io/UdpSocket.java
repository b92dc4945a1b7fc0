package dev.ringlet.io;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket. As everywhere, datagrams may be lost, doubled and overtaken. <b>Thread:</b> any
 * thread makes operations; its executor runs them.
 */
public interface UdpSocket {
  /**
   * The datagrams that arrive, empty ones too. Each comes in a leased buffer: release it, or the
   * executor runs out of receive buffers and all its sockets wait. A datagram has room for the size
   * of a receive buffer less {@value Datagram#OVERHEAD_BYTES} bytes; of a longer one the rest is
   * lost, which it {@linkplain Datagram#truncated() tells}. What arrives faster than it is asked
   * for the kernel drops, when its receive buffer is full.
   *
   * <p>That an earlier datagram of a connected socket found nobody does not end the stream.
   *
   * @return the stream; one subscription at a time
   */
  IoStream<Datagram> receive();

  /**
   * Sends the readable bytes of the buffer as one datagram to the address that the socket is
   * connected to.
   *
   * @param buffer goes over to the operation, which releases it whatever happens
   * @return the operation; its value is the number of bytes, taken over by the kernel; fails with
   *     EMSGSIZE if it is more than a datagram can hold, and with the NIO driver with EINVAL if it
   *     is empty
   * @throws IllegalStateException if the socket is not connected
   */
  IoOp<Integer> send(IoBuffer buffer);

  /**
   * Sends the readable bytes of the buffer as one datagram.
   *
   * @param buffer goes over to the operation, which releases it whatever happens
   * @param to where to; resolved
   * @return the operation; its value is the number of bytes, taken over by the kernel
   * @throws IllegalArgumentException if the address is not resolved, is of IPv6 where the socket is
   *     of IPv4, or the socket is connected to another one
   */
  IoOp<Integer> send(IoBuffer buffer, InetSocketAddress to);

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
   * Receives what is sent to a multicast group, at the port that the socket is bound to.
   *
   * @param group a multicast address of the socket's family
   * @param via where to listen
   * @return the operation
   */
  IoOp<Void> join(InetAddress group, NetworkInterface via);

  /**
   * Ends the membership of a group.
   *
   * @param group as for {@link #join}
   * @param via as for {@link #join}
   * @return the operation; fails with EADDRNOTAVAIL if the socket is not a member
   */
  IoOp<Void> leave(InetAddress group, NetworkInterface via);

  /**
   * The own address, with the port that the kernel chose.
   *
   * @return the address
   */
  InetSocketAddress localAddress();

  /**
   * The address it is connected to.
   *
   * @return the address, or null if it is not connected
   */
  @Nullable InetSocketAddress remoteAddress();

  /**
   * Closes the socket: sends in flight end with {@code ECANCELED} or as the kernel decides, a
   * subscription to {@link #receive()} ends regularly.
   *
   * @return the operation; a second close completes at once
   */
  IoOp<Void> close();
}
