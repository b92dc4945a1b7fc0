package dev.ringlet.scheduler;

import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An operation whose value a feed waits for, or does not want any more. Owner executor only. */
final class Fetch<T> extends Operation.Receiver<T> {
  private final Feed<?> feed;
  private final Operation<T> op;
  private final int length;
  private boolean done;
  private boolean dropped;

  /**
   * @param length how much is wanted, in units of the feed
   */
  Fetch(Feed<?> feed, IoOp<T> op, int length) {
    this.feed = feed;
    this.op = (Operation<T>) op;
    this.length = length;
  }

  void start() {
    op.startFor(this);
  }

  int length() {
    return length;
  }

  boolean isDone() {
    return done;
  }

  @Nullable IoException failure() {
    return op.failure();
  }

  /** The value of one that is done and has not failed; goes over to the caller. */
  T take() {
    return Objects.requireNonNull(op.value());
  }

  @Override
  void outcome(Operation<T> complete) {
    done = true;
    if (dropped) {
      complete.undelivered();
    } else {
      feed.arrived();
    }
  }

  /** Nobody wants it any more: ends it, and gives back what it has brought or still brings. */
  void drop() {
    dropped = true;
    if (done) {
      op.undelivered();
    } else {
      op.cancel();
    }
  }
}
