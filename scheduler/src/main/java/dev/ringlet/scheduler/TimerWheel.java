package dev.ringlet.scheduler;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Timers by deadline: constant time to schedule and to cancel, however many wait.
 *
 * <p>A hierarchical wheel (Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1987):
 * eight levels of 256 slots; a tick is 2^16 ns, about 66 µs, or finer where a clock is stepped by
 * hand, and a slot of level k spans 256^k ticks. A timer stands in the level of the highest 8-bit
 * digit in which its deadline differs from the present tick, in the slot of that digit; when the
 * present reaches the slot, the timer moves down or fires. Deadlines are rounded up, so a timer is
 * never early, and late by one tick at most as far as the wheel is concerned. A bit per slot tells
 * which are in use, so the next deadline is found without looking at empty ones.
 *
 * <p>A cancelled timer is only marked; it is taken out when its slot is opened, or by {@link
 * #purge}. Opening and purging do a bounded part of the work at a time, however much there is.
 *
 * <p>Owner executor only.
 */
final class TimerWheel {
  /** Of a clock that runs. */
  static final int TICK_SHIFT = 16;

  /** Of one that is stepped: timers are exact. */
  static final int EXACT_SHIFT = 0;

  private static final int DIGIT_BITS = 8;
  private static final int SLOTS = 1 << DIGIT_BITS;
  private static final int LEVELS = 8;
  private static final int WORDS = SLOTS / Long.SIZE;

  /** Fewer obsolete timers than this are not worth a purge while there is other work. */
  private static final int PURGE_FROM = 1024;

  private final @Nullable TimerSlot[] slots = new TimerSlot[LEVELS * SLOTS];
  private final long[] used = new long[LEVELS * WORDS];
  private final long originNanos;
  private final int tickShift;
  private long presentTick;

  /** Timers in the slots, and how many of them are obsolete. */
  private int entries;

  private int obsolete;

  /** Slots of the present tick are still to be opened. */
  private boolean unfinished;

  private int purgeSlot;

  TimerWheel(long nowNanos) {
    this(nowNanos, TICK_SHIFT);
  }

  TimerWheel(long nowNanos, int tickShift) {
    this.originNanos = nowNanos;
    this.tickShift = tickShift;
  }

  /** How many timers will fire. */
  int count() {
    return entries - obsolete;
  }

  /** Schedules a timer that is not scheduled and was never cancelled. */
  void schedule(Timer timer, long deadlineNanos) {
    timer.scheduled();
    long sinceOrigin = Math.max(0, deadlineNanos - originNanos);
    long tick = (sinceOrigin >>> tickShift) + ((sinceOrigin & ((1 << tickShift) - 1)) == 0 ? 0 : 1);
    entries++;
    insert(timer, Math.max(tick, presentTick + 1));
  }

  /** Has a timer not fire; does nothing if it is not scheduled. */
  void cancel(Timer timer) {
    if (timer.markCancelled()) {
      obsolete++;
    }
  }

  /** Scheduled timers have become obsolete without having been cancelled one by one. */
  void becameObsolete(int count) {
    obsolete += count;
  }

  /**
   * Fires what is due, in the order of the deadlines (in ticks), and in the order of scheduling
   * among equals.
   *
   * @param limit how many timers may be fired or moved; the rest is done by the next call
   * @return how many were
   */
  int advance(long nowNanos, int limit) {
    long target = (nowNanos - originNanos) >>> tickShift;
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
    if (entries == 0) {
      return Long.MAX_VALUE;
    }
    if (unfinished) {
      return 0;
    }
    return Math.max(0, originNanos + (nextEventTick() << tickShift) - nowNanos);
  }

  /** The next tick at which a slot must be opened; after the present. */
  private long nextEventTick() {
    for (int level = 0; level < LEVELS; level++) {
      int shift = level * DIGIT_BITS;
      int digit = (int) (presentTick >>> shift) & (SLOTS - 1);
      int later = nextUsed(level * SLOTS + digit + 1, (level + 1) * SLOTS);
      if (later >= 0) {
        long base = presentTick >>> shift >>> DIGIT_BITS << DIGIT_BITS;
        int slotInLevel = later - level * SLOTS;
        return (base + slotInLevel) << shift;
      }
    }
    return Long.MAX_VALUE >>> tickShift;
  }

  /** The first slot in use of a range, or -1. */
  private int nextUsed(int from, int end) {
    int slot = from;
    while (slot < end) {
      long bits = used[slot / Long.SIZE] & (-1L << slot);
      if (bits != 0) {
        return (slot & -Long.SIZE) + Long.numberOfTrailingZeros(bits);
      }
      slot = (slot & -Long.SIZE) + Long.SIZE;
    }
    return -1;
  }

  /** Opens the slots of the present tick; returns what is left of the budget. */
  private int open(int budget) {
    unfinished = false;
    int left = budget;
    for (int level = LEVELS - 1; level >= 0; level--) {
      int shift = level * DIGIT_BITS;
      int index = level * SLOTS + ((int) (presentTick >>> shift) & (SLOTS - 1));
      TimerSlot slot = slots[index];
      if (slot == null || (presentTick & ((1L << shift) - 1)) != 0) {
        continue;
      }
      while (!slot.isEmpty()) {
        if (left <= 0) {
          unfinished = true;
          return 0;
        }
        left--;
        takeOne(slot);
      }
      markEmpty(index);
    }
    return left;
  }

  private void takeOne(TimerSlot slot) {
    long deadlineTick = slot.headDeadlineTick();
    Timer timer = slot.take();
    if (timer == null) {
      return;
    }
    if (deadlineTick > presentTick) {
      insert(timer, deadlineTick);
      return;
    }
    entries--;
    if (timer.isObsolete()) {
      obsolete--;
    } else {
      timer.due();
      timer.fire();
    }
  }

  private void insert(Timer timer, long deadlineTick) {
    long difference = deadlineTick ^ presentTick;
    int level = Math.min(LEVELS - 1, (63 - Long.numberOfLeadingZeros(difference)) / DIGIT_BITS);
    int digit = (int) (deadlineTick >>> (level * DIGIT_BITS)) & (SLOTS - 1);
    int index = level * SLOTS + digit;
    TimerSlot slot = slots[index];
    if (slot == null) {
      slot = new TimerSlot();
      slots[index] = slot;
    }
    slot.add(timer, deadlineTick);
    used[index / Long.SIZE] |= 1L << index;
  }

  private void markEmpty(int index) {
    used[index / Long.SIZE] &= ~(1L << index);
  }

  /** Shows all timers that will fire. */
  void forEach(Consumer<? super Timer> action) {
    for (TimerSlot slot : slots) {
      if (slot != null) {
        slot.forEach(
            timer -> {
              if (!timer.isObsolete()) {
                action.accept(timer);
              }
            });
      }
    }
  }

  /** The executor ends: no timer will fire. */
  void abandonAll() {
    for (int index = 0; index < slots.length; index++) {
      TimerSlot slot = slots[index];
      while (slot != null && !slot.isEmpty()) {
        Timer timer = slot.take();
        if (timer != null) {
          takenOut(timer);
        }
      }
      markEmpty(index);
    }
  }

  private void takenOut(Timer timer) {
    entries--;
    if (timer.isObsolete()) {
      obsolete--;
    } else {
      timer.due();
      timer.abandoned();
    }
  }

  /**
   * Whether so many timers are obsolete that they should be taken out.
   *
   * @param idle whether there is nothing else to do; obsolete timers would end the park
   */
  boolean wantsPurge(boolean idle) {
    return idle ? obsolete > 0 : obsolete > PURGE_FROM + entries / 2;
  }

  /** Takes obsolete timers out, looking at a bounded number. */
  void purge(int limit) {
    int left = limit;
    while (left > 0 && obsolete > 0) {
      int index = nextUsed(purgeSlot, LEVELS * SLOTS);
      if (index < 0) {
        purgeSlot = 0;
        left--;
        continue;
      }
      purgeSlot = index;
      TimerSlot slot = slots[index];
      assert slot != null;
      int size = slot.purgeable();
      int taken = slot.purge(left);
      entries -= taken;
      obsolete -= taken;
      left -= Math.max(1, Math.min(left, size));
      if (slot.isEmpty()) {
        markEmpty(index);
      }
      if (!slot.isPurging()) {
        purgeSlot = index + 1;
      }
    }
  }
}
