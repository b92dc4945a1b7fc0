package dev.ringlet.io;

/** The reading end of a pipe. <b>Thread:</b> as {@link StreamInput}. */
public interface PipeInput extends StreamInput {
  /**
   * Moves what comes into a file, past user space (splice; with the NIO driver by a thread for
   * files). While it runs nothing else can read. When it fails or is cancelled, or the file is
   * closed meanwhile (EBADF or ECANCELED), what has come is in the file.
   *
   * <p>It may follow the cancel of a subscription at once, and then begins with what comes after
   * that has ended; what had come for the subscription is lost. Fails with EBUSY if there is a
   * subscription to {@link #receive()}, or another of these runs; with EOPNOTSUPP where the kernel
   * cannot do it. Its writes do not wait for their turn at the disk: whoever writes to the pipe
   * sets the pace.
   *
   * @param target a file of the same executor, open for writing
   * @param targetPosition offset in the file, zero or more
   * @param length bytes, zero or more; {@link Long#MAX_VALUE} for all that come
   * @return the operation; its value is the number of bytes, fewer than asked for only at the end
   *     of the pipe
   * @throws IllegalArgumentException if the file is of another executor, or was opened with DIRECT
   *     or APPEND
   */
  IoOp<Long> receiveTo(AsyncFile target, long targetPosition, long length);
}
