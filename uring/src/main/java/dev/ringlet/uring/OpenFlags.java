package dev.ringlet.uring;

/**
 * The flags of open that each architecture numbers in its own way, {@code asm/fcntl.h}: x86-64 has
 * the generic numbers, aarch64 those of 32-bit ARM.
 */
final class OpenFlags {
  private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");

  static final int O_DIRECT = ARM ? 0200000 : 040000;
  static final int O_DIRECTORY = ARM ? 040000 : 0200000;
  static final int O_TMPFILE = 020000000 | O_DIRECTORY;

  private OpenFlags() {}
}
