package dev.ringlet.scheduler;

import dev.ringlet.actor.DeadLetter.Reason;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.spi.Errno;
import org.jspecify.annotations.Nullable;

/**
 * A running stream that is made of other operations or of another stream, and whose elements are
 * taken one by one when their turn has come.
 *
 * <p>At most one entry of it stands in the cell's mailbox, and only while there is an element that
 * is wanted, or the end. In its turn it takes one element and queues itself again, so an element
 * costs no entry of its own, nothing is taken before it can be handled, and other messages and
 * actors come in between. Owner executor only.
 */
abstract class Feed<T> extends Source implements IoSubscription {
  private final ActorCell<?> cell;
  private final Outlet<? super T> outlet;
  private final Turn turn = new Turn(this);
  private long demand;
  private boolean queued;
  private boolean ended;
  private @Nullable IoException failure;

  Feed(CoreExecutor executor, ActorCell<?> cell, Outlet<? super T> outlet) {
    super(executor);
    this.cell = cell;
    this.outlet = outlet;
    attach(cell);
  }

  /** Whether {@link #poll} is worth a turn. */
  abstract boolean isReady();

  /**
   * Takes the next element, in a turn and only while there is demand.
   *
   * @return null if there is none yet, or if the end was reached
   */
  abstract @Nullable T poll();

  /** Whether no element comes any more and none is left; asked unless {@link #fail} was called. */
  abstract boolean isExhausted();

  /** There is new demand, or less in store: goes on with what brings elements. In a turn. */
  abstract void refill();

  /** There is demand where there was none. In a turn. */
  void awake() {}

  /** Demand has run out: what is here waits, nobody knows how long. In a turn. */
  void rest() {}

  /**
   * What {@link #refill} has asked for more, where that is the user's, has cancelled the stream.
   */
  void giveBack(T element) {
    throw new AssertionError(this + ": nobody is asked who could cancel it");
  }

  /** Nothing is wanted any more: ends what is under way and gives back what is in store. */
  abstract void release();

  /** What the stream is of, for messages. */
  abstract String subject();

  final ActorCell<?> cell() {
    return cell;
  }

  final boolean hasDemand() {
    return demand > 0;
  }

  final long demand() {
    return demand;
  }

  /** Nobody waits for elements: what still comes is given back. */
  final boolean hasEnded() {
    return ended;
  }

  final boolean hasFailed() {
    return failure != null;
  }

  /** The stream ends with a failure, as soon as its turn comes; the first one counts. */
  final void fail(IoException reason) {
    if (failure == null) {
      failure = reason;
    }
  }

  /** Something has come, or is over. */
  final void arrived() {
    if (!queued && !ended && (isEnd() || (demand > 0 && isReady()))) {
      goOnLater();
    }
  }

  /** There will be something to go on with in the next turn, whatever has come until then. */
  final void goOnLater() {
    if (!queued && !ended) {
      queued = true;
      cell.enqueue(turn);
    }
  }

  private boolean isEnd() {
    return failure != null || isExhausted();
  }

  @Override
  public final void request(long count) {
    cell.checkTurn("IoSubscription.request");
    if (count <= 0) {
      throw new IllegalArgumentException("count: " + count + "; request more than zero elements");
    }
    if (ended) {
      return;
    }
    boolean rested = demand == 0;
    demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
    if (rested) {
      awake();
    }
    refillOrFail();
    arrived();
  }

  @Override
  public final void cancel() {
    cell.checkTurn("IoSubscription.cancel");
    end();
  }

  @Override
  final void abandon() {
    end();
  }

  private void end() {
    if (!ended) {
      ended = true;
      detach();
      release();
    }
  }

  private void turn() throws Exception {
    queued = false;
    if (ended) {
      return;
    }
    T element = failure == null && demand > 0 && isReady() ? poll() : null;
    if (element != null) {
      if (demand != Long.MAX_VALUE) {
        demand--;
      }
      deliver(element);
    } else if (isEnd()) {
      end();
      outlet.end(cell, failure);
    } else {
      proceed();
    }
  }

  /** Goes on first, since a mistake of the actor is not the stream's end. */
  private void deliver(T element) throws Exception {
    proceed();
    if (ended) {
      giveBack(element);
      return;
    }
    try {
      outlet.element(cell, element);
    } finally {
      if (demand == 0 && !ended) {
        rest();
      }
    }
  }

  /** Asks for more where there is demand, and looks what is here. In a turn. */
  final void proceed() {
    if (demand > 0) {
      refillOrFail();
    }
    arrived();
  }

  /** What cannot be asked for ends the stream, after what has come before. */
  private void refillOrFail() {
    try {
      refill();
    } catch (RuntimeException refused) {
      fail(new IoException("read", subject(), Errno.EINVAL, refused));
    }
  }

  @Override
  final void onCompletion(int result, @Nullable Object payload, boolean more) {
    throw new AssertionError(this + ": is never submitted itself");
  }

  @Override
  final void deliver(ActorCell<?> target) {
    throw new AssertionError(this + ": its turns are delivered, not itself");
  }

  @Override
  final void undelivered() {
    throw new AssertionError(this + ": its turns are delivered, not itself");
  }

  @Override
  public final String toString() {
    return "subscription to " + subject();
  }

  private static final class Turn extends Envelope {
    private final Feed<?> feed;

    Turn(Feed<?> feed) {
      this.feed = feed;
    }

    @Override
    void deliver(ActorCell<?> cell) throws Exception {
      feed.turn();
    }

    @Override
    void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender) {
      // The cell's stop has ended the feed and given back what it had.
    }
  }
}
