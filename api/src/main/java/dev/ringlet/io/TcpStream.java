package dev.ringlet.io;

import java.net.InetSocketAddress;

/** A connected TCP socket. <b>Thread:</b> any thread makes operations; its executor runs them. */
public interface TcpStream extends StreamSocket {
  /**
   * Takes the connection from its executor, so that another one can {@linkplain Io#attach attach}
   * it. For the executor's thread, and for connections that nothing was received from yet and no
   * send is under way on. This object cannot be used afterwards.
   *
   * @return the connection, for any thread
   * @throws IllegalStateException if an operation or subscription is under way, or was for
   *     receiving, on another thread, or if the connection is closed
   */
  DetachedTcpStream detach();

  /**
   * Closes the socket with a reset: what was sent and has not arrived is lost, and the peer sees
   * ECONNRESET. Else as {@link #close()}.
   *
   * @return the operation; completes at once if the socket is closed already
   */
  IoOp<Void> abort();

  /**
   * The peer's address.
   *
   * @return the address
   */
  InetSocketAddress remoteAddress();

  /**
   * The own address.
   *
   * @return the address
   */
  InetSocketAddress localAddress();
}
