package dev.ringlet.uring;

/**
 * {@code struct io_uring_sqe}: 64 bytes, written as eight little-endian longs. The names are those
 * of the field at that offset, or of the fields that share the long.
 */
final class SqeLayout {
  static final int BYTES = 64;

  static final int OPCODE = 0;
  static final int FLAGS = 1;
  static final int IOPRIO = 2;
  static final int FD = 4;
  static final int OFF = 8;
  static final int ADDR = 16;
  static final int LEN = 24;
  static final int OP_FLAGS = 28;
  static final int USER_DATA = 32;
  static final int BUF_GROUP = 40;
  static final int PERSONALITY = 42;
  static final int FILE_INDEX = 44;
  static final int ADDR3 = 48;
  static final int PAD2 = 56;

  private SqeLayout() {}

  /** The first long: opcode, flags, ioprio and fd. */
  static long head(int opcode, int flags, int ioprio, int fd) {
    return (opcode & 0xffL)
        | (flags & 0xffL) << (FLAGS * 8)
        | (ioprio & 0xffffL) << (IOPRIO * 8)
        | (long) fd << (FD * 8);
  }

  /** The fourth long: len, and the flags of the operation. */
  static long lenAndFlags(int len, int opFlags) {
    return (len & 0xffffffffL) | (long) opFlags << 32;
  }

  /** The sixth long of an operation on two files: {@code splice_fd_in}. */
  static long file(int fd) {
    return (long) fd << ((FILE_INDEX - BUF_GROUP) * 8);
  }
}
