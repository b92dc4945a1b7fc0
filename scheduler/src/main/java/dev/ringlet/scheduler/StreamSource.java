package dev.ringlet.scheduler;

import dev.ringlet.io.IoException;
import dev.ringlet.spi.IoRequest;
import org.jspecify.annotations.Nullable;

/**
 * A stream that a subscription can be made of: what is armed, what an element is, what an error
 * means. Owner executor only, but for {@link #executor} and {@link #discard}.
 */
abstract class StreamSource<T> extends HomeStream<T> {
  /** What a failed completion means for the stream. */
  enum Verdict {
    /** The stream ends with the failure. */
    FAIL,
    /** The stream ends regularly. */
    END,
    /** Arm again at once. */
    RETRY,
    /** Arm again after a pause: a shortage that passes. */
    BACK_OFF
  }

  private @Nullable Subscription<T> subscription;
  private @Nullable Subscription<T> draining;

  /** What reads in place of a subscription. */
  private @Nullable PipeReceive reservedBy;

  StreamSource(CoreExecutor executor) {
    super(executor);
  }

  /** Fills opcode and handle of the request. */
  abstract void prepare(IoRequest request);

  /** Fills what changes from one request to the next. */
  void beforeArm(IoRequest request) {}

  /** A request is with the driver, or is awaited again. */
  void armed() {}

  /** Whether elements bring more work, so that it rests while there is too much. */
  boolean isIntake() {
    return false;
  }

  /** Makes the element; null means that the completion was the regular end. */
  abstract @Nullable T element(int result, @Nullable Object payload);

  abstract Verdict verdict(int errno);

  /** Makes the failure that the stream ends with. */
  IoException failure(int errno, @Nullable Throwable cause) {
    return new IoException(operation(), subject(), errno, cause);
  }

  /**
   * Has a request carried out: by the driver, unless the elements are made of those of another
   * stream. Whoever takes it completes it by {@link Source#completed}, also before this returns.
   */
  void submit(Subscription<T> request) {
    home().ioDriver().submit(request);
  }

  /** Has a request that was submitted completed early, with ECANCELED if nothing else. */
  void cancel(Subscription<T> request) {
    home().ioDriver().cancel(request);
  }

  abstract String operation();

  abstract String subject();

  @Override
  final Subscription<T> open(ActorCell<?> cell, Outlet<? super T> outlet) {
    checkFree();
    Subscription<T> made = new CellSubscription<>(home(), this, cell, outlet);
    subscription = made;
    opened();
    return made;
  }

  /** For a part of the runtime that belongs to no actor. */
  final Subscription<T> subscribe(ElementSink<T> sink) {
    checkFree();
    Subscription<T> made = new SinkSubscription<>(home(), this, sink);
    subscription = made;
    opened();
    return made;
  }

  /**
   * Keeps everybody else from it; while it {@linkplain #isDraining drains} its turn is still to
   * come, see {@link PipeReceive#drained}.
   *
   * @return false if somebody has it
   */
  final boolean reserve(PipeReceive reader) {
    if (reservedBy != null || isTaken()) {
      return false;
    }
    reservedBy = reader;
    return true;
  }

  final void giveFree() {
    reservedBy = null;
  }

  private void checkFree() {
    if (reservedBy != null) {
      throw new IllegalStateException(
          this + " goes to a file; wait until that is over, or cancel it");
    }
    if (subscription != null) {
      throw new IllegalStateException(
          this + " has a subscription already; cancel it first, or share its elements");
    }
  }

  /**
   * A subscription has ended while its request is in flight: there may be another one, which is not
   * armed before the driver has let go of the request.
   */
  final void drains(Subscription<T> ended) {
    subscription = null;
    draining = ended;
  }

  /** Who gets the elements; null if nobody does. */
  final @Nullable ActorCell<?> subscriber() {
    Subscription<T> current = subscription;
    return current == null ? null : current.owner();
  }

  /** Whether there is a subscription that has not ended. */
  final boolean isTaken() {
    return subscription != null;
  }

  /** Whether there is a subscription, or one whose request is still with the driver. */
  final boolean isSubscribed() {
    return subscription != null || draining != null;
  }

  /** Whether somebody waits for an element. */
  final boolean isAwaited() {
    return subscription != null && subscription.isAwaiting();
  }

  /** Nothing has come for too long: the subscription ends with ETIMEDOUT. */
  final void expire() {
    Subscription<T> current = subscription;
    if (current != null) {
      current.expire();
    }
  }

  final boolean isDraining() {
    return draining != null;
  }

  /** What comes for a subscription that has ended is the next one's, if there is one. */
  final void afterEnd(T element) {
    if (!keepsForOthers(element) && !inherit(element)) {
      discard(element);
    }
  }

  /** Takes what comes for a subscription that has ended, if others than the next one are first. */
  boolean keepsForOthers(T element) {
    return false;
  }

  /** Gives the subscription what came before it; false if there is none. */
  final boolean inherit(T element) {
    Subscription<T> current = subscription;
    if (current != null) {
      current.inherit(element);
    }
    return current != null;
  }

  /** There is a subscription, which has asked for nothing yet. */
  void opened() {}

  /** Whether a subscription has to wait before its request may be armed. */
  boolean isHeld() {
    return isDraining();
  }

  /** The driver has let go of the request of a subscription that has ended. */
  void drained() {}

  /** What a subscription has waited for may be over. */
  final void goOn() {
    Subscription<T> current = subscription;
    if (current != null) {
      current.released();
    }
  }

  final void unsubscribed(Subscription<T> ended) {
    if (draining == ended) {
      draining = null;
      drained();
      if (reservedBy != null) {
        reservedBy.drained();
      }
      goOn();
    } else {
      subscription = null;
    }
  }

  /** The socket is closed: a subscription ends also if it has asked for nothing. */
  final void closed() {
    Subscription<T> current = subscription;
    if (current != null) {
      current.streamClosed();
    }
  }

  @Override
  public final String toString() {
    return operation() + " " + subject();
  }
}
