package dev.ringlet.testkit.sim;

import java.nio.ByteBuffer;

/** A file as SEND_FILE and RECEIVE_FILE see it: the handle of one is it. */
interface FileBytes {
  /**
   * Reads into what remains of the target.
   *
   * @return how many bytes, 0 at the end of the file, or a negative error number
   */
  int read(long position, ByteBuffer target);

  /**
   * Writes what remains of the source.
   *
   * @return how many bytes, or a negative error number
   */
  int write(long position, ByteBuffer source);
}
