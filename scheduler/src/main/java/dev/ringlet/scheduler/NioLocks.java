package dev.ringlet.scheduler;

import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The locks that one open file holds. The JDK has those of the process: what any file of this
 * process has locked counts as taken, and they are gone when any of them is closed that is open on
 * the same file. Threads of the pool, one at a time.
 */
final class NioLocks {
  private final FileChannel channel;
  private final List<FileLock> held = new ArrayList<>(0);

  NioLocks(FileChannel channel) {
    this.channel = channel;
  }

  /** Does what a LOCK says, and gives its result. */
  synchronized int perform(IoRequest request) throws IOException {
    long size = request.count == 0 ? Long.MAX_VALUE - request.position : request.count;
    if (request.flags == IoRequest.LOCK_RELEASE) {
      release(request.position, size);
      return 1;
    }
    try {
      boolean shared = request.flags == IoRequest.LOCK_SHARED;
      FileLock lock = channel.tryLock(request.position, size, shared);
      if (lock != null) {
        held.add(lock);
      }
      return lock == null ? 0 : 1;
    } catch (OverlappingFileLockException e) {
      return 0;
    }
  }

  private void release(long position, long size) throws IOException {
    Iterator<FileLock> locks = held.iterator();
    while (locks.hasNext()) {
      FileLock lock = locks.next();
      long end = lock.position() + lock.size();
      if (lock.position() >= position && end <= position + size) {
        lock.release();
        locks.remove();
      } else if (lock.overlaps(position, size)) {
        throw new NioUnsupportedException(
            "NIO unlocks no parts of a lock; this one reaches from "
                + lock.position()
                + " to "
                + end);
      }
    }
  }
}
