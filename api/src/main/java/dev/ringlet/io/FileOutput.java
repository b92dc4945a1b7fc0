package dev.ringlet.io;

/**
 * Writes a file from one position on, in order and behind the back of who writes: a write is
 * complete when its bytes were accepted. Small ones are gathered while others are being written, so
 * that a stream of small writes costs few large ones; when nothing is being written they do not
 * wait.
 *
 * <p>The first failure of a write or sync is final: what was accepted and not written is dropped,
 * and every operation from then on fails with the error of that one, whose exception is the cause.
 * Accepted bytes are lost too if the system closes before they are written; {@link #sync()} and
 * {@link #close()} tell that they are not.
 *
 * <p><b>Thread:</b> any thread makes operations, and the order is that in which they are started;
 * positions are for the owner executor.
 */
public interface FileOutput {
  /**
   * The file it writes.
   *
   * @return the file
   */
  AsyncFile file();

  /**
   * Writes the readable bytes of the buffer, all of them. While as many bytes as {@link
   * OutputOptions#maxBehind} wait to be written it waits; cancelled until then, it leaves no hole.
   *
   * @param buffer goes over to the operation, which releases it whatever happens
   * @return the operation, complete when the bytes were accepted
   */
  IoOp<Void> write(IoBuffer buffer);

  /**
   * As {@link #write(IoBuffer)}; the bytes are copied.
   *
   * @param bytes must not change until the operation is complete; at most 1 MiB, or {@link
   *     OutputOptions#maxBehind()} if that is more
   * @return the operation, complete when the bytes were accepted
   * @throws IllegalArgumentException if there are more
   */
  IoOp<Void> write(byte[] bytes);

  /**
   * Where the next byte goes.
   *
   * @return the position behind all bytes that were accepted
   * @throws IllegalStateException on another thread than the executor's
   */
  long position();

  /**
   * What the kernel has: every byte before this position was written, though it may not be durable.
   *
   * @return never more than {@link #position()}
   * @throws IllegalStateException on another thread than the executor's
   */
  long writtenPosition();

  /**
   * Makes all that was written before it durable. Several that wait at the same time share one
   * fdatasync.
   *
   * @return the operation; its value is the position before which everything is durable
   */
  IoOp<Long> sync();

  /**
   * Writes what was accepted, makes it durable unless {@link OutputOptions#syncOnClose} says
   * otherwise, and closes the file, also after a failure and also if this operation is cancelled
   * after its start. Writes that are started later fail.
   *
   * @return the operation; its value is the {@link #position()} at the end; a second close
   *     completes as the first does
   */
  IoOp<Long> close();
}
