package dev.ringlet.scheduler;

import dev.ringlet.spi.IoOpcode;
import org.jspecify.annotations.Nullable;

/** What the file system knows of an open file, as the payload has it: size, stat. */
final class FileFact<T> extends FileOperation<T> {
  private final Class<T> type;

  FileFact(DriverFile target, String name, IoOpcode opcode, Class<T> type) {
    super(target, name, opcode);
    this.type = type;
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
      succeed(type.cast(payload));
    }
    return true;
  }
}
