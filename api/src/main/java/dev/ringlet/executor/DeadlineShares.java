package dev.ringlet.executor;

import dev.ringlet.spi.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Shares of a class that does work by deadlines: few while the work is on schedule, more when it
 * falls behind, so that it is done just in time and others have the rest of the core.
 *
 * <p>A work is told with its size and its deadline, and then how much of it is done. A proportional
 * and integral controller compares, every period, what should be done by now with what is done, and
 * moves the shares by the difference. The rule and its constants are those of Glommio's {@code
 * DeadlineQueue} (Kp 850, Ki Kp/6).
 *
 * <pre>{@code
 * var compaction = new DeadlineShares(Duration.ofMillis(250));
 * var background = new PriorityClass("compaction", compaction.shares(), Latency.notImportant());
 * var work = compaction.begin(bytes, Duration.ofMinutes(1));
 * ... work.done(bytesCompacted); ...
 * work.end();
 * }</pre>
 *
 * <p><b>Thread:</b> any thread; the methods take a lock for a moment and are not for each message.
 */
public final class DeadlineShares {
  private static final double PROPORTIONAL = 850;
  private static final double INTEGRAL = PROPORTIONAL / 6;

  /** Less expected work than this says nothing about whether it is on schedule. */
  private static final double LEAST_EXPECTED = 0.01;

  /** So late that nothing else matters. */
  private static final long HOPELESS_NANOS = Duration.ofSeconds(5).toNanos();

  private final Ticker ticker;
  private final Duration period;
  private final Shares shares;

  // Guarded by this.
  private final ArrayDeque<Work> works = new ArrayDeque<>();
  private long lastStepNanos;
  private long lastDeadlineNanos;
  private int least = 1;
  private double present = 1;
  private double lastError;

  /**
   * A controller without work; its shares are 1.
   *
   * @param period the time between adjustments; more than zero
   */
  public DeadlineShares(Duration period) {
    this(period, Ticker.SYSTEM);
  }

  /**
   * A controller with a clock of its own, for tests.
   *
   * @param period the time between adjustments; more than zero
   * @param ticker the clock
   */
  public DeadlineShares(Duration period, Ticker ticker) {
    this.period = period;
    this.ticker = ticker;
    this.shares = Shares.dynamic(this::adjust, period);
    this.lastStepNanos = ticker.nanos();
    this.lastDeadlineNanos = lastStepNanos;
  }

  /**
   * The shares, for a {@link PriorityClass}.
   *
   * @return dynamic shares, always the same object
   */
  public Shares shares() {
    return shares;
  }

  /**
   * Tells of work.
   *
   * @param size how much it is, in units of the caller's choice; zero or more
   * @param duration when it is to be done, from now; more than zero, and not before the work that
   *     was told of last
   * @return the way to tell how far it is
   * @throws IllegalArgumentException if the deadline is before that of other work
   */
  public synchronized Work begin(long size, Duration duration) {
    if (size < 0) {
      throw new IllegalArgumentException("size: " + size + "; give zero or more");
    }
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException("duration: " + duration + "; give more than zero");
    }
    long now = ticker.nanos();
    long deadline = now + duration.toNanos();
    if (!works.isEmpty() && deadline - lastDeadlineNanos < 0) {
      throw new IllegalArgumentException(
          "duration: "
              + duration
              + "; other work is due "
              + Duration.ofNanos(lastDeadlineNanos - deadline)
              + " later and began before; give a deadline that is not earlier");
    }
    lastDeadlineNanos = deadline;
    Work work = new Work(size, now, duration.toNanos());
    works.add(work);
    return work;
  }

  /**
   * Keeps the shares from falling below a number, for instance while somebody waits for the work.
   *
   * @param shares 1 to 1000; 1 takes it back
   */
  public synchronized void atLeast(int shares) {
    if (shares < 1 || shares > Shares.MAX) {
      throw new IllegalArgumentException("shares: " + shares + "; give 1 to " + Shares.MAX);
    }
    least = shares;
    present = Math.max(present, least);
  }

  private synchronized int adjust() {
    long now = ticker.nanos();
    if (now - lastStepNanos >= period.toNanos()) {
      lastStepNanos = now;
      step(now);
    }
    return (int) Math.round(present);
  }

  private void step(long now) {
    double expected = 0;
    double done = 0;
    for (Work work : works) {
      if (now - work.startNanos - work.durationNanos > HOPELESS_NANOS) {
        present = Shares.MAX;
        return;
      }
      expected += work.size * Math.min(1, (double) (now - work.startNanos) / work.durationNanos);
      done += Math.min(work.done, work.size);
    }
    if (works.isEmpty()) {
      present = least;
      lastError = 0;
    } else if (expected >= LEAST_EXPECTED) {
      double error = Math.max(-1, 1 - done / expected);
      double moved = present + INTEGRAL * error + PROPORTIONAL * (error - lastError);
      lastError = error;
      present = Math.max(least, Math.min(Shares.MAX, moved));
    }
  }

  /** Work with a deadline. <b>Thread:</b> any thread. */
  public final class Work {
    private final long size;
    private final long startNanos;
    private final long durationNanos;
    private long done;

    private Work(long size, long startNanos, long durationNanos) {
      this.size = size;
      this.startNanos = startNanos;
      this.durationNanos = durationNanos;
    }

    /**
     * Tells of progress.
     *
     * @param units how much more is done; more than the size in sum does no harm
     */
    public void done(long units) {
      if (units < 0) {
        throw new IllegalArgumentException("units: " + units + "; give zero or more");
      }
      synchronized (DeadlineShares.this) {
        done += units;
      }
    }

    /** The work is done, or given up; a second call does nothing. */
    public void end() {
      synchronized (DeadlineShares.this) {
        works.remove(this);
      }
    }
  }
}
