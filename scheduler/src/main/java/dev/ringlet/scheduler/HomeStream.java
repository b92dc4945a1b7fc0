package dev.ringlet.scheduler;

import dev.ringlet.executor.ActorExecutor;
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
   * Makes an element fit to wait without demand, for nobody knows how long: what is scarce is given
   * back to the driver.
   */
  T keep(T element) {
    return element;
  }
}
