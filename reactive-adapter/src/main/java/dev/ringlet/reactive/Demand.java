package dev.ringlet.reactive;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What a subscriber has asked for and the actor has not taken yet, and how far the subscription has
 * come. Any thread, but for {@link #take}.
 *
 * <pre>
 * state       value   goes to                  by
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
 * after it has become final. Before the actor has started that message is the start itself: one
 * more than was asked for is counted until then.
 */
final class Demand {
  /** The subscriber has cancelled, or has failed. */
  static final long CANCELLED = -1;

  /** The subscriber has broken a rule and is to be told. */
  static final long VIOLATED = -2;

  /** A terminal signal was given. */
  static final long ENDED = -3;

  private static final long UNSTARTED = 1;

  private final AtomicLong state = new AtomicLong(UNSTARTED);

  /** The actor has started, once; true if it must be woken for what has come before. */
  boolean start() {
    long before;
    long left;
    do {
      before = state.get();
      if (before < 0) {
        return true;
      }
      left = before == Long.MAX_VALUE ? before : before - UNSTARTED;
    } while (!state.compareAndSet(before, left));
    return left > 0;
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
