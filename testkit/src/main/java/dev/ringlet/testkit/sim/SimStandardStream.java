package dev.ringlet.testkit.sim;

import dev.ringlet.spi.Errno;
import java.nio.ByteBuffer;

/**
 * A standard stream of a simulated process: nothing comes in, and what goes out is gone. The
 * simulation's thread.
 */
final class SimStandardStream extends SimStream {
  private static final int MOST_BYTES = 64 << 10;

  private final int descriptor;

  private SimStandardStream(int descriptor) {
    this.descriptor = descriptor;
  }

  /** OPEN_STANDARD. */
  static void open(SimOperation operation) {
    int descriptor = operation.request.length;
    if (descriptor < 0 || descriptor > 2) {
      operation.fail(Errno.EBADF);
    } else {
      operation.end(0, new SimStandardStream(descriptor).handle(operation.driver));
    }
  }

  @Override
  boolean isInput() {
    return descriptor == 0;
  }

  @Override
  boolean isOutput() {
    return descriptor != 0;
  }

  @Override
  boolean takesFiles() {
    return false;
  }

  @Override
  boolean isReadable() {
    return true;
  }

  @Override
  int available() {
    return 0;
  }

  @Override
  int end() {
    return 0;
  }

  @Override
  void look(ByteBuffer target) {
    throw new AssertionError(this + " has no bytes");
  }

  @Override
  void skip(int count) {
    throw new AssertionError(this + " has no bytes");
  }

  @Override
  int room() {
    return MOST_BYTES;
  }

  @Override
  void send(ByteBuffer source) {
    source.position(source.limit());
  }

  @Override
  boolean isConnection() {
    return false;
  }

  @Override
  void close(boolean withReset) {
    // Other processes have it too.
  }

  @Override
  public String toString() {
    return "standard stream " + descriptor;
  }
}
