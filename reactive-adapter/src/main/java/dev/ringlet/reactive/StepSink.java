package dev.ringlet.reactive;

import dev.ringlet.executor.ActorExecutor;

/**
 * The sink of one step after the other, each of which gives one element or ends. Owner executor.
 */
final class StepSink<T> implements Sink<T> {
  private final ActorSubscription<T> subscription;
  private final SourceSink<T> sink;

  /** The step has given its element, or none is on. */
  private boolean given = true;

  StepSink(ActorSubscription<T> subscription, ActorExecutor executor) {
    this.subscription = subscription;
    this.sink = new SourceSink<>(subscription, executor);
  }

  void grant(long count) {
    sink.grant(count);
  }

  void beginStep() {
    given = false;
  }

  /**
   * Ends a step that has returned.
   *
   * @throws IllegalStateException if it has done nothing, and would do so for ever
   */
  void endStep() {
    if (!given && !subscription.isClosed()) {
      throw new IllegalStateException(
          "the step has returned without an element and without an end; call sink.next once, or"
              + " sink.complete or sink.fail, in each step");
    }
    given = true;
  }

  @Override
  public boolean next(T element) {
    if (given && !subscription.isClosed()) {
      throw refused();
    }
    given = true; // also for what the subscriber does within
    return sink.next(element);
  }

  /** The subscriber hears of it even if the step catches it. */
  private IllegalStateException refused() {
    IllegalStateException failure =
        new IllegalStateException(
            "sink.next a second time in one step, or outside of a step; give the next element in the"
                + " next step");
    fail(failure);
    return failure;
  }

  @Override
  public void complete() {
    sink.complete();
  }

  @Override
  public void fail(Throwable failure) {
    sink.fail(failure);
  }

  @Override
  public long demand() {
    return sink.demand();
  }
}
