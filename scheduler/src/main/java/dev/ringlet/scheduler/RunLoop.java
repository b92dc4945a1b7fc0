package dev.ringlet.scheduler;

import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.Ticker;
import java.lang.System.Logger.Level;
import java.util.Queue;
import org.jctools.queues.MessagePassingQueue;
import org.jspecify.annotations.Nullable;

/**
 * What an executor does all day. A turn, in this order: what other threads sent, completions, due
 * timers, task queues until preempted or none is runnable, submissions; a turn in which nothing was
 * runnable ends with spinning or parking instead.
 */
final class RunLoop {
  private static final System.Logger LOG = System.getLogger(RunLoop.class.getName());

  /** So that a flood from other threads cannot keep completions and timers out. */
  private static final int DRAIN_LIMIT = 4096;

  private final CoreExecutor executor;
  private final TaskQueueScheduler scheduler;
  private final TimerWheel wheel;
  private final MessagePassingQueue<Command> inbox;
  private final ParkGate gate;
  private final IoDriver driver;
  private final PreemptFlag preempt;
  private final ExecutorCounters counters;
  private final Ticker ticker;
  private final int throughput;
  private final long spinNanos;

  private boolean ending;
  private boolean died;

  /** When the present spell of idleness began; only while {@link #idling}. */
  private long idleSinceNanos;

  private boolean idling;

  <Q extends Queue<Command> & MessagePassingQueue<Command>> RunLoop(
      CoreExecutor executor,
      TaskQueueScheduler scheduler,
      TimerWheel wheel,
      Q inbox,
      ParkGate gate,
      ExecutorPool pool) {
    this.executor = executor;
    this.scheduler = scheduler;
    this.wheel = wheel;
    this.inbox = inbox;
    this.gate = gate;
    this.driver = executor.ioDriver();
    this.preempt = executor.preempt();
    this.counters = executor.counters();
    this.ticker = executor.ticker();
    this.throughput = pool.throughput();
    this.spinNanos = pool.spinNanos();
  }

  void run() {
    try {
      while (!ending) {
        turn();
      }
    } catch (Throwable fatal) {
      died = true;
      LOG.log(Level.ERROR, executor + " dies, its actors with it; the system closes", fatal);
      executor.system().executorDied();
      throw fatal;
    } finally {
      shutDown();
    }
  }

  /** Owner. */
  void end() {
    ending = true;
  }

  private void turn() {
    counters.turns.add(1);
    // An interrupt is nobody's way to talk to an executor; left set, it would end every park, and
    // NIO would close the next channel it comes across.
    Thread.interrupted();
    preempt.clear();
    drainInbox();
    driver.poll(executor.sink());
    long now = ticker.nanos();
    wheel.advance(now);
    if (scheduler.hasRunnable()) {
      idling = false;
      runQueues(now);
      driver.flush();
    } else if (!ending && (spinNanos == 0 || !spin(now))) {
      park(now);
    }
  }

  /** A sender between claim and store is waited for in a later turn, not here. */
  private void drainInbox() {
    int count = 0;
    for (; count < DRAIN_LIMIT; count++) {
      Command command = inbox.relaxedPoll();
      if (command == null) {
        break;
      }
      command.run(executor);
    }
    if (count > 0) {
      counters.remoteMessages.add(count);
    }
  }

  /** At least one actor runs, also if preemption is asked for before anything has run. */
  private void runQueues(long now) {
    preempt.arm(now, scheduler.sliceNanos());
    long start = now;
    do {
      TaskQueue queue = scheduler.pick();
      runSlice(queue);
      long end = ticker.nanos();
      scheduler.ran(queue, end - start);
      start = end;
    } while (scheduler.hasRunnable() && !preempt.needPreempt());
  }

  private void runSlice(TaskQueue queue) {
    preempt.watchCompletions(scheduler.hasLatencyClass() && !queue.urgent());
    int handled = 0;
    do {
      Task task = queue.remove();
      executor.setRunning(task);
      handled += task.activate(throughput, preempt);
    } while (!queue.isEmpty() && !preempt.needPreempt());
    executor.setRunning(null);
    counters.messages.add(handled);
  }

  private boolean spin(long now) {
    if (!idling) {
      idling = true;
      idleSinceNanos = now;
    }
    if (now - idleSinceNanos >= spinNanos) {
      return false;
    }
    driver.flush();
    Thread.onSpinWait();
    return true;
  }

  private void park(long now) {
    idling = false;
    gate.close();
    if (inbox.isEmpty()) {
      counters.parks.add(1);
      driver.park(wheel.nanosToNext(now));
    }
    gate.open();
  }

  /**
   * Nothing is left in flight and nothing is lost silently: operations that were waited for are
   * told, what was on its way to actors becomes dead letters.
   */
  private void shutDown() {
    try {
      executor.closeDriver();
      if (!died) {
        runRest();
      }
      executor.leaveBehind();
    } catch (Throwable failure) {
      LOG.log(Level.ERROR, executor + ": its end failed", failure);
    } finally {
      gate.end();
      refuseInbox();
      executor.ended();
    }
  }

  /** Stages that the end of the driver has settled, and what was sent before the end. */
  private void runRest() {
    for (int turns = 0; turns < DRAIN_LIMIT; turns++) {
      preempt.clear();
      drainInbox();
      if (!scheduler.hasRunnable()) {
        return;
      }
      runQueues(ticker.nanos());
    }
    LOG.log(Level.WARNING, "{0}: actors that never rest were left behind", executor);
  }

  /**
   * The executor has ended: whoever comes here first empties the inbox. Who hears of a refusal may
   * be user code, so it hears outside the lock. Any thread.
   */
  void refuseInbox() {
    for (Command command = takeLeft(); command != null; command = takeLeft()) {
      command.refused(executor);
    }
  }

  private @Nullable Command takeLeft() {
    synchronized (inbox) {
      return inbox.poll();
    }
  }
}
