package dev.ringlet.io;

import java.net.InetSocketAddress;

/** A connected TCP socket. <b>Thread:</b> any thread makes operations; its executor runs them. */
public interface TcpStream {
  /**
   * The data that arrives. Each element is a leased buffer: release it, or the executor runs out of
   * receive buffers and all its connections wait. The stream ends regularly at the peer's end of
   * output.
   *
   * @return the stream; one subscription at a time
   */
  IoStream<IoBuffer> receive();

  /**
   * Sends the readable bytes of the buffer, all of them, in the order of the calls.
   *
   * @param buffer goes over to the operation, which releases it whatever happens
   * @return the operation; its value is the number of bytes, taken over by the kernel
   */
  IoOp<Integer> send(IoBuffer buffer);

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
   * Tells the peer that no more data comes, after the sends so far; receiving goes on.
   *
   * @return the operation
   */
  IoOp<Void> shutdownOutput();

  /**
   * Changes the settings of the connection, those that the options set; the others stay.
   *
   * @param options the settings
   * @return the operation
   */
  IoOp<Void> configure(SocketOptions options);

  /**
   * Closes the socket: operations in flight end with {@code ECANCELED} or as the kernel decides, a
   * subscription to {@link #receive()} ends.
   *
   * @return the operation; a second close completes at once
   */
  IoOp<Void> close();

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
