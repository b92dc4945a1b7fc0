package dev.ringlet.uring;

import dev.ringlet.spi.Errno;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * One io_uring: its file descriptor, its mapped queues and the calls that act on them.
 *
 * <p><b>Thread:</b> the one that opened it, which the kernel enforces where it can; a platform
 * thread, since the kernel means the Linux task. After {@link #close} every call throws, and the
 * queues' memory cannot be reached any more.
 */
final class Ring implements AutoCloseable {
  /** Timeout of a wait that ends by a completion only. */
  static final long WITHOUT_LIMIT = -1;

  /** {@code offset} of a ring registration that leaves the choice of the slot to the kernel. */
  private static final int ANY_SLOT = -1;

  private final int fd;
  private final int features;
  private final int setupFlags;
  private final Mapping rings;
  private final Mapping entries;
  private final SubmissionQueue submissions;
  private final CompletionQueue completions;

  /**
   * The ring fd as a registered index saves the kernel a look-up per enter; −1 where that is not
   * supported.
   */
  private final int registeredIndex;

  private final int enterFd;
  private final int enterFlags;
  private final ByteBuffer waitArg = NativeMemory.allocate(Structs.GETEVENTS_ARG_BYTES);
  private final ByteBuffer timespec = NativeMemory.allocate(Structs.TIMESPEC_BYTES);
  private final long waitArgAddress = NativeMemory.address(waitArg);
  private final long timespecAddress = NativeMemory.address(timespec);
  private final Thread owner = Thread.currentThread();
  private final Counter enters = new Counter();

  private boolean closed;

  private Ring(int fd, ByteBuffer params, Mapping rings, Mapping entries) {
    this.fd = fd;
    this.rings = rings;
    this.entries = entries;
    features = params.getInt(ParamsLayout.FEATURES);
    setupFlags = params.getInt(ParamsLayout.FLAGS);
    submissions = new SubmissionQueue(rings.memory(), entries.memory(), params);
    completions = new CompletionQueue(rings.memory(), params);
    registeredIndex = registerRingFd(fd);
    enterFd = registeredIndex >= 0 ? registeredIndex : fd;
    enterFlags =
        (registeredIndex >= 0 ? Abi.IORING_ENTER_REGISTERED_RING : 0)
            | ((features & Abi.IORING_FEAT_NO_IOWAIT) != 0 ? Abi.IORING_ENTER_NO_IOWAIT : 0);
  }

  /**
   * Opens a ring owned by the calling thread.
   *
   * @param sqEntries wanted submission entries, rounded up to a power of two; fewer are granted
   *     when memory is short
   * @param cqEntries wanted completion entries, at least {@code sqEntries}
   * @throws UringException if the kernel grants none, with the likely cause
   */
  static Ring open(int sqEntries, int cqEntries) {
    ByteBuffer params = NativeMemory.allocate(ParamsLayout.BYTES);
    int fd = new RingSetup(Libc::ioUringSetup, params).setup(sqEntries, cqEntries);
    if (fd < 0) {
      throw new UringException("io_uring_setup", -fd, RingSetup.explain(-fd));
    }
    Mapping rings = null;
    Mapping entries = null;
    try {
      rings = Mapping.map(fd, Abi.IORING_OFF_SQ_RING, ringBytes(params));
      long sqeBytes = (long) params.getInt(ParamsLayout.SQ_ENTRIES) * SqeLayout.BYTES;
      entries = Mapping.map(fd, Abi.IORING_OFF_SQES, sqeBytes);
      return new Ring(fd, params, rings, entries);
    } catch (RuntimeException e) {
      Mapping.unmapAll(entries, rings);
      Libc.close(fd);
      throw e;
    }
  }

  /** One mapping holds both queues (IORING_FEAT_SINGLE_MMAP, Linux 5.4). */
  private static long ringBytes(ByteBuffer params) {
    boolean array = (params.getInt(ParamsLayout.FLAGS) & Abi.IORING_SETUP_NO_SQARRAY) == 0;
    long sqEnd =
        array
            ? params.getInt(ParamsLayout.SQ_OFF_ARRAY)
                + (long) params.getInt(ParamsLayout.SQ_ENTRIES) * Integer.BYTES
            : 0;
    long cqEnd =
        params.getInt(ParamsLayout.CQ_OFF_CQES)
            + (long) params.getInt(ParamsLayout.CQ_ENTRIES) * CqeLayout.BYTES;
    return Math.max(sqEnd, cqEnd);
  }

  private static int registerRingFd(int fd) {
    ByteBuffer update = NativeMemory.allocate(Structs.RSRC_UPDATE_BYTES);
    update.putInt(Structs.RSRC_UPDATE_OFFSET, ANY_SLOT);
    update.putLong(Structs.RSRC_UPDATE_DATA, fd);
    int registered =
        Libc.ioUringRegister(fd, Abi.IORING_REGISTER_RING_FDS, NativeMemory.address(update), 1);
    return registered == 1 ? update.getInt(Structs.RSRC_UPDATE_OFFSET) : -1;
  }

  SubmissionQueue submissions() {
    return submissions;
  }

  CompletionQueue completions() {
    return completions;
  }

  int features() {
    return features;
  }

  int setupFlags() {
    return setupFlags;
  }

  /** Whether the kernel finds the ring without looking for its file. */
  boolean isRegistered() {
    return registeredIndex >= 0;
  }

  /** How often the kernel was entered. <b>Thread:</b> any. */
  long enters() {
    return enters.get();
  }

  /**
   * Submits what is filled and lets the kernel post the completions it holds back, without waiting.
   *
   * @return how many entries were consumed, or {@code -errno} when the call should be repeated
   *     after reaping: {@code -EINTR}, {@code -EAGAIN} or {@code -EBUSY}
   * @throws UringException for any other error: the ring is broken
   */
  int enter() {
    requireOpen();
    submissions.publish();
    enters.increment();
    int flags = enterFlags | Abi.IORING_ENTER_GETEVENTS;
    return checked(Libc.ioUringEnter(enterFd, submissions.unsubmitted(), 0, flags, 0, 0));
  }

  /**
   * Submits what is filled and waits for one completion or until the time is over. Completions that
   * are already there count, so the call then returns at once.
   *
   * @param timeoutNanos how long at most; negative means without limit
   * @return as {@link #enter}, or {@code -ETIME}
   */
  int enterAndWait(long timeoutNanos) {
    requireOpen();
    submissions.publish();
    enters.increment();
    long timespecOrNone = 0;
    if (timeoutNanos >= 0) {
      writeTimespec(timespec, 0, timeoutNanos);
      timespecOrNone = timespecAddress;
    }
    waitArg.putLong(Structs.GETEVENTS_ARG_TS, timespecOrNone);
    int flags = enterFlags | Abi.IORING_ENTER_GETEVENTS | Abi.IORING_ENTER_EXT_ARG;
    return checked(
        Libc.ioUringEnter(
            enterFd,
            submissions.unsubmitted(),
            1,
            flags,
            waitArgAddress,
            Structs.GETEVENTS_ARG_BYTES));
  }

  /** {@code io_uring_register}; returns the result or {@code -errno}. */
  int register(int opcode, long arg, int count) {
    requireOpen();
    return Libc.ioUringRegister(fd, opcode, arg, count);
  }

  static void writeTimespec(ByteBuffer memory, int offset, long nanos) {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos);
    memory.putLong(offset + Structs.TIMESPEC_SEC, seconds);
    memory.putLong(offset + Structs.TIMESPEC_NSEC, nanos - TimeUnit.SECONDS.toNanos(seconds));
  }

  /** Gives everything back. The caller has seen to it that nothing is in flight. Idempotent. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    requireOwner();
    closed = true;
    submissions.close();
    completions.close();
    Mapping.unmapAll(entries, rings);
    if (registeredIndex >= 0) {
      unregisterRingFd();
    }
    Libc.close(fd);
  }

  /**
   * A registered slot holds a reference: without this the ring would live as long as the thread.
   */
  private void unregisterRingFd() {
    ByteBuffer update = NativeMemory.allocate(Structs.RSRC_UPDATE_BYTES);
    update.putInt(Structs.RSRC_UPDATE_OFFSET, registeredIndex);
    Libc.ioUringRegister(fd, Abi.IORING_UNREGISTER_RING_FDS, NativeMemory.address(update), 1);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the ring is closed");
    }
    assert Thread.currentThread() == owner : "not the owner of the ring: " + Thread.currentThread();
  }

  private void requireOwner() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException("a ring is closed by its owner, " + owner.getName());
    }
  }

  private static int checked(int result) {
    if (result >= 0) {
      return result;
    }
    int errno = -result;
    return switch (errno) {
      case Errno.EINTR, Errno.EAGAIN, Errno.EBUSY, Errno.ETIME -> result;
      case Posix.EBADR -> throw broken(errno, "the kernel ran out of memory and lost completions");
      case Errno.EEXIST -> throw broken(errno, "only the thread that opened a ring may enter it");
      default -> throw broken(errno, "the ring cannot be used any more");
    };
  }

  private static UringException broken(int errno, String hint) {
    return new UringException("io_uring_enter", errno, hint);
  }
}
