package dev.ringlet.scheduler;

import dev.ringlet.io.DirectoryEntry;
import dev.ringlet.io.IoException;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists directories a few entries at a time; the next ones are read while the last of those before
 * are taken. Owner executor only.
 */
final class DirectoryFeed extends Feed<DirectoryEntry> {
  private final DirectoryScan scan;
  private final String subject;
  private final ArrayDeque<DirectoryEntry> entries = new ArrayDeque<>();
  private @Nullable Fetch<List<DirectoryEntry>> fetch;
  private boolean atEnd;

  DirectoryFeed(
      CoreExecutor executor,
      ActorCell<?> cell,
      Outlet<? super DirectoryEntry> outlet,
      DirectoryScan scan,
      String subject) {
    super(executor, cell, outlet);
    this.scan = scan;
    this.subject = subject;
  }

  @Override
  void refill() {
    if (fetch != null || atEnd || entries.size() >= DirectoryScan.ENTRIES / 2 || hasEnded()) {
      return;
    }
    Fetch<List<DirectoryEntry>> next =
        new Fetch<>(
            this,
            new OffloadOperation<>(executor(), "list", subject, scan::next, unread -> {}),
            DirectoryScan.ENTRIES);
    fetch = next;
    next.start();
  }

  @Override
  boolean isReady() {
    return !entries.isEmpty() || (fetch != null && fetch.isDone());
  }

  @Override
  @Nullable DirectoryEntry poll() {
    if (entries.isEmpty()) {
      takeFetched();
    }
    return entries.poll();
  }

  private void takeFetched() {
    Fetch<List<DirectoryEntry>> done = fetch;
    if (done == null) {
      return;
    }
    fetch = null;
    IoException reason = done.failure();
    if (reason != null) {
      fail(reason);
      return;
    }
    List<DirectoryEntry> read = done.take();
    atEnd = read.size() < done.length();
    entries.addAll(read);
  }

  @Override
  boolean isExhausted() {
    return atEnd && entries.isEmpty();
  }

  @Override
  void release() {
    if (fetch != null) {
      fetch.drop();
      fetch = null;
    }
    entries.clear();
    scan.close();
  }

  @Override
  String subject() {
    return subject;
  }
}
