package dev.ringlet.io;

/**
 * A listening Unix domain socket. <b>Thread:</b> any thread makes operations; its executor runs
 * them.
 */
public interface UnixListener {
  /**
   * The connections as they come. A shortage of descriptors does not end the stream: accepting goes
   * on when some are free again.
   *
   * @return the stream; one subscription at a time
   */
  IoStream<UnixStream> connections();

  /**
   * The address it is bound to.
   *
   * @return the address
   */
  UnixAddress address();

  /**
   * Stops listening; a subscription to {@link #connections()} ends regularly. The file of a path
   * stays.
   *
   * @return the operation; a second close completes at once
   */
  IoOp<Void> close();
}
