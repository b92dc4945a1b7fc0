package dev.ringlet.uring;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import org.jspecify.annotations.Nullable;

/**
 * The C library, by JNA direct mapping. Every method returns the result of the call, or {@code
 * -errno}.
 *
 * <p>Arguments are primitives only: marshalled types cost 100 to 400 ns each, and addresses keep it
 * plain who owns the memory. The symbols are taken from the process itself, where libc always is,
 * so no library file is looked for.
 *
 * <p><b>Thread:</b> any.
 */
final class Libc {
  private static final long NR_IO_URING_SETUP = 425;
  private static final long NR_IO_URING_ENTER = 426;
  private static final long NR_IO_URING_REGISTER = 427;

  /**
   * Caught, not thrown: an error out of a static initializer would hide its own cause the second
   * time.
   */
  private static final @Nullable String LOAD_FAILURE = load();

  private Libc() {}

  /**
   * Why the native calls cannot be used in this process, or null if they can. Loads JNA at the
   * first call.
   */
  static @Nullable String loadFailure() {
    return LOAD_FAILURE;
  }

  static int ioUringSetup(int entries, long params) {
    return (int) result(Symbols.syscall(NR_IO_URING_SETUP, entries, params, 0, 0, 0, 0));
  }

  static int ioUringEnter(
      int fd, int toSubmit, int minComplete, int flags, long arg, long argBytes) {
    return (int)
        result(
            Symbols.syscall(
                NR_IO_URING_ENTER,
                fd,
                toSubmit,
                minComplete,
                Integer.toUnsignedLong(flags),
                arg,
                argBytes));
  }

  static int ioUringRegister(int fd, int opcode, long arg, int count) {
    return (int)
        result(
            Symbols.syscall(
                NR_IO_URING_REGISTER, fd, Integer.toUnsignedLong(opcode), arg, count, 0, 0));
  }

  /**
   * The address, or a small negative number: no mapping lies in the last page of the address space.
   */
  static long mmap(long length, int protection, int flags, int fd, long offset) {
    return result(Symbols.mmap(0, length, protection, flags, fd, offset));
  }

  static int munmap(long address, long length) {
    return (int) result(Symbols.munmap(address, length));
  }

  static int close(int fd) {
    return (int) result(Symbols.close(fd));
  }

  static long write(int fd, long address, long length) {
    return result(Symbols.write(fd, address, length));
  }

  static int ftruncate(int fd, long length) {
    return (int) result(Symbols.ftruncate(fd, length));
  }

  static int fcntl(int fd, int command, long argument) {
    return (int) result(Symbols.fcntl(fd, command, argument));
  }

  /** {@code ends} is the address of two ints: the end to read from, the end to write to. */
  static int pipe2(long ends, int flags) {
    return (int) result(Symbols.pipe2(ends, flags));
  }

  static int eventfd(int initial, int flags) {
    return (int) result(Symbols.eventfd(initial, flags));
  }

  static int socket(int domain, int type, int protocol) {
    return (int) result(Symbols.socket(domain, type, protocol));
  }

  static int bind(int fd, long address, int length) {
    return (int) result(Symbols.bind(fd, address, length));
  }

  /** For UDP, which only notes the address. */
  static int connect(int fd, long address, int length) {
    return (int) result(Symbols.connect(fd, address, length));
  }

  static int listen(int fd, int backlog) {
    return (int) result(Symbols.listen(fd, backlog));
  }

  static int setsockopt(int fd, int level, int option, long value, int length) {
    return (int) result(Symbols.setsockopt(fd, level, option, value, length));
  }

  static int getsockopt(int fd, int level, int option, long value, long length) {
    return (int) result(Symbols.getsockopt(fd, level, option, value, length));
  }

  static int getsockname(int fd, long address, long length) {
    return (int) result(Symbols.getsockname(fd, address, length));
  }

  static int getpeername(int fd, long address, long length) {
    return (int) result(Symbols.getpeername(fd, address, length));
  }

  /** The size of a memory page. */
  static int pageBytes() {
    return Symbols.getpagesize();
  }

  static int schedSetaffinity(int tid, long maskBytes, long mask) {
    return (int) result(Symbols.sched_setaffinity(tid, maskBytes, mask));
  }

  static int schedGetaffinity(int tid, long maskBytes, long mask) {
    return (int) result(Symbols.sched_getaffinity(tid, maskBytes, mask));
  }

  private static long result(long returned) {
    return returned == -1 ? -Native.getLastError() : returned;
  }

  private static @Nullable String load() {
    try {
      Native.register(Symbols.class, NativeLibrary.getProcess());
      return null;
    } catch (LinkageError | RuntimeException e) {
      return e.toString();
    }
  }

  /**
   * Named as in C; {@code syscall} and {@code fcntl} are variadic there, which is harmless for
   * integer arguments.
   */
  private static final class Symbols {
    static native long syscall(long number, long a, long b, long c, long d, long e, long f);

    static native long mmap(
        long address, long length, int protection, int flags, int fd, long offset);

    static native int munmap(long address, long length);

    static native int close(int fd);

    static native long write(int fd, long address, long length);

    static native int ftruncate(int fd, long length);

    static native int fcntl(int fd, int command, long argument);

    static native int pipe2(long ends, int flags);

    static native int eventfd(int initial, int flags);

    static native int socket(int domain, int type, int protocol);

    static native int bind(int fd, long address, int length);

    static native int connect(int fd, long address, int length);

    static native int listen(int fd, int backlog);

    static native int setsockopt(int fd, int level, int option, long value, int length);

    static native int getsockopt(int fd, int level, int option, long value, long length);

    static native int getsockname(int fd, long address, long length);

    static native int getpeername(int fd, long address, long length);

    static native int getpagesize();

    static native int sched_setaffinity(int tid, long maskBytes, long mask);

    static native int sched_getaffinity(int tid, long maskBytes, long mask);
  }
}
