package dev.ringlet.scheduler;

import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import org.jspecify.annotations.Nullable;

/** Tries to lock a range. A lock that nobody waits for any more is given back. */
final class FileLockOperation extends FileOperation<Boolean> {
  FileLockOperation(DriverFile file, long position, long count, int flags) {
    super(file, "tryLock", IoOpcode.LOCK);
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
    } else {
      succeed(result > 0);
    }
    return true;
  }

  @Override
  void discard(Boolean locked) {
    if (locked) {
      int release = IoRequest.LOCK_RELEASE;
      new FileCommand(target(), "unlock", IoOpcode.LOCK, position, count, release)
          .toCompletionStage();
    }
  }
}
