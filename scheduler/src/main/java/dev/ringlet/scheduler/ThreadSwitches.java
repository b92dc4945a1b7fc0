package dev.ringlet.scheduler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How often the operating system took the CPU from a thread, from {@code /proc} (see proc(5)). Made
 * on the thread, read on any.
 */
final class ThreadSwitches {
  private static final String FIELD = "nonvoluntary_ctxt_switches:";

  private final Path status;

  private ThreadSwitches(Path status) {
    this.status = status;
  }

  static ThreadSwitches ofCurrentThread() {
    Path self = Path.of("/proc/thread-self");
    try {
      return new ThreadSwitches(
          Path.of("/proc").resolve(Files.readSymbolicLink(self)).resolve("status"));
    } catch (IOException | UnsupportedOperationException absent) {
      return new ThreadSwitches(Path.of("absent"));
    }
  }

  /** The number, or -1 where it cannot be read: not Linux, or the thread has ended. */
  long count() {
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith(FIELD)) {
          return Long.parseLong(line.substring(FIELD.length()).strip());
        }
      }
    } catch (IOException gone) {
      return -1;
    }
    return -1;
  }
}
