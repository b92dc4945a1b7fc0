package dev.ringlet.reactive;

import org.jspecify.annotations.Nullable;

/**
 * How a stream has ended. Immutable.
 *
 * @param failure null if regularly
 * @param atOnce whether subscribers hear of it before the elements that they have not taken
 */
record StreamEnd(@Nullable Throwable failure, boolean atOnce) {
  /** Behind the elements. */
  static StreamEnd of(@Nullable Throwable failure) {
    return new StreamEnd(failure, false);
  }

  /** In the place of the elements that wait. */
  static StreamEnd atOnce(Throwable failure) {
    return new StreamEnd(failure, true);
  }

  /** Does nothing if the subscription has ended. */
  void signal(ActorSubscription<?> subscription) {
    if (failure == null) {
      subscription.complete();
    } else {
      subscription.fail(failure);
    }
  }
}
