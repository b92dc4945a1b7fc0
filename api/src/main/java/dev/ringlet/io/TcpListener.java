package dev.ringlet.io;

import java.net.InetSocketAddress;

/** A listening socket. <b>Thread:</b> any thread makes operations; its executor runs them. */
public interface TcpListener {
  /**
   * The connections as they come. A shortage of descriptors does not end the stream: accepting goes
   * on when some are free again.
   *
   * @return the stream; one subscription at a time
   */
  IoStream<TcpStream> connections();

  /**
   * The address it is bound to, with the port that the kernel chose.
   *
   * @return the address
   */
  InetSocketAddress localAddress();

  /**
   * Stops listening; a subscription to {@link #connections()} ends regularly.
   *
   * @return the operation; a second close completes at once
   */
  IoOp<Void> close();
}
