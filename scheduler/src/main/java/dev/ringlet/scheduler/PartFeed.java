package dev.ringlet.scheduler;

import dev.ringlet.io.FilePart;
import dev.ringlet.io.FileRange;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.MergeOptions;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads parts of a file, neighbours together, and gives them in the order of the list. A read is
 * started when its first part is wanted, so one that is merged may bring parts that are not. Owner
 * executor only.
 */
final class PartFeed extends Feed<FilePart> {
  private final DriverFile file;
  private final List<FileRange> ranges;
  private final MergeOptions settings;
  private final ArrayDeque<Reading> window = new ArrayDeque<>();

  /** The first range that no read was started for. */
  private int next;

  /** The next range that is taken. */
  private int taken;

  PartFeed(
      CoreExecutor executor,
      ActorCell<?> cell,
      Outlet<? super FilePart> outlet,
      DriverFile file,
      List<FileRange> ranges,
      MergeOptions options) {
    super(executor, cell, outlet);
    this.file = file;
    this.ranges = ranges;
    this.settings = options;
  }

  /** A merged read, and what it has brought. */
  private static final class Reading {
    private final MergedRead read;
    private final Fetch<IoBuffer> fetch;
    private @Nullable Piece piece;

    Reading(MergedRead read, Fetch<IoBuffer> fetch) {
      this.read = read;
      this.fetch = fetch;
    }

    void drop() {
      if (piece != null) {
        piece.release();
      } else {
        fetch.drop();
      }
    }
  }

  @Override
  void refill() {
    while (next < ranges.size()
        && next - taken < demand()
        && window.size() < settings.concurrency()
        && !hasEnded()) {
      MergedRead read = MergedRead.at(ranges, next, settings);
      Fetch<IoBuffer> fetch =
          new Fetch<>(this, file.read(read.from(), read.length()), read.length());
      next += read.count();
      window.add(new Reading(read, fetch));
      fetch.start();
    }
  }

  @Override
  boolean isReady() {
    Reading first = window.peek();
    return first != null && first.fetch.isDone();
  }

  @Override
  @Nullable FilePart poll() {
    Reading first = window.element();
    FileRange range = ranges.get(taken);
    IoException reason = first.fetch.failure();
    if (reason != null) {
      fail(named(range, reason));
      return null;
    }
    Piece piece = first.piece;
    if (piece == null) {
      piece = new Piece(first.fetch.take());
      first.piece = piece;
    }
    int start = (int) Math.min(range.position() - first.read.from(), piece.remaining());
    int length = Math.min(range.length(), piece.remaining() - start);
    FilePart part = new FilePart(range, piece.slice(start, length));
    taken++;
    if (taken == first.read.first() + first.read.count()) {
      window.remove();
      piece.release();
    }
    return part;
  }

  private IoException named(FileRange range, IoException reason) {
    String subject = file + " at " + range.position() + ", " + range.length() + " bytes";
    return new IoException("read", subject, reason.errno(), reason);
  }

  @Override
  boolean isExhausted() {
    return taken == ranges.size();
  }

  @Override
  void release() {
    for (Reading reading = window.poll(); reading != null; reading = window.poll()) {
      reading.drop();
    }
  }

  @Override
  String subject() {
    return "parts " + file;
  }
}
