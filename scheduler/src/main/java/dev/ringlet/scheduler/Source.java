package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.IoRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request that someone waits for: one operation or one subscription. It stands in the list of the
 * cell that owns it, so that the cell's end ends it too. Owner executor only.
 */
abstract class Source extends IoRequest {
  private final CoreExecutor executor;
  private @Nullable ActorCell<?> owner;
  private @Nullable Source previous;
  private @Nullable Source next;
  private boolean inFlight;

  Source(CoreExecutor executor) {
    this.executor = executor;
  }

  final CoreExecutor executor() {
    return executor;
  }

  /** The cell that it ends with; null if there is none. */
  final @Nullable ActorCell<?> owner() {
    return owner;
  }

  final boolean inFlight() {
    return inFlight;
  }

  final void attach(ActorCell<?> cell) {
    assert owner == null;
    owner = cell;
    Source first = cell.extras().firstSource;
    next = first;
    if (first != null) {
      first.previous = this;
    }
    cell.extras().firstSource = this;
    cell.queue().sourcesChanged(1);
  }

  final @Nullable Source next() {
    return next;
  }

  final void detach() {
    ActorCell<?> cell = owner;
    if (cell == null) {
      return;
    }
    owner = null;
    cell.queue().sourcesChanged(-1);
    Source after = next;
    Source before = previous;
    if (after != null) {
      after.previous = before;
    }
    if (before != null) {
      before.next = after;
    } else {
      cell.extras().firstSource = after;
    }
    next = null;
    previous = null;
  }

  /** Sees to it that the driver gets the request, now or when its turn has come. */
  void submit() {
    toDriver();
  }

  final void toDriver() {
    if (inFlight) {
      throw new IllegalStateException(this + ": submitted twice");
    }
    inFlight = true;
    try {
      handOver();
    } catch (RuntimeException refused) {
      inFlight = false;
      throw refused;
    }
  }

  final void cancelInFlight() {
    if (inFlight && executor.hasDriver()) {
      callBack();
    }
  }

  /** Gives the request to whoever completes it, see {@link #completed}: the driver. */
  void handOver() {
    executor.ioDriver().submit(this);
  }

  /** Asks whoever has the request to complete it early. */
  void callBack() {
    executor.ioDriver().cancel(this);
  }

  /**
   * Gives back what the kernel is done with. A buffer that its user has released besides is the
   * user's mistake, and no reason for the executor to end.
   */
  final void releaseBuffer() {
    IoBuffer used = buffer;
    buffer = null;
    if (used != null) {
      release(used);
    }
  }

  /** The same for the request's many. */
  final void releaseBuffers() {
    IoBuffer[] used = buffers;
    buffers = NO_BUFFERS;
    for (IoBuffer each : used) {
      release(each);
    }
  }

  private void release(IoBuffer used) {
    try {
      used.release();
    } catch (IllegalStateException twice) {
      executor.system().failures().record(toString(), twice);
    }
  }

  /** From the driver's sink, or from whoever else has taken the request. */
  final void completed(int result, @Nullable Object payload, boolean more) {
    if (!inFlight) {
      throw new IllegalStateException(this + ": completed twice");
    }
    inFlight = more;
    onCompletion(result, payload, more);
    if (!inFlight) {
      leftDriver();
    }
  }

  /** One completion; may submit again unless {@code more}. No user code. */
  abstract void onCompletion(int result, @Nullable Object payload, boolean more);

  /** The driver has let go of it, and it was not submitted again. */
  void leftDriver() {}

  /** The owning cell stops or restarts: end, deliver nothing any more, give back what comes. */
  abstract void abandon();

  /** In a turn of the owner cell: hands the outcome to user code. */
  abstract void deliver(ActorCell<?> cell) throws Exception;

  /** The cell has stopped before {@link #deliver}: gives the value back. */
  abstract void undelivered();
}
