package dev.ringlet.uring;

/**
 * The 64 bits that name an operation to the kernel and come back with its completions: the slot in
 * the lower half, the slot's generation in the upper. Generations start at 1, so 0 is never the
 * name of anything.
 */
final class UserData {
  private UserData() {}

  static long of(int slot, int generation) {
    return (long) generation << 32 | (slot & 0xffffffffL);
  }

  static int slot(long userData) {
    return (int) userData;
  }

  static int generation(long userData) {
    return (int) (userData >>> 32);
  }
}
