package dev.ringlet.scheduler;

import dev.ringlet.io.FilePart;
import dev.ringlet.io.FileRange;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.MergeOptions;
import dev.ringlet.spi.Errno;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Reads parts of a file, neighbours together, and gives them in the order of their source. A read
 * is started when its first part is wanted, so one that is merged may bring parts that are not.
 * Owner executor only.
 */
final class PartFeed extends ReadingFeed<FilePart> {
  private final DriverFile file;
  private final RangeSource source;
  private final MergeOptions settings;
  private final ArrayDeque<Reading> window = new ArrayDeque<>();

  /** Ranges that a read was started for and that were not taken. */
  private long ahead;

  /** Why the next range cannot be read; counts when all parts before it were taken. */
  private @Nullable IoException refusal;

  /** The source, which is the user's, may ask for more, await or cancel while it is asked. */
  private boolean refilling;

  PartFeed(
      CoreExecutor executor,
      ActorCell<?> cell,
      Outlet<? super FilePart> outlet,
      DriverFile file,
      RangeSource source,
      MergeOptions options) {
    super(executor, cell, outlet);
    this.file = file;
    this.source = source;
    this.settings = options;
  }

  /** Starts the source, which may refuse it. */
  void begin() {
    try {
      source.begin(this);
    } catch (RuntimeException refused) {
      abandon();
      throw refused;
    }
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

  /** There are further ranges, or there never will be. In a turn. */
  void rangesCame() {
    settle();
    proceed();
  }

  @Override
  void refill() {
    if (refilling) {
      return;
    }
    refilling = true;
    try {
      while (isMoreWanted() && startNext()) {}
    } finally {
      refilling = false;
    }
    settle();
  }

  private boolean isMoreWanted() {
    return refusal == null
        && ahead < demand()
        && window.size() < settings.concurrency()
        && mayRead();
  }

  private boolean startNext() {
    MergedRead read = MergedRead.next(source, settings);
    if (read == null) {
      return false;
    }
    if (!mayRead()) {
      read.putBack(source);
      return false;
    }
    IoOp<IoBuffer> op;
    try {
      op = file.read(read.from(), read.length());
    } catch (IllegalArgumentException refused) {
      refusal = named(read.first(), Errno.EINVAL, refused);
      read.putBack(source);
      return false;
    }
    Fetch<IoBuffer> fetch = new Fetch<>(this, op, read.length());
    ahead += read.count();
    window.add(new Reading(read, fetch));
    readBegins();
    fetch.start();
    return true;
  }

  @Override
  boolean isReady() {
    Reading first = window.peek();
    return first != null && first.fetch.isDone();
  }

  @Override
  @Nullable FilePart poll() {
    Reading first = window.element();
    FileRange range = first.read.first();
    IoException reason = first.fetch.failure();
    if (reason != null) {
      fail(named(range, reason.errno(), reason));
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
    taken(first, piece);
    return part;
  }

  private void taken(Reading first, Piece piece) {
    first.read.removeFirst();
    ahead--;
    if (first.read.count() == 0) {
      window.remove();
      piece.release();
      if (window.isEmpty()) {
        holdsNothing();
        settle();
      }
    }
  }

  /** What has ended the source, or cannot be read, ends this too, after the parts before. */
  private void settle() {
    if (refusal != null && window.isEmpty()) {
      fail(refusal);
      return;
    }
    Throwable reason = source.failure();
    if (reason != null && isDone()) {
      fail(
          reason instanceof IoException known
              ? known
              : new IoException("read", subject(), Errno.EINVAL, reason));
    }
  }

  private boolean isDone() {
    return window.isEmpty() && source.isExhausted();
  }

  private IoException named(FileRange range, int errno, Throwable reason) {
    String subject = file + " at " + range.position() + ", " + range.length() + " bytes";
    return new IoException("read", subject, errno, reason);
  }

  @Override
  boolean isExhausted() {
    return isDone();
  }

  @Override
  void awake() {
    source.awake();
  }

  @Override
  void giveBack(FilePart part) {
    part.buffer().release();
  }

  @Override
  void forget() {
    for (Reading last = window.pollLast(); last != null; last = window.pollLast()) {
      last.read.putBack(source);
      last.drop();
    }
    ahead = 0;
    refusal = null;
  }

  @Override
  void dropReads() {
    for (Reading reading = window.poll(); reading != null; reading = window.poll()) {
      reading.drop();
    }
    source.close();
  }

  @Override
  String subject() {
    return "parts " + file;
  }
}
