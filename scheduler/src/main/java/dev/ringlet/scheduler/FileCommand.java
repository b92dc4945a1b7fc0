package dev.ringlet.scheduler;

import dev.ringlet.spi.IoOpcode;
import org.jspecify.annotations.Nullable;

/** Without a value: syncs, truncation, blocks, unlocking. */
final class FileCommand extends FileOperation<Void> {
  FileCommand(DriverFile target, String name, IoOpcode opcode) {
    super(target, name, opcode);
  }

  FileCommand(
      DriverFile target, String name, IoOpcode opcode, long position, long count, int flags) {
    super(target, name, opcode);
    this.position = position;
    this.count = count;
    this.flags = flags;
  }

  @Override
  void begin() {
    submit();
  }

  @Override
  boolean step(int result, @Nullable Object payload) {
    if (result < 0) {
      fail(result, payload);
    }
    return true;
  }
}
