package dev.ringlet.scheduler;

import dev.ringlet.io.BufferMemoryException;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.spi.Errno;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Takes pieces of a stream and gives the frames in them. While nobody wants a frame no further
 * piece is asked for, and those that are here are {@linkplain HomeStream#keep fit to wait}. Owner
 * executor only.
 */
final class FrameFeed<R> extends Feed<R> {
  private final HomeStream<IoBuffer> source;
  private final Splitter<R> splitter;
  private final ArrayDeque<IoBuffer> pieces = new ArrayDeque<>();
  private @Nullable Piece current;

  /** Whether all that is here may wait. */
  private boolean kept;

  private int asked;
  private boolean sourceEnded;
  private @Nullable IoException sourceFailure;
  private @Nullable IoSubscription subscription;

  FrameFeed(
      CoreExecutor executor,
      ActorCell<?> cell,
      Outlet<? super R> outlet,
      HomeStream<IoBuffer> source,
      Splitter<R> splitter) {
    super(executor, cell, outlet);
    this.source = source;
    this.splitter = splitter;
  }

  /** Subscribes to the source, which may refuse it. */
  void begin() {
    try {
      subscription = source.subscribe(cell(), new Pieces());
    } catch (RuntimeException refused) {
      abandon();
      throw refused;
    }
  }

  private final class Pieces extends Outlet<IoBuffer> {
    @Override
    void element(ActorCell<?> cell, IoBuffer piece) {
      asked--;
      pieces.add(hasDemand() ? piece : source.keep(piece));
      kept &= !hasDemand();
      arrived();
    }

    @Override
    boolean isAwaited() {
      return hasDemand();
    }

    @Override
    void end(ActorCell<?> cell, @Nullable IoException failure) {
      sourceEnded = true;
      sourceFailure = failure;
      settle();
      arrived();
    }
  }

  @Override
  void refill() {
    int missing = source.takenAhead() - asked - pieces.size() - (current == null ? 0 : 1);
    if (missing > 0 && !sourceEnded && subscription != null) {
      asked += missing;
      subscription.request(missing);
    }
  }

  @Override
  void awake() {
    if (subscription instanceof Subscription<?> armed) {
      armed.awaitedAgain();
    }
  }

  @Override
  void rest() {
    if (kept) {
      return;
    }
    kept = true;
    if (current != null) {
      current = new Piece(source.keep(current.rest()));
    }
    for (int i = pieces.size(); i > 0; i--) {
      pieces.add(source.keep(pieces.remove()));
    }
  }

  private boolean isDrained() {
    return current == null && pieces.isEmpty();
  }

  @Override
  boolean isReady() {
    return !isDrained() || (sourceEnded && splitter.hasLast());
  }

  @Override
  @Nullable R poll() {
    try {
      return nextFrame();
    } catch (IoException reason) {
      fail(reason);
      return null;
    } catch (BufferMemoryException exhausted) {
      fail(new IoException("read", subject(), Errno.ENOMEM, exhausted));
      return null;
    }
  }

  private @Nullable R nextFrame() {
    while (true) {
      Piece piece = current;
      if (piece == null) {
        IoBuffer next = pieces.poll();
        if (next == null) {
          settle();
          return sourceEnded && !hasFailed() ? splitter.last() : null;
        }
        piece = new Piece(next);
        current = piece;
      }
      R frame = splitter.next(piece);
      if (piece.remaining() == 0) {
        current = null;
        piece.release();
      }
      if (frame != null) {
        return frame;
      }
    }
  }

  /** When all pieces are used, what ended the source ends this too. */
  private void settle() {
    if (!sourceEnded || !isDrained()) {
      return;
    }
    if (sourceFailure != null) {
      fail(sourceFailure);
    } else if (splitter.isWithin() && !splitter.hasLast()) {
      fail(splitter.truncated());
    }
  }

  @Override
  boolean isExhausted() {
    return sourceEnded && isDrained() && !splitter.isWithin();
  }

  @Override
  void release() {
    if (subscription != null) {
      ((Source) subscription).abandon();
    }
    if (current != null) {
      current.release();
      current = null;
    }
    for (IoBuffer piece = pieces.poll(); piece != null; piece = pieces.poll()) {
      piece.release();
    }
    splitter.release();
  }

  @Override
  String subject() {
    return "frames of " + source;
  }
}
