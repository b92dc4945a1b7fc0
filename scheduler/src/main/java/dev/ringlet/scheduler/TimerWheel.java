package dev.ringlet.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Timers by deadline: constant time to schedule and to cancel, however many wait.
 *
 * <p>A hierarchical wheel (Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1987):
 * seven levels of 256 slots; a tick is 2^16 ns, about 66 µs, and a slot of level k spans 256^k
 * ticks. A timer stands in the level of the highest 8-bit digit in which its deadline differs from
 * the present tick, in the slot of that digit; when the present reaches the slot, the timer moves
 * down or fires. Deadlines are rounded up, so a timer is never early, and late by one tick at most
 * as far as the wheel is concerned. A bit per slot tells which are in use, so the next deadline is
 * found without looking at empty ones. However many are due at once, a call does a bounded part of
 * the work. Owner executor only.
 */
final class TimerWheel {
  private static final int TICK_SHIFT = 16;
  private static final int DIGIT_BITS = 8;
  private static final int SLOTS = 1 << DIGIT_BITS;
  private static final int LEVELS = 7;
  private static final int WORDS = SLOTS / Long.SIZE;

  /** A timer; linked into at most one slot. It may stand in a mailbox itself when it is due. */
  abstract static class Timer extends Envelope {
    private long deadlineTick;
    private @Nullable Timer next;
    private @Nullable Timer previous;
    private int slot = -1;

    /** Runs on the owner when the deadline has passed; no user code. */
    abstract void fire();

    @Override
    void deliver(ActorCell<?> cell) throws Exception {
      throw new AssertionError(this + " is not for mailboxes");
    }

    @Override
    void undelivered(ActorCell<?> cell) {
      // A timer ends with its actor.
    }

    final boolean isScheduled() {
      return slot >= 0;
    }
  }

  private final @Nullable Timer[] firsts = new Timer[LEVELS * SLOTS];
  private final @Nullable Timer[] lasts = new Timer[LEVELS * SLOTS];
  private final long[] used = new long[LEVELS * WORDS];
  private final long originNanos;
  private long presentTick;
  private int count;

  /** Slots of the present tick are still to be opened. */
  private boolean unfinished;

  TimerWheel(long nowNanos) {
    this.originNanos = nowNanos;
  }

  int count() {
    return count;
  }

  /** Schedules a timer that is not scheduled. */
  void schedule(Timer timer, long deadlineNanos) {
    assert !timer.isScheduled();
    long sinceOrigin = Math.max(0, deadlineNanos - originNanos);
    long tick =
        (sinceOrigin >>> TICK_SHIFT) + ((sinceOrigin & ((1 << TICK_SHIFT) - 1)) == 0 ? 0 : 1);
    timer.deadlineTick = Math.max(tick, presentTick + 1);
    insert(timer);
    count++;
  }

  /** Takes a timer out; does nothing if it is not scheduled. */
  void cancel(Timer timer) {
    if (timer.isScheduled()) {
      unlink(timer);
      count--;
    }
  }

  /**
   * Fires what is due, in the order of the deadlines (in ticks), and in the order of scheduling
   * among equals.
   *
   * @param limit how many timers may be fired or moved; the rest is done by the next call
   * @return how many were
   */
  int advance(long nowNanos, int limit) {
    long target = (nowNanos - originNanos) >>> TICK_SHIFT;
    if (presentTick >= target && !unfinished) {
      return 0;
    }
    int budget = unfinished ? open(limit) : limit;
    while (presentTick < target && !unfinished) {
      long due = nextEventTick();
      if (due > target) {
        presentTick = target;
        break;
      }
      presentTick = due;
      budget = open(budget);
    }
    return limit - budget;
  }

  /**
   * How long until the next timer may be due.
   *
   * @return nanoseconds, 0 if due now, {@link Long#MAX_VALUE} if there is none
   */
  long nanosToNext(long nowNanos) {
    if (count == 0) {
      return Long.MAX_VALUE;
    }
    if (unfinished) {
      return 0;
    }
    return Math.max(0, originNanos + (nextEventTick() << TICK_SHIFT) - nowNanos);
  }

  /** The next tick at which a slot must be opened; after the present. */
  private long nextEventTick() {
    for (int level = 0; level < LEVELS; level++) {
      int shift = level * DIGIT_BITS;
      int digit = (int) (presentTick >>> shift) & (SLOTS - 1);
      int later = nextUsed(level, digit + 1);
      if (later < SLOTS) {
        long base = presentTick >>> shift >>> DIGIT_BITS << DIGIT_BITS;
        return (base + later) << shift;
      }
    }
    return Long.MAX_VALUE >>> TICK_SHIFT;
  }

  /** The first slot of a level that is in use, from a digit on; {@link #SLOTS} if there is none. */
  private int nextUsed(int level, int from) {
    for (int word = from / Long.SIZE; word < WORDS; word++) {
      long bits = used[level * WORDS + word];
      if (word == from / Long.SIZE) {
        bits &= -1L << from;
      }
      if (bits != 0) {
        return word * Long.SIZE + Long.numberOfTrailingZeros(bits);
      }
    }
    return SLOTS;
  }

  /** Opens the slots of the present tick; returns what is left of the budget. */
  private int open(int budget) {
    unfinished = false;
    int left = budget;
    for (int level = LEVELS - 1; level >= 0; level--) {
      int shift = level * DIGIT_BITS;
      if ((presentTick & ((1L << shift) - 1)) != 0) {
        continue;
      }
      int slot = level * SLOTS + ((int) (presentTick >>> shift) & (SLOTS - 1));
      for (Timer timer = firsts[slot]; timer != null; timer = firsts[slot]) {
        if (left <= 0) {
          unfinished = true;
          return 0;
        }
        left--;
        unlink(timer);
        if (timer.deadlineTick > presentTick) {
          insert(timer);
        } else {
          count--;
          timer.fire();
        }
      }
    }
    return left;
  }

  private void insert(Timer timer) {
    long difference = timer.deadlineTick ^ presentTick;
    int level = Math.min(LEVELS - 1, (63 - Long.numberOfLeadingZeros(difference)) / DIGIT_BITS);
    int digit = (int) (timer.deadlineTick >>> (level * DIGIT_BITS)) & (SLOTS - 1);
    int slot = level * SLOTS + digit;
    Timer last = lasts[slot];
    timer.slot = slot;
    timer.previous = last;
    if (last == null) {
      firsts[slot] = timer;
    } else {
      last.next = timer;
    }
    lasts[slot] = timer;
    used[slot / Long.SIZE] |= 1L << slot;
  }

  private void unlink(Timer timer) {
    Timer next = timer.next;
    Timer previous = timer.previous;
    int slot = timer.slot;
    if (next == null) {
      lasts[slot] = previous;
    } else {
      next.previous = previous;
    }
    if (previous == null) {
      firsts[slot] = next;
      if (next == null) {
        used[slot / Long.SIZE] &= ~(1L << slot);
      }
    } else {
      previous.next = next;
    }
    timer.slot = -1;
    timer.next = null;
    timer.previous = null;
  }
}
