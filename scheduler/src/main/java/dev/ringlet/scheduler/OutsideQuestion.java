package dev.ringlet.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A question of a thread that is no executor's; its time is kept by the system's {@link
 * QuestionClock}.
 *
 * <pre>
 * from    to       by
 * ASKED   KEPT     the clock, when it finds it on its stack: it is in the wheel now
 * ASKED   SETTLED  whoever settles it first; the clock will drop it
 * KEPT    SETTLED  whoever settles it first, who tells the clock; or the clock, when time is over
 * </pre>
 */
final class OutsideQuestion extends Question {
  private static final int ASKED = 0;
  private static final int KEPT = 1;
  private static final int SETTLED = 2;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(OutsideQuestion.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final QuestionClock clock;
  private final long deadlineNanos;

  @SuppressWarnings("unused") // through STATE
  private volatile int state;

  /** Link of the clock's stacks; whoever has put it there, then the clock. */
  @Nullable OutsideQuestion next;

  <M> OutsideQuestion(Recipient<M> target, M message, Asker asker, long timeoutNanos) {
    super(target, message, asker, timeoutNanos, null);
    this.clock = target.system().questionClock();
    this.deadlineNanos = clock.nanos() + timeoutNanos;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  @Override
  void startTime() {
    clock.start(this);
  }

  /** The clock takes it into its wheel; false if that is not needed any more. */
  boolean keep() {
    return STATE.compareAndSet(this, ASKED, KEPT);
  }

  @Override
  void settled() {
    if ((int) STATE.getAndSet(this, SETTLED) == KEPT) {
      clock.forget(this);
    }
  }

  @Override
  void fire() {
    STATE.setVolatile(this, SETTLED);
    super.fire();
  }

  @Override
  void abandoned() {
    STATE.setVolatile(this, SETTLED);
    super.abandoned();
  }
}
