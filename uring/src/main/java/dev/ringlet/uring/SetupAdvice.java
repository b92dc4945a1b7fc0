package dev.ringlet.uring;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.ErrnoHints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Why a ring cannot be set up here, with the settings of this machine that decide it. Reads {@code
 * /proc}, so for failures only.
 */
final class SetupAdvice {
  private static final String LOCKED_MEMORY = "Max locked memory";

  private final Path proc;

  SetupAdvice(Path proc) {
    this.proc = proc;
  }

  /** One sentence: cause and remedy. */
  static String explain(int errno) {
    return new SetupAdvice(Path.of("/proc")).of(errno);
  }

  String of(int errno) {
    String hint = ErrnoHints.of(errno, ErrnoHints.RING_SETUP);
    if (hint.isEmpty()) {
      return "the kernel refused to set up a ring";
    }
    return switch (errno) {
      case Errno.EPERM -> hint + " (" + disabled() + ")";
      case Errno.ENOMEM -> hint + lockedMemory();
      default -> hint;
    };
  }

  /** Values as in Documentation/admin-guide/sysctl/kernel.rst; the setting is there since 6.6. */
  private String disabled() {
    String value = read("sys/kernel/io_uring_disabled");
    if (value == null) {
      return "this kernel has no such setting or hides it, so it is the seccomp profile";
    }
    return "it is "
        + value
        + switch (value) {
          case "0" -> ", which allows it: the seccomp profile forbids it";
          case "1" ->
              ": only with CAP_SYS_ADMIN or in the group of kernel.io_uring_group, which is "
                  + read("sys/kernel/io_uring_group");
          default -> ": for nobody; set it to 0";
        };
  }

  private String lockedMemory() {
    String limits = read("self/limits");
    if (limits == null) {
      return "";
    }
    return limits
        .lines()
        .filter(line -> line.startsWith(LOCKED_MEMORY))
        .map(line -> line.substring(LOCKED_MEMORY.length()).strip().split("\\s+"))
        .filter(columns -> columns.length > 1)
        .map(columns -> "; the limit is " + columns[0] + " bytes, at most " + columns[1])
        .findFirst()
        .orElse("");
  }

  private @Nullable String read(String file) {
    try {
      return Files.readString(proc.resolve(file)).strip();
    } catch (IOException | SecurityException absent) {
      return null;
    }
  }
}
