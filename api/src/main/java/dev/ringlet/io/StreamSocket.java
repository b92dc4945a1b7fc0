package dev.ringlet.io;

import java.util.List;

/**
 * A connected socket that carries bytes in order, both ways. <b>Thread:</b> any thread makes
 * operations; its executor runs them.
 */
public interface StreamSocket extends StreamInput, StreamOutput {
  /**
   * The data that arrives. Each element is a leased buffer: release it, or the executor runs out of
   * receive buffers and all its connections wait. The stream ends regularly at the peer's end of
   * output, and with ETIMEDOUT when a {@linkplain SocketOptions#withReadTimeout read} or
   * {@linkplain SocketOptions#withIdleTimeout idle} timeout is over.
   *
   * @return the stream; one subscription at a time
   */
  @Override
  IoStream<IoBuffer> receive();

  /**
   * Looks at the data that arrives without taking it: waits until there is some, and gives what is
   * there of the next {@code atMost} bytes. They stay; {@link #receive()} and the next peek give
   * them again. Peeks are done one at a time, in the order of the calls, and have no time limit of
   * their own: {@link IoOp#timeout} is for that.
   *
   * <p>A subscription to {@link #receive()} leaves nothing to look at: while there is one a peek
   * fails with EBUSY. One that begins during a peek gets nothing before the peek has ended.
   *
   * @param atMost more than zero; more than a receive buffer of the executor can hold is never
   *     given
   * @return the operation; its value is a leased buffer to release, without a byte in it where the
   *     peer has ended its output
   * @throws IllegalArgumentException if {@code atMost} is zero or less
   */
  IoOp<IoBuffer> peek(int atMost);

  /**
   * Sends the readable bytes of the buffer, all of them, in the order of the calls.
   *
   * @param buffer goes over to the operation, which releases it whatever happens
   * @return the operation; its value is the number of bytes, taken over by the kernel
   */
  @Override
  IoOp<Integer> send(IoBuffer buffer);

  /**
   * Sends the readable bytes of several buffers, all of them, one buffer after the other and in the
   * order of the calls, as one operation: nothing of another send comes in between.
   *
   * @param buffers go over to the operation, which releases them whatever happens
   * @return the operation; its value is the number of bytes, taken over by the kernel
   */
  @Override
  IoOp<Long> send(List<IoBuffer> buffers);

  /**
   * Sends as many of the buffer's readable bytes as the kernel takes at once, at least one if there
   * is any; waits for that while it takes none, and for its turn behind the sends so far. To go on
   * with the rest {@link IoBuffer#retain()} the buffer before, and {@link IoBuffer#skip} what was
   * taken.
   *
   * @param buffer goes over to the operation, which releases it whatever happens
   * @return the operation; its value is the number of bytes, taken over by the kernel
   */
  @Override
  IoOp<Integer> write(IoBuffer buffer);

  /**
   * Sends a part of a file, in the order of the calls like {@link #send(IoBuffer)}: nothing of
   * another send comes in between. With the uring driver its pages go from the kernel's cache to
   * the socket without a copy (splice), with the NIO driver by {@link
   * java.nio.channels.FileChannel#transferTo}; on a TLS connection, from a file that was opened
   * with {@link FileOption#DIRECT} and where the kernel cannot, it is read and sent in pieces of 64
   * KiB. What others change in the file before the peer has it, the peer may see.
   *
   * <p>It needs no memory of the application while it waits for its turn, so at most 64 KiB of it
   * count in {@link #pendingBytes()}. Its reads do not wait for their turn at the disk: the peer
   * sets the pace.
   *
   * <p>When it fails or is cancelled, or the file is closed meanwhile (EBADF or ECANCELED), after a
   * part was sent, later sends fail with EPIPE, as the peer cannot tell what is missing.
   *
   * @param file a file of the same executor, open for reading
   * @param position offset in the file, zero or more
   * @param length bytes, zero or more; {@link Long#MAX_VALUE} for all there are
   * @return the operation; its value is the number of bytes, taken over by the kernel, fewer than
   *     asked for only at the end of the file
   * @throws IllegalArgumentException if the file is of another executor
   */
  @Override
  IoOp<Long> sendFile(AsyncFile file, long position, long length);

  /**
   * How many bytes wait to be taken by the kernel, of sends that were started: the measure for
   * those who send without waiting. A send that would bring it above the connection's {@linkplain
   * SocketOptions#withOutputLimit limit} fails with ENOBUFS, and nothing of it is sent; one that
   * finds nothing waiting is taken whatever its size. Who waits for each send to complete before
   * the next needs neither. Owner executor only.
   *
   * @return bytes
   * @throws IllegalStateException on another thread
   */
  @Override
  long pendingBytes();

  /**
   * Tells the peer that no more data comes, after the sends so far; receiving goes on.
   *
   * @return the operation
   */
  @Override
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
  @Override
  IoOp<Void> close();
}
