package dev.ringlet.io;

/**
 * Where bytes come from in order: a connection or the reading end of a pipe. <b>Thread:</b> any
 * thread makes operations; its executor runs them.
 */
public interface StreamInput {
  /**
   * The data that arrives. Each element is a leased buffer: release it, or the executor runs out of
   * receive buffers. The stream ends regularly where the data ends.
   *
   * @return the stream; one subscription at a time
   */
  IoStream<IoBuffer> receive();

  /**
   * Closes it: a subscription to {@link #receive()} ends.
   *
   * @return the operation; a second close completes at once
   */
  IoOp<Void> close();
}
