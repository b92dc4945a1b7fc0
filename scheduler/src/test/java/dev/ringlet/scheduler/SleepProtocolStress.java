package dev.ringlet.scheduler;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.ringlet.spi.Ticker;
import java.util.Queue;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The orders that must not happen between an executor that goes to sleep and those that send to it;
 * run by {@link SleepProtocolTest}.
 */
public final class SleepProtocolStress {
  private static final Object MESSAGE = new Object();

  private SleepProtocolStress() {}

  private static Queue<Object> inbox() {
    return new MpscUnboundedAtomicArrayQueue<>(2);
  }

  /** The owner parks, a sender sends: one of them must notice the other. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "the message sleeps with its executor")
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the owner has found the message")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the sender wakes the owner")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both; the wake-up ends a later park")
  @State
  public static class Park {
    private final ParkGate gate = new ParkGate();
    private final Queue<Object> inbox = inbox();

    /** The owner. */
    @Actor
    public void owner(II_Result result) {
      gate.close();
      result.r1 = inbox.isEmpty() ? 0 : 1;
    }

    /** Another thread. */
    @Actor
    public void sender(II_Result result) {
      inbox.offer(MESSAGE);
      result.r2 = gate.afterSend() == ParkGate.Duty.WAKE ? 1 : 0;
    }
  }

  /** Two send to one that parks: it is woken, and once. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "woken by the first")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "woken by the second")
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "both messages sleep with their executor")
  @Outcome(id = "1, 1", expect = FORBIDDEN, desc = "two system calls for one park")
  @State
  public static class TwoSenders {
    private final ParkGate gate = new ParkGate();
    private final Queue<Object> inbox = inbox();

    /** The owner sleeps already. */
    public TwoSenders() {
      gate.close();
    }

    /** Another thread. */
    @Actor
    public void first(II_Result result) {
      inbox.offer(MESSAGE);
      result.r1 = gate.afterSend() == ParkGate.Duty.WAKE ? 1 : 0;
    }

    /** And another. */
    @Actor
    public void second(II_Result result) {
      inbox.offer(MESSAGE);
      result.r2 = gate.afterSend() == ParkGate.Duty.WAKE ? 1 : 0;
    }
  }

  /** The owner ends, a sender sends: one of them must see to the message. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "the message is lost")
  @Outcome(expect = ACCEPTABLE, desc = "refused by the owner, the sender, or whoever is first")
  @State
  public static class End {
    private final ParkGate gate = new ParkGate();
    private final Queue<Object> inbox = inbox();

    /** The owner. */
    @Actor
    public void owner(II_Result result) {
      gate.end();
      result.r1 = inbox.isEmpty() ? 0 : 1;
    }

    /** Another thread. */
    @Actor
    public void sender(II_Result result) {
      inbox.offer(MESSAGE);
      result.r2 = gate.afterSend() == ParkGate.Duty.REFUSE ? 1 : 0;
    }
  }

  /** The owner forgets requests and drains, a sender sends and requests a look. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "neither drained nor looked for")
  @Outcome(expect = ACCEPTABLE, desc = "drained, or the next look drains")
  @State
  public static class Look {
    private final PreemptFlag flag = new PreemptFlag(Ticker.SYSTEM, now -> true);
    private final Queue<Object> inbox = inbox();

    /** The owner. */
    @Actor
    public void owner(II_Result result) {
      flag.clear();
      result.r1 = inbox.poll() == null ? 0 : 1;
    }

    /** Another thread. */
    @Actor
    public void sender() {
      inbox.offer(MESSAGE);
      flag.request();
    }

    /** When both are done: whether the next question looks. */
    @Arbiter
    public void next(II_Result result) {
      flag.arm(0, Long.MAX_VALUE / 2, false, 1);
      result.r2 = flag.needPreempt() ? 1 : 0;
    }
  }
}
