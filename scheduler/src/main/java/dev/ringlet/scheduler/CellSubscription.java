package dev.ringlet.scheduler;

import dev.ringlet.actor.DeadLetter.Reason;
import dev.ringlet.io.IoException;
import org.jspecify.annotations.Nullable;

/** A stream whose elements come in turns of an actor, and that ends with it. */
final class CellSubscription<T> extends Subscription<T> {
  private final ActorCell<?> cell;
  private final Outlet<? super T> outlet;

  CellSubscription(
      CoreExecutor executor, StreamSource<T> stream, ActorCell<?> cell, Outlet<? super T> outlet) {
    super(executor, stream);
    this.cell = cell;
    this.outlet = outlet;
    attach(cell);
  }

  @Override
  void checkTurn(String method) {
    cell.checkTurn(method);
  }

  @Override
  boolean isWanted() {
    return outlet.isAwaited();
  }

  @Override
  void handOn(T element) {
    cell.enqueue(new Element<>(this, element));
  }

  @Override
  void handOnEnd(@Nullable IoException cause) {
    cell.enqueue(new End(this, cause));
  }

  private static final class Element<T> extends Envelope {
    private final CellSubscription<T> subscription;
    private final T value;

    Element(CellSubscription<T> subscription, T value) {
      this.subscription = subscription;
      this.value = value;
    }

    @Override
    void deliver(ActorCell<?> cell) throws Exception {
      if (subscription.isCancelled()) {
        subscription.stream().discard(value);
      } else {
        subscription.outlet.element(cell, value);
      }
    }

    @Override
    void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender) {
      subscription.stream().discard(value);
    }
  }

  private static final class End extends Envelope {
    private final CellSubscription<?> subscription;
    private final @Nullable IoException cause;

    End(CellSubscription<?> subscription, @Nullable IoException cause) {
      this.subscription = subscription;
      this.cause = cause;
    }

    @Override
    void deliver(ActorCell<?> cell) throws Exception {
      if (subscription.isCancelled()) {
        return;
      }
      subscription.end();
      subscription.outlet.end(cell, cause);
    }

    @Override
    void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender) {
      // The cell's stop has ended the subscription; there is nothing to give back.
    }
  }
}
