package dev.ringlet.scheduler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How often the operating system took the CPU from a thread, from {@code /proc} (see proc(5)). Made
 * on the thread, read on any.
 */
final class ThreadSwitches {
  private static final String FIELD = "nonvoluntary_ctxt_switches:";

  /** Null where there is none. */
  private final @Nullable Path status;

  private ThreadSwitches(@Nullable Path status) {
    this.status = status;
  }

  /** Where no thread belongs to anybody. */
  static ThreadSwitches unknown() {
    return new ThreadSwitches(null);
  }

  static ThreadSwitches ofCurrentThread() {
    Path self = Path.of("/proc/thread-self");
    try {
      return new ThreadSwitches(
          Path.of("/proc").resolve(Files.readSymbolicLink(self)).resolve("status"));
    } catch (IOException | UnsupportedOperationException absent) {
      return new ThreadSwitches(null);
    }
  }

  /** The number, or -1 where it cannot be read: no thread, not Linux, or the thread has ended. */
  long count() {
    if (status == null) {
      return -1;
    }
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
