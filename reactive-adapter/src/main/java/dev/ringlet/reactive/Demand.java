package dev.ringlet.reactive;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What a subscriber has asked for and the actor has not taken yet, and how far the subscription has
 * come. Any thread, but for {@link #take}.
 *
 * <pre>
 * state       value   goes to                  by
 * NEW         below   0                        actor, with onSubscribe
 *                     ENDED                    who finds that the actor cannot start
 * nothing     0       more                     request: the actor must be woken
 *                     CANCELLED, VIOLATED      subscriber: the actor must be woken
 *                     ENDED                    actor, with a terminal signal
 * more        over 0  more                     request: the actor knows already
 *                     0                        actor, by take
 *                     CANCELLED, VIOLATED      subscriber: the actor knows already
 *                     ENDED                    actor, with a terminal signal
 * CANCELLED, VIOLATED, ENDED                   final
 * </pre>
 *
 * So there is a message on its way to the actor exactly while the value is over 0, and once more
 * after it has become final.
 */
final class Demand {
  /** The subscriber has cancelled, or has failed. */
  static final long CANCELLED = -1;

  /** The subscriber has broken a rule and is to be told. */
  static final long VIOLATED = -2;

  /** A terminal signal was given. */
  static final long ENDED = -3;

  private static final long NEW = -4;

  private final AtomicLong state = new AtomicLong(NEW);

  /** Opens it once; false if that was done before, or it has ended before it began. */
  boolean open() {
    return state.compareAndSet(NEW, 0);
  }

  /** Ends it instead of opening it; false if it was opened before. */
  boolean refuse() {
    return state.compareAndSet(NEW, ENDED);
  }

  boolean isClosed() {
    return state.get() < 0;
  }

  /** Adds up to no limit (rule 3.17); true if the actor must be woken. */
  boolean add(long count) {
    long before;
    do {
      before = state.get();
      if (before < 0) {
        return false;
      }
    } while (!state.compareAndSet(before, saturatedSum(before, count)));
    return before == 0;
  }

  /** Closes it for good, once; true if the actor must be woken. */
  boolean close(long reason) {
    long before;
    do {
      before = state.get();
      if (before < 0) {
        return false;
      }
    } while (!state.compareAndSet(before, reason));
    return before == 0;
  }

  /** Takes all that was asked for, or tells why there is nothing to take any more. Actor only. */
  long take() {
    long before;
    do {
      before = state.get();
    } while (before > 0 && !state.compareAndSet(before, 0));
    return before;
  }

  static long saturatedSum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
