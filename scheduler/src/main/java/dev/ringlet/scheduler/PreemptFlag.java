package dev.ringlet.scheduler;

import dev.ringlet.spi.Ticker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Answers {@code needPreempt()} in a few nanoseconds.
 *
 * <p>The answer is yes when the time slice is over, or when a more urgent class waits for the core.
 * Both are found out by a look, which costs a clock and, where latency classes exist, takes in what
 * came since the slice began. A look is made when another thread wants one, and else every {@code
 * stride} calls; the stride follows the measured time between calls, so that one look comes about
 * every {@link #LOOK_NANOS}: callers that poll every 10 ns pay the clock once in 64 calls, callers
 * that poll every 20 µs pay it each time and hardly notice.
 *
 * <p>{@link SteppedPreemptFlag} is loaded where systems are stepped only, so that elsewhere the
 * compiler knows that nothing is overridden.
 */
class PreemptFlag {
  /** About how long a more urgent class waits for callers that poll often. */
  static final long LOOK_NANOS = 8_000;

  private static final int MAX_STRIDE = 64;
  private static final int ACTIVATION_STRIDE = 8;

  /** Test mode: every question is answered with yes, so that every yield point is exercised. */
  private static final boolean ALWAYS = "always".equals(System.getProperty("ringlet.preempt"));

  private static final VarHandle LOOK_WANTED;

  static {
    try {
      LOOK_WANTED =
          MethodHandles.lookup().findVarHandle(PreemptFlag.class, "lookWanted", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What is looked for. */
  @FunctionalInterface
  interface Lookout {
    /**
     * Takes in what came since the slice began: messages, completions, due timers. No user code.
     *
     * @return whether the core should go to a more urgent class now
     */
    boolean urgentWaits(long nowNanos);
  }

  private final Ticker ticker;
  private final Lookout lookout;

  /** Calls until the next look. */
  private int countdown;

  /** Calls from the last look to the next. */
  private int stride = 1;

  private long lastLookNanos;
  private long sliceEndNanos;

  /** Whether a look takes in work although nobody asked for it. */
  private boolean watching;

  /** The slice is to end; looks say so until the next one begins. */
  private boolean preempted;

  /** Set by any thread (opaque), cleared by the owner before it drains its inbox. */
  @SuppressWarnings("unused") // through LOOK_WANTED
  private boolean lookWanted;

  PreemptFlag(Ticker ticker, Lookout lookout) {
    this.ticker = ticker;
    this.lookout = lookout;
  }

  /**
   * Any thread, after it has added to the inbox: something came that may not wait for the end of
   * the slice. A store that is seen late costs a part of a slice, never a message.
   */
  void request() {
    if (!(boolean) LOOK_WANTED.getOpaque(this)) {
      LOOK_WANTED.setOpaque(this, true);
    }
  }

  /** Owner: forgets requests; must come before the inbox is drained, or a request is lost. */
  void clear() {
    LOOK_WANTED.setOpaque(this, false);
    VarHandle.fullFence();
  }

  /**
   * Owner: a slice begins.
   *
   * @param watch whether more urgent classes may get work while it runs
   * @param lastStride what {@link #stride} was at the end of the last slice of this class
   */
  void arm(long nowNanos, long endNanos, boolean watch, int lastStride) {
    lastLookNanos = nowNanos;
    sliceEndNanos = endNanos;
    watching = watch;
    preempted = false;
    stride = Math.min(lastStride, ACTIVATION_STRIDE);
    countdown = stride;
  }

  /** Owner: how many calls there are between looks. */
  int stride() {
    return stride;
  }

  /** Owner: the time, read between slices. */
  void now(long nowNanos) {
    lastLookNanos = nowNanos;
  }

  /** Owner: another actor begins. */
  void activation() {
    if (countdown > ACTIVATION_STRIDE) {
      stride -= countdown - ACTIVATION_STRIDE;
      countdown = ACTIVATION_STRIDE;
    }
  }

  /** Owner: the slice ends at this time, if it would have ended later. */
  void shorten(long endNanos) {
    if (endNanos - sliceEndNanos < 0) {
      sliceEndNanos = endNanos;
    }
  }

  /** Owner: the time when the clock was last read; behind by a look at most. */
  long lastLookNanos() {
    return lastLookNanos;
  }

  /** Owner: whether the slice was ended from outside. */
  boolean preempted() {
    return ALWAYS || preempted;
  }

  /** Owner: whether the slice ends between two activations. */
  boolean endsHere() {
    return preempted();
  }

  /** Owner: whether the time of the slice is over. */
  boolean isOver(long nowNanos) {
    return nowNanos - sliceEndNanos >= 0;
  }

  /** Owner. */
  boolean needPreempt() {
    if (--countdown > 0 && !(boolean) LOOK_WANTED.getOpaque(this) && !ALWAYS) {
      return false;
    }
    return look();
  }

  /** Owner: the answer, found out now. */
  final boolean look() {
    if (ALWAYS || preempted) {
      countdown = 0;
      return true;
    }
    boolean wanted = (boolean) LOOK_WANTED.getOpaque(this);
    if (wanted) {
      clear();
    }
    long now = ticker.nanos();
    int calls = stride - Math.max(0, countdown);
    long perCall = (now - lastLookNanos) / Math.max(1, calls);
    stride =
        perCall <= 0 ? MAX_STRIDE : (int) Math.max(1, Math.min(MAX_STRIDE, LOOK_NANOS / perCall));
    countdown = stride;
    lastLookNanos = now;
    preempted = isOver(now) || ((wanted || watching) && lookout.urgentWaits(now));
    if (preempted) {
      countdown = 0;
    }
    return preempted;
  }
}
