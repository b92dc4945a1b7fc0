package dev.ringlet.uring;

/**
 * When direct I/O is handed to the kernel before the turn of the executor ends. What is filled is
 * submitted with one call at the end of the turn; but when all that a disk had to do ends at once,
 * it would be idle until then, and end the next lot at once again. So as soon as more is filled
 * than the disk has, it is submitted: of n operations that are filled in one turn, with an idle
 * disk, the first, the next two, the next four, and so on, which costs log n calls.
 *
 * <p>Only for files of direct I/O. Others are mostly read from and written to memory, in the call
 * itself.
 *
 * <p><b>Thread:</b> owner executor.
 */
final class DirectPace {
  private int filled;
  private int given;

  /** An operation was written into the submission queue. */
  void filled() {
    filled++;
  }

  /** The kernel was entered, and has taken what was filled. */
  void entered() {
    given += filled;
    filled = 0;
  }

  /** The last completion of an operation was seen. */
  void ended() {
    given--;
  }

  /** Whether the disk has less to do than waits to be submitted. */
  boolean isDiskIdle() {
    return filled > given;
  }
}
