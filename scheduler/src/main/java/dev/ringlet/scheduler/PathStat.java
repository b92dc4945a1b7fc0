package dev.ringlet.scheduler;

import dev.ringlet.io.FileStat;
import dev.ringlet.spi.IoOpcode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the file system knows of what stands under a name. */
final class PathStat extends Operation<FileStat> {
  private final String subject;

  PathStat(CoreExecutor executor, Path path, int flags) {
    super(executor, "stat");
    this.subject = path.toString();
    this.opcode = IoOpcode.STAT;
    this.path = path;
    this.flags = flags;
  }

  @Override
  String subject() {
    return subject;
  }

  @Override
  void begin() {
    submit();
  }

  @Override
  boolean step(int result, @Nullable Object payload) {
    if (result < 0) {
      fail(result, payload);
    } else {
      succeed((FileStat) payload);
    }
    return true;
  }
}
