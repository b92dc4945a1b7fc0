package dev.ringlet.uring;

/** {@code struct io_uring_cqe}: 16 bytes; res and flags are read as one long. */
final class CqeLayout {
  static final int BYTES = 16;

  static final int USER_DATA = 0;
  static final int RES = 8;
  static final int FLAGS = 12;

  private CqeLayout() {}
}
