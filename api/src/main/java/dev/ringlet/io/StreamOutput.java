package dev.ringlet.io;

import java.util.List;

/**
 * Where bytes go to in order: a connection or the writing end of a pipe. The order is that in which
 * operations are started. <b>Thread:</b> any thread makes operations; its executor runs them.
 */
public interface StreamOutput {
  /**
   * Sends the readable bytes of the buffer, all of them.
   *
   * @param buffer goes over to the operation, which releases it whatever happens
   * @return the operation; its value is the number of bytes, taken over by the kernel
   */
  IoOp<Integer> send(IoBuffer buffer);

  /**
   * Sends the readable bytes of several buffers, all of them, one buffer after the other: nothing
   * of another send comes in between.
   *
   * @param buffers go over to the operation, which releases them whatever happens
   * @return the operation; its value is the number of bytes, taken over by the kernel
   */
  IoOp<Long> send(List<IoBuffer> buffers);

  /**
   * Sends as many of the buffer's readable bytes as the kernel takes at once, at least one if there
   * is any.
   *
   * @param buffer goes over to the operation, which releases it whatever happens
   * @return the operation; its value is the number of bytes, taken over by the kernel
   */
  IoOp<Integer> write(IoBuffer buffer);

  /**
   * Sends a part of a file, as {@link StreamSocket#sendFile} does.
   *
   * @param file a file of the same executor, open for reading
   * @param position offset in the file, zero or more
   * @param length bytes, zero or more; {@link Long#MAX_VALUE} for all there are
   * @return the operation; its value is the number of bytes, fewer than asked for only at the end
   *     of the file
   * @throws IllegalArgumentException if the file is of another executor
   */
  IoOp<Long> sendFile(AsyncFile file, long position, long length);

  /**
   * How many bytes wait to be taken by the kernel, of sends that were started. A send that would
   * bring it above {@link SocketOptions#DEFAULT_OUTPUT_LIMIT}, or the limit that is set for a
   * connection, fails with ENOBUFS, and nothing of it is sent; one that finds nothing waiting is
   * taken whatever its size. Who waits for each send to complete before the next needs neither.
   * Owner executor only.
   *
   * @return bytes
   * @throws IllegalStateException on another thread
   */
  long pendingBytes();

  /**
   * Ends the output after the sends so far: whoever reads comes to the end when that was read.
   *
   * @return the operation
   */
  IoOp<Void> shutdownOutput();

  /**
   * Closes it: what waits to be sent is lost, and ends with {@code ECANCELED}. To have it sent
   * before, wait for the sends or {@link #shutdownOutput()}.
   *
   * @return the operation; a second close completes at once
   */
  IoOp<Void> close();
}
