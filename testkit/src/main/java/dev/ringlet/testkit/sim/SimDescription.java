package dev.ringlet.testkit.sim;

/**
 * What a handle, a connection between two drivers and a descriptor in a Unix socket name: open
 * until the last of them lets go of it. The simulation's thread.
 */
abstract class SimDescription {
  /** Who makes it has it. */
  private int holders = 1;

  private boolean reset;

  final void retain() {
    holders++;
  }

  /**
   * Lets go of it; the last one closes it.
   *
   * @param withReset has the close, by whomever, reset the connection
   */
  final void release(boolean withReset) {
    reset |= withReset;
    holders--;
    if (holders == 0) {
      close(reset);
    } else if (holders < 0) {
      throw new AssertionError(this + " is let go of too often");
    }
  }

  abstract void close(boolean withReset);

  /** A handle on it, which takes over what the caller holds. */
  abstract SimHandle handle(SimDriver driver);

  /** Whether it is a connection of the internet or of the Unix domain. */
  abstract boolean isConnection();

  abstract boolean isFile();

  /** Of a file: whether writes go to its end. */
  boolean appends() {
    return false;
  }

  /** Of a file: whether it is read and written past the page cache. */
  boolean isDirect() {
    return false;
  }
}
