package dev.ringlet.scheduler;

import dev.ringlet.actor.TimerHandle;
import dev.ringlet.actor.Timers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The timers of one actor. Owner executor only. */
final class CellTimers<M> implements Timers<M> {
  private final ActorCell<M> cell;

  /** Those with a key; made with the first. */
  private @Nullable Map<Object, CellTimer> byKey;

  /** How many are in the wheel. */
  private int waiting;

  /** Timers of an earlier life, before a restart, do not tick. */
  private int life;

  CellTimers(ActorCell<M> cell) {
    this.cell = cell;
  }

  @Override
  public void once(Object key, Duration delay, M message) {
    start(Objects.requireNonNull(key, "key"), delay(delay), Repeat.NEVER, message);
  }

  @Override
  public TimerHandle once(Duration delay, M message) {
    return start(null, delay(delay), Repeat.NEVER, message);
  }

  @Override
  public void fixedDelay(Object key, Duration interval, M message) {
    start(Objects.requireNonNull(key, "key"), interval(interval), Repeat.AFTER_TICK, message);
  }

  @Override
  public void fixedRate(Object key, Duration interval, M message) {
    start(Objects.requireNonNull(key, "key"), interval(interval), Repeat.AT_RATE, message);
  }

  private static long delay(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay: " + delay + "; give zero or more");
    }
    return Nanos.of(delay);
  }

  private static long interval(Duration interval) {
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("interval: " + interval + "; give more than zero");
    }
    return Nanos.of(interval);
  }

  private CellTimer start(@Nullable Object key, long nanos, Repeat repeat, M message) {
    cell.checkLiving("Timers");
    CellTimer timer =
        new CellTimer(this, key, nanos, repeat, Objects.requireNonNull(message, "message"));
    if (key != null) {
      replace(key, timer);
    }
    timer.deadlineNanos = cell.executor().schedule(timer, nanos);
    waits(timer);
    return timer;
  }

  private void waits(CellTimer timer) {
    timer.inWheel = true;
    waiting++;
  }

  private void fired(CellTimer timer) {
    timer.inWheel = false;
    waiting--;
    cell.enqueue(timer);
  }

  private void replace(Object key, CellTimer timer) {
    if (byKey == null) {
      byKey = new HashMap<>();
    }
    CellTimer replaced = byKey.put(key, timer);
    if (replaced != null) {
      end(replaced);
    }
  }

  @Override
  public void cancel(Object key) {
    cell.checkTurn("Timers.cancel");
    CellTimer timer = byKey == null ? null : byKey.remove(key);
    if (timer != null) {
      end(timer);
    }
  }

  private boolean cancel(CellTimer timer) {
    cell.checkTurn("TimerHandle.cancel");
    if (timer.message == null || timer.life != life) {
      return false;
    }
    end(timer);
    return true;
  }

  void cancelAll() {
    byKey = null;
    life++;
    cell.executor().timersBecameObsolete(waiting);
    waiting = 0;
  }

  private void end(CellTimer timer) {
    timer.message = null;
    if (timer.inWheel) {
      timer.inWheel = false;
      waiting--;
    }
    cell.executor().cancel(timer);
  }

  private void deliver(CellTimer timer) throws Exception {
    Object message = timer.message;
    if (message == null || timer.life != life) {
      return;
    }
    if (timer.repeat == Repeat.NEVER) {
      if (timer.key != null && byKey != null) {
        byKey.remove(timer.key);
      }
      end(timer);
    }
    try {
      cell.receiveAdapted(message);
    } finally {
      if (timer.message != null && timer.life == life) {
        again(timer);
      }
    }
  }

  private void again(CellTimer timer) {
    if (timer.repeat == Repeat.AT_RATE) {
      timer.deadlineNanos += timer.nanos;
      cell.executor().scheduleAt(timer, timer.deadlineNanos);
    } else {
      timer.deadlineNanos = cell.executor().schedule(timer, timer.nanos);
    }
    waits(timer);
  }

  private enum Repeat {
    NEVER,
    AFTER_TICK,
    AT_RATE
  }

  /** Waits in the wheel, then in the mailbox; in one of them at most, so one object serves. */
  private static final class CellTimer extends Timer implements TimerHandle {
    private final CellTimers<?> owner;
    private final @Nullable Object key;
    private final long nanos;
    private final Repeat repeat;
    private long deadlineNanos;

    /** Null when it has ended. */
    private @Nullable Object message;

    private final int life;
    private boolean inWheel;

    CellTimer(
        CellTimers<?> owner, @Nullable Object key, long nanos, Repeat repeat, Object message) {
      this.owner = owner;
      this.key = key;
      this.nanos = nanos;
      this.repeat = repeat;
      this.message = message;
      this.life = owner.life;
    }

    @Override
    boolean isObsolete() {
      return super.isObsolete() || life != owner.life;
    }

    @Override
    void fire() {
      owner.fired(this);
    }

    @Override
    void deliver(ActorCell<?> cell) throws Exception {
      owner.deliver(this);
    }

    @Override
    public boolean cancel() {
      return owner.cancel(this);
    }
  }
}
