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
    start(new CellTimer(this, Objects.requireNonNull(key, "key"), message), delay(delay));
  }

  @Override
  public TimerHandle once(Duration delay, M message) {
    return start(new CellTimer(this, null, message), delay(delay));
  }

  @Override
  public void fixedDelay(Object key, Duration interval, M message) {
    long nanos = interval(interval);
    start(new Repeating(this, Objects.requireNonNull(key, "key"), message, nanos, false), nanos);
  }

  @Override
  public void fixedRate(Object key, Duration interval, M message) {
    long nanos = interval(interval);
    start(new Repeating(this, Objects.requireNonNull(key, "key"), message, nanos, true), nanos);
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

  private CellTimer start(CellTimer timer, long nanos) {
    cell.checkLiving("Timers");
    if (timer.key != null) {
      replace(timer.key, timer);
    }
    if (nanos == 0) {
      cell.enqueue(timer);
    } else {
      waiting++;
      timer.scheduledFor(cell.executor().schedule(timer, nanos));
    }
    return timer;
  }

  private void fired(CellTimer timer) {
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
    if (timer.isWaiting()) {
      waiting--;
    }
    cell.executor().cancel(timer);
  }

  private void deliver(CellTimer timer) throws Exception {
    Object message = timer.message;
    if (message == null || timer.life != life) {
      return;
    }
    boolean repeats = timer instanceof Repeating;
    if (!repeats) {
      if (timer.key != null && byKey != null) {
        byKey.remove(timer.key);
      }
      timer.message = null;
    }
    try {
      cell.receiveAdapted(message);
    } finally {
      if (repeats && timer.message != null && timer.life == life) {
        waiting++;
        ((Repeating) timer).again();
      }
    }
  }

  /** Waits in the wheel, then in the mailbox; in one of them at most, so one object serves. */
  private static class CellTimer extends Timer implements TimerHandle {
    final CellTimers<?> owner;
    private final @Nullable Object key;
    private final int life;

    /** Null when it has ended. */
    private @Nullable Object message;

    CellTimer(CellTimers<?> owner, @Nullable Object key, Object message) {
      this.owner = owner;
      this.key = key;
      this.message = Objects.requireNonNull(message, "message");
      this.life = owner.life;
    }

    /** The deadline of the first tick. */
    void scheduledFor(long deadlineNanos) {}

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

  private static final class Repeating extends CellTimer {
    private final long intervalNanos;
    private final boolean atRate;
    private long deadlineNanos;

    Repeating(CellTimers<?> owner, Object key, Object message, long intervalNanos, boolean atRate) {
      super(owner, key, message);
      this.intervalNanos = intervalNanos;
      this.atRate = atRate;
    }

    @Override
    void scheduledFor(long firstDeadlineNanos) {
      deadlineNanos = firstDeadlineNanos;
    }

    void again() {
      CoreExecutor executor = owner.cell.executor();
      if (atRate) {
        deadlineNanos += intervalNanos;
        executor.scheduleAt(this, deadlineNanos);
      } else {
        executor.schedule(this, intervalNanos);
      }
    }
  }
}
