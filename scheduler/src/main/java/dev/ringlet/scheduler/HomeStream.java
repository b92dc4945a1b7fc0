package dev.ringlet.scheduler;

import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.IoSubscription;

/**
 * A stream that actors of one executor can subscribe to. Owner executor only, but for {@link
 * #executor} and {@link #discard}.
 */
abstract class HomeStream<T> implements IoStream<T> {
  private final CoreExecutor executor;

  HomeStream(CoreExecutor executor) {
    this.executor = executor;
  }

  /** A stream of this runtime; refuses others. */
  static <T> HomeStream<T> own(IoStream<T> source) {
    if (source instanceof HomeStream<T> stream) {
      return stream;
    }
    throw new IllegalArgumentException(
        "source: " + source + " was not made by this runtime; take it from a file or a socket");
  }

  @Override
  public final ActorExecutor executor() {
    return executor;
  }

  final CoreExecutor home() {
    return executor;
  }

  /** Starts a subscription, without demand yet. */
  final IoSubscription subscribe(ActorCell<?> cell, Outlet<? super T> outlet) {
    if (cell.executor() != executor) {
      throw new IllegalStateException(
          this
              + " belongs to executor "
              + executor.index()
              + ", the actor "
              + cell.path()
              + " to executor "
              + cell.executor().index()
              + "; subscribe from an actor of the stream's executor");
    }
    return open(cell, outlet);
  }

  /** As {@link #subscribe}; the cell is of this executor. */
  abstract IoSubscription open(ActorCell<?> cell, Outlet<? super T> outlet);

  /**
   * How many elements whoever cuts them up may have here or asked for: more than one, so that a
   * receive stays armed.
   */
  int takenAhead() {
    return 4;
  }

  /**
   * Makes an element fit to wait without demand, for nobody knows how long: what is scarce is given
   * back to the driver.
   */
  T keep(T element) {
    return element;
  }

  /**
   * A copy of what was received, which is released; or that itself if there is no memory. The
   * executor's receive buffers are for all its sockets; there are more output buffers, as a rule.
   *
   * @param origin what the copy is leased for
   */
  final IoBuffer copy(IoBuffer received, Object origin) {
    IoBuffer copy = executor.buffers().tryAcquire(Math.max(1, received.readableBytes()), origin);
    if (copy == null) {
      return received;
    }
    copy.write(received.readable());
    received.release();
    return copy;
  }
}
