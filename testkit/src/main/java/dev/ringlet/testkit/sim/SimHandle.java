package dev.ringlet.testkit.sim;

import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An open file or socket of one simulated process. The simulation's thread. */
abstract class SimHandle extends IoHandle {
  private final SimDriver driver;

  private final List<SimOperation> inFlight = new ArrayList<>();
  private @Nullable SimOperation closing;
  private boolean closed;

  SimHandle(SimDriver driver) {
    this.driver = driver;
    driver.opened(this);
  }

  /**
   * Executes what the kernel has begun: ends it now or later. Of a handle that is not closed; never
   * CLOSE.
   */
  abstract void execute(SimOperation operation);

  /** Whether a close lets it end by itself instead of cancelling it. */
  boolean outlivesClose(SimOperation operation) {
    return false;
  }

  /**
   * Nothing is in flight any more: gives back what it holds.
   *
   * @param reset what CLOSE_RESET says
   */
  abstract void release(boolean reset);

  /** Whether a close may tell of a failure: of a write that had been put off. */
  boolean closeMayFail() {
    return false;
  }

  final boolean isClosed() {
    return closed || closing != null;
  }

  /** Whether its process or driver is gone: nothing can be done with it any more. */
  final boolean isGone() {
    return closed;
  }

  /** A request names it; takes place before the kernel sees it. */
  final void took(SimOperation operation) {
    inFlight.add(operation);
  }

  final void letGo(SimOperation operation) {
    inFlight.remove(operation);
    closeIfIdle();
  }

  final boolean isIdle() {
    return inFlight.isEmpty();
  }

  /** CLOSE: what is in flight is cancelled and completes first; what comes later is refused. */
  final void close(SimOperation operation) {
    closing = operation;
    for (SimOperation other : List.copyOf(inFlight)) {
      if (other != operation && !other.isQueued() && !outlivesClose(other)) {
        other.cancel();
      }
    }
    closeIfIdle();
  }

  private void closeIfIdle() {
    SimOperation waiting = closing;
    if (waiting == null || closed || inFlight.stream().anyMatch(other -> other != waiting)) {
      return;
    }
    drop((waiting.request.flags & IoRequest.CLOSE_RESET) != 0);
    // It is closed, whatever the kernel says of what it still had to do with it.
    waiting.end(closeMayFail() ? -driver.world().faults().errno(waiting) : 0);
  }

  /** Closes it with its process or its driver: nobody hears of it. */
  final void drop(boolean reset) {
    if (!closed) {
      forget();
      release(reset);
    }
  }

  /** It is closed, and nothing is given back. */
  final void forget() {
    closed = true;
    driver.closed(this);
  }

  final SimDriver driver() {
    return driver;
  }

  /** What descriptors of other processes may name too; null if it cannot be passed to them. */
  @Nullable SimDescription description() {
    return null;
  }
}
