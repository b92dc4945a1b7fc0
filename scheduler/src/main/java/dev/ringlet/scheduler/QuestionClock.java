package dev.ringlet.scheduler;

import dev.ringlet.spi.Ticker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the time of questions that are asked by threads which are no executor's, and so have no
 * wheel of their own. It is not the asked executor's wheel, because that one stands still while an
 * actor there blocks.
 *
 * <p>An asker pushes its question on a stack and goes on: no lock, no object. The clock's thread,
 * which is started with the first question, takes the stack every {@value #LOOK_MILLIS} ms while
 * questions come, drops what is settled by then, which is nearly all, and puts the rest into a
 * wheel. It is woken earlier only for a deadline that would be missed. Without questions it sleeps.
 * In a system that is stepped there is no thread, and whoever steps does its work.
 *
 * <p>Any thread, but for what is marked.
 */
final class QuestionClock implements Runnable {
  static final int LOOK_MILLIS = 10;

  private static final long LOOK_NANOS = Duration.ofMillis(LOOK_MILLIS).toNanos();

  /** How long settled questions may stay in the wheel while no new ones come. */
  private static final long SWEEP_NANOS = Duration.ofSeconds(1).toNanos();

  private static final long END_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int BATCH = 4096;

  /** {@link #wakesAt} while the thread is going to look at the stacks anyway. */
  private static final long AWAKE = -1;

  private static final VarHandle NEW;
  private static final VarHandle OBSOLETE;
  private static final VarHandle WAKES_AT;
  private static final VarHandle THREAD;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      NEW = lookup.findVarHandle(QuestionClock.class, "newOnes", Object.class);
      OBSOLETE = lookup.findVarHandle(QuestionClock.class, "obsolete", OutsideQuestion.class);
      WAKES_AT = lookup.findVarHandle(QuestionClock.class, "wakesAt", long.class);
      THREAD = lookup.findVarHandle(QuestionClock.class, "thread", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** On top of the stack when no question is taken any more. */
  private static final Object CLOSED = new Object();

  private final String name;
  private final boolean stepped;
  private final Ticker ticker;
  private final long originNanos;

  /** Stack of questions that the thread has not seen; {@link #CLOSED} after the end. */
  private volatile @Nullable Object newOnes;

  /** Stack of questions in the wheel that are settled. */
  private volatile @Nullable OutsideQuestion obsolete;

  /**
   * When the thread looks at the stack next, since the origin. It is written before the last look
   * ahead of a park; an asker reads it after its push: one of them sees the other.
   */
  private volatile long wakesAt = AWAKE;

  private volatile @Nullable Thread thread;

  /** Of whoever steps; made with the first question. */
  private @Nullable TimerWheel steppedWheel;

  QuestionClock(String systemName, Ticker ticker, boolean stepped) {
    this.name = "ringlet-" + systemName + "-questions";
    this.stepped = stepped;
    this.ticker = ticker;
    this.originNanos = ticker.nanos();
  }

  long nanos() {
    return ticker.nanos();
  }

  /** Takes a question before it is sent. When the system has ended, sending it will fail. */
  void start(OutsideQuestion question) {
    Object top;
    do {
      top = newOnes;
      if (top == CLOSED) {
        return;
      }
      question.next = (OutsideQuestion) top;
    } while (!NEW.compareAndSet(this, top, question));
    long wakes = wakesAt;
    if (thread == null) {
      startThread();
    } else if (question.deadlineNanos() - originNanos < wakes
        && WAKES_AT.compareAndSet(this, wakes, AWAKE)) {
      LockSupport.unpark(thread);
    }
  }

  private void startThread() {
    if (stepped) {
      return;
    }
    Thread made = new ClockThread(this, name);
    made.setDaemon(true);
    if (THREAD.compareAndSet(this, null, made)) {
      try {
        made.start();
      } catch (OutOfMemoryError noThread) {
        thread = null;
        throw noThread;
      }
    }
  }

  private static final class ClockThread extends Thread {
    ClockThread(Runnable clock, String name) {
      super(clock, name);
    }
  }

  /** Throws on the thread of a clock, where it would stop the time of all other questions. */
  static void checkMayBlock(String what) {
    if (Thread.currentThread() instanceof ClockThread) {
      throw new IllegalStateException(
          what
              + " would block the thread that times questions out; go on from the stage"
              + " asynchronously, for instance with handleAsync");
    }
  }

  /** A question that stands in the wheel is settled. */
  void forget(OutsideQuestion question) {
    OutsideQuestion top;
    do {
      top = obsolete;
      question.next = top;
    } while (!OBSOLETE.compareAndSet(this, top, question));
  }

  /** Ends the thread; what is not settled fails. */
  void close() {
    Object top = NEW.getAndSet(this, CLOSED);
    if (top != CLOSED) {
      for (OutsideQuestion left = (OutsideQuestion) top; left != null; left = left.next) {
        left.abandoned();
      }
    }
    if (steppedWheel != null) {
      end(steppedWheel);
    }
    Thread started = thread;
    if (started != null && started != Thread.currentThread()) {
      LockSupport.unpark(started);
      var unused = Threads.join(started, END_NANOS);
    }
  }

  @Override
  public void run() {
    TimerWheel wheel = new TimerWheel(ticker.nanos());
    while (newOnes != CLOSED) {
      boolean active = takeNew(wheel);
      takeObsolete(wheel);
      while (wheel.advance(ticker.nanos(), BATCH) == BATCH) {}
      purge(wheel, !active);
      park(wheel, active);
    }
    end(wheel);
  }

  private static void purge(TimerWheel wheel, boolean idle) {
    while (wheel.wantsPurge(idle)) {
      wheel.purge(BATCH);
    }
  }

  private void end(TimerWheel wheel) {
    takeObsolete(wheel);
    wheel.abandonAll();
  }

  /** Whoever steps, outside of all turns: ends questions that are due; whether there were any. */
  boolean step() {
    TimerWheel wheel = wheelAtRest();
    return wheel != null && wheel.advance(ticker.nanos(), BATCH) > 0;
  }

  /** Whoever steps: how long until a question may be due; {@link Long#MAX_VALUE} if none will. */
  long nanosToNext() {
    TimerWheel wheel = wheelAtRest();
    return wheel == null ? Long.MAX_VALUE : wheel.nanosToNext(ticker.nanos());
  }

  /** Whoever steps: shows the questions that are open. */
  void forEach(Consumer<? super Timer> action) {
    TimerWheel wheel = wheelAtRest();
    if (wheel != null) {
      wheel.forEach(action);
    }
  }

  /** With all that was asked and not answered, and nothing else; null if nothing ever was. */
  private @Nullable TimerWheel wheelAtRest() {
    TimerWheel wheel = steppedWheel;
    if (wheel == null) {
      if (newOnes == null || newOnes == CLOSED) {
        return null;
      }
      wheel = new TimerWheel(originNanos, TimerWheel.EXACT_SHIFT);
      steppedWheel = wheel;
    }
    var unused = takeNew(wheel);
    takeObsolete(wheel);
    purge(wheel, true);
    return wheel;
  }

  private boolean takeNew(TimerWheel wheel) {
    Object top = newOnes;
    while (top != CLOSED && !NEW.compareAndSet(this, top, null)) {
      top = newOnes;
    }
    if (top == null || top == CLOSED) {
      return false;
    }
    OutsideQuestion question = (OutsideQuestion) top;
    while (question != null) {
      OutsideQuestion after = question.next;
      question.next = null;
      if (question.keep()) {
        wheel.schedule(question, question.deadlineNanos());
      }
      question = after;
    }
    return true;
  }

  private void takeObsolete(TimerWheel wheel) {
    OutsideQuestion question = (OutsideQuestion) OBSOLETE.getAndSet(this, null);
    while (question != null) {
      OutsideQuestion after = question.next;
      question.next = null;
      wheel.cancel(question);
      question = after;
    }
  }

  private void park(TimerWheel wheel, boolean active) {
    long now = ticker.nanos();
    long longest = active ? LOOK_NANOS : wheel.count() > 0 ? SWEEP_NANOS : Long.MAX_VALUE;
    long pause = Math.min(longest, wheel.nanosToNext(now));
    long since = now - originNanos;
    wakesAt = pause < Long.MAX_VALUE - since ? since + pause : Long.MAX_VALUE;
    if (newOnes == null) {
      LockSupport.parkNanos(this, pause);
    }
    wakesAt = AWAKE;
  }
}
