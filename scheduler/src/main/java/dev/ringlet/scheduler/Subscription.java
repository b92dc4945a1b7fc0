package dev.ringlet.scheduler;

import dev.ringlet.io.IoException;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.spi.Errno;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A running stream: keeps a request armed while there is demand, and no longer.
 *
 * <p>With a demand of one a single-shot request is armed; with more, a multishot one. The kernel
 * may complete a multishot request more often than is wanted before its cancellation is through:
 * what comes too much is kept, at most what the completion ring and the receive buffers hold, and
 * is delivered first when demand returns. Owner executor only.
 */
abstract class Subscription<T> extends Source implements IoSubscription {
  private static final long BACK_OFF_NANOS = Duration.ofMillis(10).toNanos();

  private final StreamSource<T> stream;
  private long demand;
  private boolean pausing;
  private boolean cancelled;
  private boolean ended;
  private boolean freed;
  private boolean endDelivered;
  private @Nullable IoException failure;
  private @Nullable ArrayDeque<T> excess;
  private @Nullable BackOff backOff;

  Subscription(CoreExecutor executor, StreamSource<T> stream) {
    super(executor);
    this.stream = stream;
    stream.prepare(this);
    if (stream.isIntake()) {
      executor.intakeGate().add(this);
    }
  }

  /** Whether this is the place to ask from. */
  abstract void checkTurn(String method);

  /** Whether somebody waits for what was asked for. */
  boolean isWanted() {
    return true;
  }

  /** An element for whoever has asked for it; there is demand. */
  abstract void handOn(T element);

  /** The stream has ended by itself; called once, after the last element. */
  abstract void handOnEnd(@Nullable IoException cause);

  final boolean isCancelled() {
    return cancelled;
  }

  final StreamSource<T> stream() {
    return stream;
  }

  @Override
  public final void request(long count) {
    checkTurn("IoSubscription.request");
    if (count <= 0) {
      throw new IllegalArgumentException("count: " + count + "; request more than zero elements");
    }
    if (cancelled) {
      return;
    }
    demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
    deliverExcess();
    arm();
  }

  @Override
  public final void cancel() {
    checkTurn("IoSubscription.cancel");
    end();
  }

  @Override
  void abandon() {
    end();
  }

  /** Nothing is handed on any more; what was on its way is given back. */
  final void end() {
    if (cancelled) {
      return;
    }
    cancelled = true;
    stopBackOff();
    discardExcess();
    detach();
    if (inFlight()) {
      stream.drains(this);
      cancelInFlight();
    } else {
      free();
    }
  }

  /** Nothing comes any more; what is in flight is being ended by the driver and says so itself. */
  void streamClosed() {
    if (!inFlight() && !cancelled && !ended) {
      stopBackOff();
      ended = true;
      free();
      deliverEnd();
    }
  }

  /** Whether there is demand that nothing has come for. */
  boolean isAwaiting() {
    boolean armed = inFlight() && !pausing;
    return armed && demand > 0 && !cancelled && !ended && isWanted();
  }

  /** Elements are wanted again that were asked for before. */
  void awaitedAgain() {
    if (inFlight()) {
      stream.armed();
    }
  }

  /** Nothing has come for too long. What comes while the request is being ended is delivered. */
  void expire() {
    if (cancelled || ended) {
      return;
    }
    stopBackOff();
    ended = true;
    failure = stream.failure(Errno.ETIMEDOUT, null);
    if (inFlight()) {
      cancelInFlight();
    } else {
      free();
      deliverEnd();
    }
  }

  /** What has begun may still complete; nothing is armed again before {@link #resumeIntake}. */
  void pauseIntake() {
    if (inFlight() && !pausing) {
      pausing = true;
      cancelInFlight();
    }
  }

  void resumeIntake() {
    arm();
  }

  /** The request of the subscription before this one has ended, or what else was in the way. */
  void released() {
    arm();
  }

  private void arm() {
    if (inFlight() || ended || cancelled || demand == 0 || backOff != null) {
      return;
    }
    if (stream.isHeld() || !executor().takesIo()) {
      return;
    }
    if (stream.isIntake() && executor().intakeGate().isClosed()) {
      return;
    }
    flags = demand > 1 ? MULTISHOT : 0;
    stream.beforeArm(this);
    pausing = false;
    submit();
    stream.armed();
  }

  @Override
  final void handOver() {
    stream.submit(this);
  }

  @Override
  final void callBack() {
    stream.cancel(this);
  }

  @Override
  void onCompletion(int result, @Nullable Object payload, boolean more) {
    if (result < 0) {
      onFailure(-result, payload);
    } else {
      T element = stream.element(result, payload);
      if (element == null) {
        ended = true;
      } else {
        onElement(element);
      }
    }
    if (more) {
      pauseWithoutDemand();
      return;
    }
    if (cancelled) {
      free();
    } else if (ended) {
      free();
      deliverEnd();
    } else {
      arm();
    }
  }

  /** An element that had been on its way to a subscription before this one. */
  void inherit(T element) {
    onElement(element);
  }

  private void onElement(T element) {
    if (cancelled) {
      stream.afterEnd(element);
    } else if (demand > 0) {
      takeDemand();
      handOn(element);
    } else {
      if (excess == null) {
        excess = new ArrayDeque<>();
      }
      excess.add(stream.keep(element));
    }
  }

  private void takeDemand() {
    if (demand != Long.MAX_VALUE) {
      demand--;
    }
  }

  private void onFailure(int errno, @Nullable Object payload) {
    if (errno == Errno.ECANCELED && (pausing || cancelled)) {
      return;
    }
    switch (stream.verdict(errno)) {
      case RETRY -> {}
      case BACK_OFF -> startBackOff();
      case END -> ended = true;
      case FAIL -> {
        ended = true;
        failure = stream.failure(errno, payload instanceof Throwable cause ? cause : null);
      }
    }
  }

  private void pauseWithoutDemand() {
    if (demand == 0 && !pausing && !cancelled) {
      pausing = true;
      cancelInFlight();
    }
  }

  private void deliverExcess() {
    ArrayDeque<T> waiting = excess;
    while (waiting != null && demand > 0 && !waiting.isEmpty()) {
      takeDemand();
      handOn(waiting.remove());
    }
    deliverEnd();
  }

  /** The end comes after the elements that still wait for demand. */
  private void deliverEnd() {
    if (ended
        && !inFlight()
        && !endDelivered
        && !cancelled
        && (excess == null || excess.isEmpty())) {
      endDelivered = true;
      handOnEnd(failure);
    }
  }

  private void discardExcess() {
    ArrayDeque<T> waiting = excess;
    while (waiting != null && !waiting.isEmpty()) {
      stream.discard(waiting.remove());
    }
  }

  private void free() {
    if (!freed) {
      freed = true;
      stream.unsubscribed(this);
      executor().intakeGate().remove(this);
    }
  }

  private void startBackOff() {
    BackOff pause = new BackOff();
    backOff = pause;
    executor().schedule(pause, BACK_OFF_NANOS);
  }

  private void stopBackOff() {
    if (backOff != null) {
      executor().cancel(backOff);
      backOff = null;
    }
  }

  @Override
  void deliver(ActorCell<?> target) {
    throw new AssertionError(this + ": elements are delivered, not the subscription");
  }

  @Override
  void undelivered() {
    throw new AssertionError(this + ": elements are delivered, not the subscription");
  }

  @Override
  public String toString() {
    return "subscription to " + stream;
  }

  private final class BackOff extends Timer {
    @Override
    void fire() {
      backOff = null;
      arm();
    }
  }
}
