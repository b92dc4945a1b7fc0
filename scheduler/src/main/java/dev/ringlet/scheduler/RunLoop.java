package dev.ringlet.scheduler;

import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.Ticker;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
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

  private static final int TIMER_LIMIT = 4096;

  /** The same within a slice, where time goes to the account of whoever runs. */
  private static final int LOOK_LIMIT = 256;

  /**
   * How long a driver that cannot tell whether completions wait, because it would have to enter the
   * kernel, is left alone while a less urgent class runs.
   */
  private static final long POLL_NANOS = 50_000;

  /**
   * A park takes about 10 µs of the CPU, so timers that are due one right after the other share
   * one: a park for a timer lasts at least this long, or as long as the tightest latency class
   * allows. A tenth of the lateness that is promised for timers of an idle executor.
   */
  private static final long LEAST_PARK_NANOS = 125_000;

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
  private final Spin spin;

  private final boolean stepped;
  private final List<Task> ran = new ArrayList<>();

  /** Whether the last pass has taken anything in, for whomever. */
  private boolean tookIn;

  private boolean ending;
  private boolean died;

  /** Whose slice it is, or null between slices. */
  private @Nullable TaskQueue running;

  private long sliceStartNanos;
  private long lastPollNanos;

  <Q extends Queue<Command> & MessagePassingQueue<Command>> RunLoop(
      CoreExecutor executor,
      TaskQueueScheduler scheduler,
      TimerWheel wheel,
      Q inbox,
      ParkGate gate,
      ExecutorPool pool,
      long spinNanos) {
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
    this.spin = new Spin(spinNanos);
    this.stepped = executor.system().stepping() != null;
  }

  void run() {
    try {
      while (!ending) {
        turn();
      }
    } catch (Throwable fatal) {
      died = true;
      try {
        LOG.log(Level.ERROR, executor + " dies, its actors with it; the system closes", fatal);
      } finally {
        executor.system().executorDied(executor, fatal);
      }
      throw fatal;
    } finally {
      shutDown();
    }
  }

  TimerWheel wheel() {
    return wheel;
  }

  /** Whose turns the last {@link #step} was, in order. */
  List<String> ran() {
    return ran.stream().map(Task::toString).toList();
  }

  /** Owner. */
  void end() {
    ending = true;
  }

  /** Owner: the queue that runs is passed over once. */
  void endSlice() {
    TaskQueue queue = running;
    if (queue != null) {
      queue.yielded = true;
    }
  }

  /** One pass; does not return while there is nothing to do. */
  private void turn() {
    long now = ticker.nanos();
    if (!work(now) && !ending && !spin(now)) {
      park(now);
    }
  }

  /**
   * One pass without waiting: for executors that are stepped. After a pass that has found nothing
   * it counts as parked, and senders wake the driver as they would; it just does not wait.
   *
   * @return whether there was something to do, or is now
   */
  boolean step() {
    ran.clear();
    if (gate.hasEnded()) {
      return false;
    }
    boolean parked = gate.isClosed();
    gate.open();
    boolean ran = work(ticker.nanos());
    if (!ran) {
      // What completions have led to goes to the kernel, as with a park.
      driver.flush();
    }
    if (ran || tookIn || driver.completionsPending()) {
      return true;
    }
    if (!parked) {
      counters.parks.add(1);
    }
    gate.close();
    return !inbox.isEmpty();
  }

  /** Takes work in and does it; returns whether there was any. */
  private boolean work(long now) {
    counters.turns.add(1);
    // An interrupt is nobody's way to talk to an executor; left set, it would end every park, and
    // NIO would close the next channel it comes across.
    Thread.interrupted();
    preempt.clear();
    preempt.now(now);
    lastPollNanos = now;
    int taken = drainInbox(DRAIN_LIMIT) + driver.poll(executor.sink());
    int fired = wheel.advance(now, TIMER_LIMIT);
    executor.intakeGate().look(scheduler.backlog());
    boolean runnable = scheduler.hasRunnable();
    if (runnable) {
      spin.found(now, taken > 0);
      // What it took to take work in is nobody's slice.
      runQueues(taken + fired == 0 ? now : ticker.nanos());
      driver.flush();
    }
    counters.timers.add(wheel.count() - counters.timers.get());
    tookIn = taken + fired > 0;
    return purge(!runnable) || runnable;
  }

  /** Returns whether obsolete timers were taken out, which would else have ended the park. */
  private boolean purge(boolean idle) {
    boolean purges = wheel.wantsPurge(idle);
    if (purges) {
      wheel.purge(TIMER_LIMIT);
    }
    return purges;
  }

  /** When the driver was polled last. */
  long polledNanos() {
    return lastPollNanos;
  }

  /** A sender between claim and store is waited for in a later turn, not here. */
  private int drainInbox(int limit) {
    int count = 0;
    for (; count < limit; count++) {
      Command command = inbox.relaxedPoll();
      if (command == null) {
        break;
      }
      command.run(executor);
    }
    if (count > 0) {
      counters.remoteMessages.add(count);
    }
    return count;
  }

  /**
   * At least one actor runs, also if the core is wanted before anything has run. The turn ends with
   * a slice after which others have sent something, so that no message waits longer than a slice. A
   * step ends with its first slice; in that the clock may have stood still, but it is not for free.
   */
  private void runQueues(long now) {
    long turnEnd = now + scheduler.turnNanos();
    long start = now;
    do {
      TaskQueue queue = scheduler.pick(start);
      long sliceEnd = scheduler.sliceEndNanos(queue, start);
      running = queue;
      sliceStartNanos = start;
      preempt.arm(
          start,
          turnEnd - sliceEnd < 0 ? turnEnd : sliceEnd,
          scheduler.watchesWhile(queue),
          queue.lookStride);
      runSlice(queue);
      queue.lookStride = preempt.stride();
      long end = ticker.nanos();
      preempt.now(end);
      scheduler.ran(queue, stepped ? Math.max(1, end - start) : end - start, end);
      if (queue.urgent()) {
        // What it has asked of the kernel does not wait for a less urgent slice.
        driver.flush();
      }
      start = end;
    } while (!stepped
        && scheduler.hasRunnable()
        && !preempt.preempted()
        && start - turnEnd < 0
        && (start - now < PreemptFlag.LOOK_NANOS || !scheduler.hasLatencyQueues())
        && inbox.isEmpty());
    running = null;
  }

  private void runSlice(TaskQueue queue) {
    int handled = 0;
    do {
      Task task = queue.remove();
      executor.setRunning(task);
      if (stepped) {
        ran.add(task);
      }
      handled += task.activate(throughput, preempt);
    } while (!queue.isEmpty() && !queue.yielded && !preempt.endsHere());
    executor.setRunning(null);
    if (executor.isWatched()) {
      executor.handles(null);
    }
    counters.messages.add(handled);
    if (preempt.preempted() && !queue.isEmpty()) {
      queue.preemptions.add(1);
    }
  }

  /**
   * From a look in the middle of a slice: takes in what came, so that it is known for whom it is.
   * What is for classes that are not more urgent than the running one waits without disturbing it.
   */
  boolean urgentWaits(long now) {
    TaskQueue queue = running;
    if (queue == null) {
      return false;
    }
    Task turn = executor.running();
    // What comes in is none of its doing.
    executor.setRunning(null);
    drainInbox(LOOK_LIMIT);
    if (scheduler.awaitsCompletionsWhile(queue)
        && (now - lastPollNanos >= POLL_NANOS || driver.completionsPending())) {
      lastPollNanos = now;
      driver.poll(executor.sink());
    }
    wheel.advance(now, LOOK_LIMIT);
    executor.setRunning(turn);
    return ending || scheduler.urgentWaits(queue, sliceStartNanos, now);
  }

  /** Whether another turn should look for work without parking. */
  private boolean spin(long now) {
    if (!spin.goesOn(now)) {
      return false;
    }
    driver.flush();
    Thread.onSpinWait();
    return true;
  }

  private void park(long now) {
    if (executor.findLeaks()) {
      // Who is told, or was waiting for the memory, is runnable now.
      return;
    }
    gate.close();
    if (inbox.isEmpty()) {
      counters.parks.add(1);
      driver.park(parkNanos(wheel.nanosToNext(now)));
    }
    gate.open();
  }

  private long parkNanos(long nanosToNextTimer) {
    boolean soon = nanosToNextTimer > 0 && nanosToNextTimer < LEAST_PARK_NANOS;
    return soon ? Math.min(LEAST_PARK_NANOS, scheduler.leastBoundNanos()) : nanosToNextTimer;
  }

  /**
   * Nothing is left in flight and nothing is lost silently: operations that were waited for are
   * told, what was on its way to actors becomes dead letters.
   */
  private void shutDown() {
    running = null;
    try {
      attempt(executor::closeDriver);
      if (!died) {
        attempt(this::runRest);
      }
      attempt(executor.residents()::endInstances);
      attempt(executor::abandonTimers);
      attempt(this::takeLastTasks);
      attempt(executor.residents()::leaveBehind);
    } finally {
      gate.end();
      refuseInbox();
      executor.residents().executorEnded();
    }
  }

  /** One step of the end; the others come all the same. */
  private void attempt(Runnable step) {
    try {
      step.run();
    } catch (Throwable failure) {
      LOG.log(Level.ERROR, executor + ": its end failed", failure);
    }
  }

  /** Stages that the end of the driver has settled, and what was sent before the end. */
  private void runRest() {
    for (int turns = 0; turns < DRAIN_LIMIT; turns++) {
      preempt.clear();
      drainInbox(DRAIN_LIMIT);
      if (!scheduler.hasRunnable()) {
        return;
      }
      runQueues(ticker.nanos());
    }
    LOG.log(Level.WARNING, "{0}: actors that never rest were left behind", executor);
  }

  /** Whoever has sent a task before they were closed relies on it. */
  private void takeLastTasks() {
    executor.tasks().close();
    for (int left = inbox.size(); left > 0; left--) {
      Command command = inbox.poll();
      if (command != null) {
        attempt(() -> command.run(executor));
      }
    }
    attempt(executor.tasks()::runAll);
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
