package dev.ringlet.uring;

import dev.ringlet.spi.Errno;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls {@code io_uring_setup}, first with the best flags, then with less: EINVAL peels off the
 * youngest flags, ENOMEM halves the queues. Anything else is final.
 */
final class RingSetup {
  private static final int OWNED =
      Abi.IORING_SETUP_CLAMP
          | Abi.IORING_SETUP_CQSIZE
          | Abi.IORING_SETUP_SUBMIT_ALL
          | Abi.IORING_SETUP_TASKRUN_FLAG
          | Abi.IORING_SETUP_SINGLE_ISSUER;

  /**
   * From young to old: Linux 6.6, 6.1, 6.0. Nothing older has multishot receives, which the driver
   * is made of; the flag for a single issuer is as old as they are and stands for them.
   */
  private static final int[] FLAG_LADDER = {
    OWNED | Abi.IORING_SETUP_DEFER_TASKRUN | Abi.IORING_SETUP_NO_SQARRAY,
    OWNED | Abi.IORING_SETUP_DEFER_TASKRUN,
    OWNED | Abi.IORING_SETUP_COOP_TASKRUN,
  };

  static final int MIN_SQ_ENTRIES = 4;

  /**
   * How often one size is tried before it is halved. The kernel takes rings apart asynchronously:
   * those of a process that just ended, or that were just closed, count against the memory limit
   * for a moment longer.
   */
  private static final int TRIES_PER_SIZE = 3;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** The system call; tests put an older or poorer kernel in its place. */
  @FunctionalInterface
  interface Call {
    /** Returns the file descriptor, or {@code -errno}. */
    int setup(int entries, long params);
  }

  private final Call call;
  private final ByteBuffer params;

  /**
   * Creates one.
   *
   * @param params receives what the kernel granted
   */
  RingSetup(Call call, ByteBuffer params) {
    this.call = call;
    this.params = params;
  }

  /**
   * Sets a ring up for the calling thread.
   *
   * @return the file descriptor, or {@code -errno}
   */
  int setup(int sqEntries, int cqEntries) {
    int sq = sqEntries;
    int cq = cqEntries;
    int fd = withTries(sq, cq);
    while (fd == -Errno.ENOMEM && sq > MIN_SQ_ENTRIES) {
      sq /= 2;
      cq = Math.max(cq / 2, sq);
      fd = withTries(sq, cq);
    }
    return fd;
  }

  private int withTries(int sqEntries, int cqEntries) {
    int fd = withBestFlags(sqEntries, cqEntries);
    for (int i = 1; i < TRIES_PER_SIZE && fd == -Errno.ENOMEM; i++) {
      LockSupport.parkNanos(PAUSE_NANOS);
      fd = withBestFlags(sqEntries, cqEntries);
    }
    return fd;
  }

  private int withBestFlags(int sqEntries, int cqEntries) {
    int fd = -Errno.EINVAL;
    for (int i = 0; i < FLAG_LADDER.length && fd == -Errno.EINVAL; i++) {
      fd = once(sqEntries, cqEntries, FLAG_LADDER[i]);
    }
    return fd;
  }

  private int once(int sqEntries, int cqEntries, int flags) {
    for (int i = 0; i < ParamsLayout.BYTES; i += Long.BYTES) {
      params.putLong(i, 0);
    }
    params.putInt(ParamsLayout.FLAGS, flags);
    params.putInt(ParamsLayout.CQ_ENTRIES, cqEntries);
    return call.setup(sqEntries, NativeMemory.address(params));
  }

  /** What an error of the set-up means, and what to do about it, in one sentence. */
  static String explain(int errno) {
    return SetupAdvice.explain(errno);
  }
}
