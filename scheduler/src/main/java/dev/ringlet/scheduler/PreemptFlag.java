package dev.ringlet.scheduler;

import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.Ticker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Answers {@code needPreempt()} in a few nanoseconds.
 *
 * <p>The answer is yes when another thread has asked for the core, when the time slice is over, or
 * when completions wait that a more urgent class may be interested in. The first is a flag read
 * with every call. The clock and the driver are looked at only every {@code stride} calls; the
 * stride follows the measured time between calls, so that one look comes about every {@link
 * #LOOK_NANOS}: callers that poll every 10 ns pay the clock once in 64 calls, callers that poll
 * every 20 µs pay it each time and hardly notice.
 */
final class PreemptFlag {
  private static final long LOOK_NANOS = 8_000;
  private static final int MAX_STRIDE = 64;
  private static final int ACTIVATION_STRIDE = 8;

  /** Test mode: every question is answered with yes, so that every yield point is exercised. */
  private static final boolean ALWAYS = "always".equals(System.getProperty("ringlet.preempt"));

  private static final VarHandle REQUESTED;

  static {
    try {
      REQUESTED =
          MethodHandles.lookup().findVarHandle(PreemptFlag.class, "requested", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final IoDriver driver;
  private final Ticker ticker;

  /** Calls until the next look. */
  private int countdown;

  /** Calls from the last look to the next. */
  private int stride = 1;

  private long lastLookNanos;
  private long sliceEndNanos;
  private boolean watchesCompletions;

  /** Set by any thread (opaque), cleared by the owner when a turn begins to drain its inbox. */
  @SuppressWarnings("unused") // through REQUESTED
  private boolean requested;

  PreemptFlag(IoDriver driver, Ticker ticker) {
    this.driver = driver;
    this.ticker = ticker;
  }

  /** Any thread: the running slice should end. A missed store costs at most the rest of a slice. */
  void request() {
    if (!(boolean) REQUESTED.getOpaque(this)) {
      REQUESTED.setOpaque(this, true);
    }
  }

  /** Owner: forgets requests; must come before the inbox is drained, or a request is lost. */
  void clear() {
    REQUESTED.setOpaque(this, false);
    VarHandle.fullFence();
  }

  /** Owner: the time slice of this turn. */
  void arm(long nowNanos, long sliceNanos) {
    lastLookNanos = nowNanos;
    sliceEndNanos = nowNanos + sliceNanos;
    stride = 1;
    countdown = 1;
  }

  /** Owner: another actor begins. */
  void activation() {
    if (countdown > ACTIVATION_STRIDE) {
      stride -= countdown - ACTIVATION_STRIDE;
      countdown = ACTIVATION_STRIDE;
    }
  }

  /** Owner: whether completions that wait may concern a class more urgent than the running one. */
  void watchCompletions(boolean watch) {
    watchesCompletions = watch;
  }

  /** Owner: a more urgent class has become runnable; the slice ends within its bound. */
  void shorten(long boundNanos) {
    long end = lastLookNanos + boundNanos;
    if (end - sliceEndNanos < 0) {
      sliceEndNanos = end;
    }
  }

  /** Owner. */
  boolean needPreempt() {
    if (ALWAYS || (boolean) REQUESTED.getOpaque(this)) {
      return true;
    }
    return --countdown <= 0 && look();
  }

  private boolean look() {
    long now = ticker.nanos();
    long perCall = (now - lastLookNanos) / stride;
    stride =
        perCall <= 0 ? MAX_STRIDE : (int) Math.max(1, Math.min(MAX_STRIDE, LOOK_NANOS / perCall));
    countdown = stride;
    lastLookNanos = now;
    if (now - sliceEndNanos >= 0 || (watchesCompletions && driver.completionsPending())) {
      REQUESTED.setOpaque(this, true);
      return true;
    }
    return false;
  }
}
