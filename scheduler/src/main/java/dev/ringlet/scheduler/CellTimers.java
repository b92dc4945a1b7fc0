package dev.ringlet.scheduler;

import dev.ringlet.actor.Timers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The timers of one actor. Owner executor only. */
final class CellTimers<M> implements Timers<M> {
  private final ActorCell<M> cell;
  private final Map<Object, KeyedTimer> timers = new HashMap<>();

  CellTimers(ActorCell<M> cell) {
    this.cell = cell;
  }

  @Override
  public void once(Object key, Duration delay, M message) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay: " + delay + "; give zero or more");
    }
    start(new KeyedTimer(key, message, Nanos.of(delay), false));
  }

  @Override
  public void fixedDelay(Object key, Duration interval, M message) {
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("interval: " + interval + "; give more than zero");
    }
    start(new KeyedTimer(key, message, Nanos.of(interval), true));
  }

  private void start(KeyedTimer timer) {
    cell.checkLiving("Timers");
    KeyedTimer replaced = timers.put(timer.key, timer);
    if (replaced != null) {
      cell.executor().cancel(replaced);
    }
    cell.executor().schedule(timer, timer.delayNanos);
  }

  @Override
  public void cancel(Object key) {
    cell.checkTurn("Timers.cancel");
    KeyedTimer timer = timers.remove(key);
    if (timer != null) {
      cell.executor().cancel(timer);
    }
  }

  void cancelAll() {
    timers.values().forEach(cell.executor()::cancel);
    timers.clear();
  }

  private final class KeyedTimer extends TimerWheel.Timer {
    private final Object key;
    private final Object message;
    private final long delayNanos;
    private final boolean repeats;
    private final Tick tick = new Tick(this);

    KeyedTimer(Object key, Object message, long delayNanos, boolean repeats) {
      this.key = Objects.requireNonNull(key, "key");
      this.message = Objects.requireNonNull(message, "message");
      this.delayNanos = delayNanos;
      this.repeats = repeats;
    }

    @Override
    void fire() {
      cell.enqueue(tick);
    }

    private boolean isCurrent() {
      return timers.get(key) == this;
    }

    private void deliver() throws Exception {
      if (!isCurrent()) {
        return;
      }
      if (!repeats) {
        timers.remove(key);
      }
      try {
        cell.receiveAdapted(message);
      } finally {
        if (repeats && isCurrent()) {
          cell.executor().schedule(this, delayNanos);
        }
      }
    }
  }

  /** A due timer on its way through the mailbox; there once at most, so one object serves. */
  private static final class Tick extends Envelope {
    private final CellTimers<?>.KeyedTimer timer;

    Tick(CellTimers<?>.KeyedTimer timer) {
      this.timer = timer;
    }

    @Override
    void deliver(ActorCell<?> cell) throws Exception {
      timer.deliver();
    }

    @Override
    void undelivered(ActorCell<?> cell) {
      // A timer ends with its actor.
    }
  }
}
