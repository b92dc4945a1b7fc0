package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets the syncs of one file that wait together be done as one. While a sync is with the disk,
 * those that are started wait; when it has ended the first of them goes, for all: it begins after
 * each of them was started, so it covers what was written before. So a log that syncs after every
 * record has one sync under way and one that collects, however many records are written side by
 * side (group commit). A sync that still waits for a place at the disk takes those that come along
 * as they are.
 *
 * <p>All share the outcome. Of an error those hear too that wait for the next sync: the kernel
 * tells it once, and what they were promised may be lost with it. Only syncs of one priority class
 * share, so that none waits in the line of another class. Each that waits here counts among the
 * file's turns, so that a close comes after it. Owner executor only.
 */
final class SyncLine {
  private final FileTurns turns;
  private final ArrayDeque<FileSync> waiting = new ArrayDeque<>(2);

  /** Those that are done by {@link #leader}. */
  private final List<FileSync> followers = new ArrayList<>(2);

  private @Nullable FileSync leader;

  SyncLine(FileTurns turns) {
    this.turns = turns;
  }

  void begin(FileSync sync) {
    FileSync first = leader;
    if (sync.comesAfterClose()) {
      sync.complete(-Errno.EBADF, null);
    } else if (first == null) {
      leader = sync;
      sync.lead();
    } else if (first.account() != sync.account()) {
      sync.lead();
    } else {
      sync.inLine = true;
      turns.waits();
      if (first.placed) {
        waiting.add(sync);
      } else {
        followers.add(sync);
      }
    }
  }

  /** One that waits is to end by itself; false if it does not wait here. */
  boolean leave(FileSync sync) {
    if (!sync.inLine) {
      return false;
    }
    sync.inLine = false;
    if (!followers.remove(sync)) {
      waiting.remove(sync);
    }
    turns.waitsNoMore();
    return true;
  }

  /**
   * One has ended, in whatever way. One that was cancelled has done nothing for those who follow
   * it; the first of them goes instead.
   */
  void ended(FileSync sync, int result, @Nullable Object payload) {
    if (sync != leader) {
      return;
    }
    leader = null;
    List<FileSync> shared = List.copyOf(followers);
    followers.clear();
    if (sync.isCancelled() && result == -Errno.ECANCELED) {
      for (int i = shared.size() - 1; i >= 0; i--) {
        waiting.addFirst(shared.get(i));
      }
      shared = List.of();
    } else if (result < 0) {
      shared = new ArrayList<>(shared);
      shared.addAll(waiting);
      waiting.clear();
    }
    startNext();
    for (FileSync follower : shared) {
      // one may have been ended by the end of another
      if (follower.inLine) {
        follower.inLine = false;
        turns.waitsNoMore();
        follower.complete(result, payload);
      }
    }
  }

  private void startNext() {
    FileSync next = waiting.poll();
    if (next == null) {
      return;
    }
    followers.addAll(waiting);
    waiting.clear();
    leader = next;
    next.inLine = false;
    try {
      next.lead();
    } catch (RuntimeException refused) {
      next.complete(-Errno.EINVAL, refused);
    }
    turns.waitsNoMore();
  }
}
