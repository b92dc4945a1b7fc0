package dev.ringlet.scheduler;

import dev.ringlet.spi.IoOpcode;
import org.jspecify.annotations.Nullable;

/** Has what was written reach the disk, alone or with others; see {@link SyncLine}. */
final class FileSync extends FileOperation<Void> {
  private final SyncLine line;
  private boolean taken;
  private int result;
  private @Nullable Object payload;

  /** Whether it waits for another one; the line's. */
  boolean inLine;

  FileSync(DriverFile target, String name, IoOpcode opcode, SyncLine line) {
    super(target, name, opcode);
    this.line = line;
  }

  @Override
  void begin() {
    line.begin(this);
  }

  /** Goes to the disk. */
  void lead() {
    taken = true;
    submit();
  }

  /** The line has let it in before. */
  @Override
  boolean comesAfterClose() {
    return !taken && super.comesAfterClose();
  }

  @Override
  boolean leavesQueue() {
    return line.leave(this) || super.leavesQueue();
  }

  @Override
  boolean step(int outcome, @Nullable Object cause) {
    result = outcome;
    payload = cause;
    if (outcome < 0) {
      fail(outcome, cause);
    }
    return true;
  }

  @Override
  void ended() {
    line.ended(this, result, payload);
  }
}
