package dev.ringlet.reactive;

import dev.ringlet.executor.ActorExecutor;
import java.util.Objects;

/** The sink of one subscriber; stays the same when its actor is restarted. Owner executor. */
final class SourceSink<T> implements Sink<T> {
  private final ActorSubscription<T> subscription;
  private final ActorExecutor executor;
  private long demand;

  SourceSink(ActorSubscription<T> subscription, ActorExecutor executor) {
    this.subscription = subscription;
    this.executor = executor;
  }

  /** Allows more elements; gives how many the actor may signal in all. */
  long grant(long count) {
    demand = Demand.saturatedSum(demand, count);
    return demand;
  }

  @Override
  public boolean next(T element) {
    checkOwner("next");
    Objects.requireNonNull(element, "element");
    if (subscription.isClosed()) {
      return false;
    }
    if (demand == 0) {
      throw new IllegalStateException(
          "demand: 0; the subscriber has not asked for this element: keep it until the next request,"
              + " and look at sink.demand() before each sink.next()");
    }
    if (demand != Long.MAX_VALUE) {
      demand--;
    }
    return subscription.next(element);
  }

  @Override
  public void complete() {
    checkOwner("complete");
    subscription.complete();
  }

  @Override
  public void fail(Throwable failure) {
    checkOwner("fail");
    subscription.fail(Objects.requireNonNull(failure, "failure"));
  }

  @Override
  public long demand() {
    checkOwner("demand");
    return subscription.isClosed() ? 0 : demand;
  }

  private void checkOwner(String method) {
    if (!executor.isCurrent()) {
      throw new IllegalStateException(
          "sink."
              + method
              + " on thread "
              + Thread.currentThread().getName()
              + "; only the source actor may call it: send the actor a message, or hand it the stage"
              + " by context.pipe");
    }
  }
}
