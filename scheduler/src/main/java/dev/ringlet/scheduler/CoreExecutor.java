package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.TaskOptions;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.CpuSet;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.io.BufferLease;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.Stepping;
import dev.ringlet.spi.Ticker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * One thread and all it owns: driver, timers, task queues, cells. Other threads reach it through
 * {@link #send} only, and read its counters. One that is stepped has a thread in its turns only.
 *
 * <p>Made on its own thread, because a driver belongs to the thread that created it.
 */
final class CoreExecutor implements ActorExecutor {
  private static final int INBOX_CHUNK = 1024;
  private static final CompletionSink SINK =
      (request, result, payload, more) -> ((Source) request).completed(result, payload, more);

  private static final ThreadLocal<CoreExecutor> CURRENT = new ThreadLocal<>();
  private static final VarHandle RUNNING;
  private static final VarHandle HANDLED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      RUNNING = lookup.findVarHandle(CoreExecutor.class, "running", Task.class);
      HANDLED = lookup.findVarHandle(CoreExecutor.class, "handled", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final DefaultActorSystem system;
  private final int index;
  private final CpuSet cpus;
  private final Ticker ticker;

  private final MpscUnboundedAtomicArrayQueue<Command> inbox =
      new MpscUnboundedAtomicArrayQueue<>(INBOX_CHUNK);
  private final ParkGate gate = new ParkGate();
  private final PreemptFlag preempt;
  private final ExecutorCounters counters = new ExecutorCounters();

  private final IoDriver driver;
  private final BufferPool buffers;
  private final @Nullable LeakDetector leaks;
  private final ExecutorIo io;
  private final TimerWheel wheel;
  private final MailboxStock mailboxes = new MailboxStock();
  private final IntakeGate intakeGate;
  private final TaskQueueScheduler scheduler;
  private final TaskQueues queues;
  private final TaskQueue defaultQueue;
  private final DiskQueue disk;
  private final Residents residents;
  private final ExecutorTasks tasks;
  private final RunLoop loop;

  private final ThreadSwitches switches;

  /** Null between the turns of an executor that is stepped; it is no other thread's then either. */
  private @Nullable Thread thread;

  /** Whose turn it is; the owner stores opaque, so that a watcher sees it. */
  private @Nullable Task running;

  private final boolean watched;

  /** What is handled now, if that is watched. */
  @SuppressWarnings("unused") // through HANDLED
  private @Nullable Object handled;

  private boolean driverClosed;
  private boolean driverGone;

  private @Nullable Question asked;
  private @Nullable Task handledFrom;

  CoreExecutor(
      DefaultActorSystem system,
      int index,
      CpuSet cpus,
      boolean dedicated,
      ExecutorPool pool,
      IoDriver driver) {
    this.system = system;
    this.index = index;
    this.cpus = cpus;
    this.ticker = system.ticker();
    this.driver = driver;
    Stepping stepping = system.stepping();
    this.thread = stepping == null ? Thread.currentThread() : null;
    this.switches = stepping == null ? ThreadSwitches.ofCurrentThread() : ThreadSwitches.unknown();
    this.watched = pool.stallBudgetNanos() > 0;
    this.preempt =
        stepping == null
            ? new PreemptFlag(ticker, this::urgentWaits)
            : SteppedPreemptFlag.of(ticker, this::urgentWaits, stepping.preempts());
    preempt.now(ticker.nanos()); // what is activated before the first turn waits from now on
    this.buffers = new BufferPool(this, driver, pool.bufferMemory());
    this.leaks = LeakDetector.of(this, pool.leakDetection());
    this.io = new ExecutorIo(this, pool);
    this.wheel =
        new TimerWheel(
            ticker.nanos(), stepping == null ? TimerWheel.TICK_SHIFT : TimerWheel.EXACT_SHIFT);
    this.scheduler = new TaskQueueScheduler(pool.preemptIntervalNanos(), preempt, pool.runNext());
    this.queues = new TaskQueues(system.classes(), scheduler);
    this.intakeGate = new IntakeGate(pool.intakeLimit(), counters.intakePauses);
    this.defaultQueue = enter(PriorityClass.DEFAULT);
    int diskDepth = pool.diskDepth() > 0 ? pool.diskDepth() : driver.diskDepth();
    this.disk = new DiskQueue(diskDepth, preempt);
    this.residents = new Residents(this, defaultQueue);
    this.tasks = new ExecutorTasks(this, defaultQueue);
    this.loop = new RunLoop(this, scheduler, wheel, inbox, gate, pool, Spin.most(pool, dedicated));
    residents.begin();
    tasks.begin();
  }

  private boolean urgentWaits(long nowNanos) {
    return loop.urgentWaits(nowNanos);
  }

  /** The thread's whole life after creation; returns when the executor has ended. */
  void run() {
    CURRENT.set(this);
    try {
      loop.run();
    } finally {
      CURRENT.remove();
    }
  }

  /**
   * One turn on the calling thread, which must be the one that made the executor.
   *
   * @return whether there was something to do, or is now
   */
  boolean step() {
    thread = Thread.currentThread();
    CURRENT.set(this);
    try {
      return loop.step();
    } finally {
      CURRENT.remove();
      thread = null;
    }
  }

  RunLoop loop() {
    return loop;
  }

  /** Ends without further turns, after {@link #step}. */
  void endStepped() {
    loop.end();
    thread = Thread.currentThread();
    try {
      run();
    } finally {
      thread = null;
    }
  }

  /** The executor whose thread calls, of whatever system; null on other threads. */
  static @Nullable CoreExecutor current() {
    return CURRENT.get();
  }

  /** Whose turn runs on the calling thread; null if none does. */
  static @Nullable Task runningHere() {
    CoreExecutor here = CURRENT.get();
    return here == null ? null : here.running;
  }

  /** Throws on the thread of an executor. */
  static void checkMayBlock(String what) {
    CoreExecutor here = current();
    if (here != null) {
      throw new IllegalStateException(
          what
              + " would block the thread of "
              + here
              + " and all its actors; hand the stage to context.pipe, or use context.offload");
    }
  }

  // ---- ActorExecutor: any thread

  @Override
  public int index() {
    return index;
  }

  @Override
  public OptionalInt cpu() {
    return cpus.size() == 1 ? OptionalInt.of(cpus.numbers()[0]) : OptionalInt.empty();
  }

  @Override
  public CpuSet cpus() {
    return cpus;
  }

  @Override
  public String driver() {
    return driver.name();
  }

  @Override
  public boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  @Override
  public <M> ActorRef<M> spawn(Supplier<? extends Actor<M>> factory, ActorOptions options) {
    return system.spawn(factory, options.onExecutor(this));
  }

  @Override
  public void execute(Runnable task) {
    tasks.execute(task);
  }

  @Override
  public Executor inClass(PriorityClass priorityClass) {
    TaskOptions options = TaskOptions.defaults().onExecutor(this).withPriorityClass(priorityClass);
    return work -> system.execute(work, options);
  }

  @Override
  public List<BufferLease> watchedBuffers() {
    return leaks == null ? List.of() : leaks.watched();
  }

  @Override
  public ExecutorStats stats() {
    var unused = findLeaks();
    return new ExecutorStats(
        index,
        counters.turns.get(),
        counters.messages.get(),
        counters.remoteMessages.get(),
        counters.parks.get(),
        counters.wakeups(),
        counters.wakeupsSent.get(),
        counters.intakePauses.get(),
        switches.count(),
        counters.timers.get(),
        counters.actors.get(),
        mailboxes.peak.get(),
        gate.isClosed() && inbox.isEmpty(),
        counters.held.get(),
        buffers.lent(),
        disk.inFlight(),
        buffers.bytes(),
        buffers.waiting(),
        leaks == null ? 0 : leaks.leaked(),
        queues.stats(),
        driver.stats());
  }

  @Override
  public String toString() {
    return "executor " + index + " of " + system.name();
  }

  // ---- for other threads

  /** Has a command run here, in the order of the caller's calls. Any thread. */
  void send(Command command, boolean urgent) {
    inbox.offer(command);
    ParkGate.Duty duty = gate.afterSend();
    if (duty == ParkGate.Duty.REFUSE) {
      loop.refuseInbox();
      return;
    }
    if (duty == ParkGate.Duty.WAKE) {
      wake();
    }
    if (urgent) {
      preempt.request();
    }
  }

  private void wake() {
    counters.wakeupSent();
    CoreExecutor sender = current();
    if (sender != null) {
      sender.counters.wakeupsSent.add(1);
    }
    driver.wakeup();
  }

  void send(Command command) {
    send(command, false);
  }

  /** Has a command run when the executor runs anyway; it is not woken for it. Any thread. */
  void sendInPassing(Command command) {
    inbox.offer(command);
    if (gate.hasEnded()) {
      loop.refuseInbox();
    }
  }

  /** Any thread. */
  void runOrSend(Command command, boolean urgent) {
    if (isCurrent()) {
      command.run(this);
    } else {
      send(command, urgent);
    }
  }

  /** Ends the thread, whatever still lives. Any thread. */
  void end() {
    send(new End(), true);
  }

  /** Whether buffers were found that had got lost; their memory is back then. Any thread. */
  boolean findLeaks() {
    return leaks != null && leaks.poll();
  }

  /** Whether what is sent here is refused. Any thread. */
  boolean hasEnded() {
    return gate.hasEnded();
  }

  /** Of one that is not stepped. Any thread. */
  Thread thread() {
    return Objects.requireNonNull(thread);
  }

  /** A number that changes with each turn. Any thread. */
  long progress() {
    return counters.turns.get() + queues.activations();
  }

  /** Any thread. */
  @Nullable Task runningAsSeen() {
    return (Task) RUNNING.getOpaque(this);
  }

  /** Any thread. */
  @Nullable Object handledAsSeen() {
    return HANDLED.getOpaque(this);
  }

  DefaultActorSystem system() {
    return system;
  }

  Residents residents() {
    return residents;
  }

  ExecutorTasks tasks() {
    return tasks;
  }

  ExecutorCounters counters() {
    return counters;
  }

  /** The queue of a class, which the caller has entered as a member. Any thread. */
  TaskQueue enter(PriorityClass priorityClass) {
    return queues.enter(priorityClass);
  }

  /**
   * The queue here of the class whose turn runs on the calling thread; of the default class where
   * none of this system does. Any thread.
   */
  TaskQueue queueOfCaller() {
    Task caller = runningHere();
    if (caller == null || caller.executor().system() != system) {
      return defaultQueue;
    }
    TaskQueue queue = caller.queue();
    return caller.executor() == this ? queue : queues.of(queue.priorityClass());
  }

  /** A class was removed. Any thread. */
  void forget(PriorityClass priorityClass) {
    Command rest = queues.takeRemoved(priorityClass);
    if (rest != null) {
      runOrSend(rest, false);
    }
  }

  // ---- for the owner thread

  void checkCurrent(String method) {
    if (!isCurrent()) {
      throw new IllegalStateException(
          method
              + " is for the thread of "
              + this
              + ", not for "
              + Thread.currentThread().getName()
              + "; send an actor of that executor a message, or use executor.execute");
    }
  }

  IoDriver ioDriver() {
    return driver;
  }

  CompletionSink sink() {
    return SINK;
  }

  DiskQueue disk() {
    return disk;
  }

  TaskQueue defaultQueue() {
    return defaultQueue;
  }

  BufferPool buffers() {
    return buffers;
  }

  /** What the user gets for a lease, see {@link LeakDetector}. */
  IoBuffer watch(IoBuffer lease, Object origin) {
    LeakDetector detector = leaks;
    return detector == null ? lease : detector.sample(lease, origin);
  }

  /** Operations wait for memory. */
  void memoryIsAwaited() {
    if (leaks != null) {
      leaks.lookWhileOperationsWait();
    }
  }

  ExecutorIo io() {
    return io;
  }

  IntakeGate intakeGate() {
    return intakeGate;
  }

  MailboxStock mailboxes() {
    return mailboxes;
  }

  PreemptFlag preempt() {
    return preempt;
  }

  Ticker ticker() {
    return ticker;
  }

  /** When the driver was polled last. */
  long polledNanos() {
    return loop.polledNanos();
  }

  /** Starts a timer; returns its deadline. */
  long schedule(Timer timer, long delayNanos) {
    long deadline = ticker.nanos() + delayNanos;
    wheel.schedule(timer, deadline);
    return deadline;
  }

  void scheduleAt(Timer timer, long deadlineNanos) {
    wheel.schedule(timer, deadlineNanos);
  }

  void cancel(Timer timer) {
    wheel.cancel(timer);
  }

  void timersBecameObsolete(int count) {
    wheel.becameObsolete(count);
  }

  /** Whose turn it is, or null between turns. */
  @Nullable Task running() {
    return running;
  }

  void setRunning(@Nullable Task task) {
    RUNNING.setOpaque(this, task);
  }

  /** Whether somebody wants to know what is {@link #handles handled}. */
  boolean isWatched() {
    return watched;
  }

  /** The question that the running turn answers, or null. */
  void asks(@Nullable Question question) {
    asked = question;
  }

  @Nullable Question asked() {
    return asked;
  }

  /** Who has sent what the running turn handles; null if that is not tracked. */
  void handlesFrom(@Nullable Task sender) {
    handledFrom = sender;
  }

  @Nullable Task handledFrom() {
    return handledFrom;
  }

  void handles(@Nullable Object entry) {
    HANDLED.setOpaque(this, entry);
  }

  /** The running slice ends with the present activation. */
  void endSlice() {
    loop.endSlice();
  }

  /** Whether no actor has anything to do, or will have when what it awaits is there. */
  boolean isResting() {
    return !scheduler.hasRunnable() && counters.held.get() == 0;
  }

  /** A cell that awaits something, or restarts, has messages waiting; or has not any more. */
  void holdingMailChanged(int difference) {
    counters.held.add(difference);
  }

  /** Whether operations can still be started. */
  boolean takesIo() {
    return !driverClosed;
  }

  /** Cancels what is in flight and gives everything back; what was waited for is told so. */
  void closeDriver() {
    driverClosed = true;
    try {
      buffers.close();
      disk.cancelAll();
      io.cancelOffloaded();
    } finally {
      try {
        driver.close(SINK);
      } finally {
        driverGone = true;
      }
    }
  }

  /** Whether the driver can still be asked for something. */
  boolean hasDriver() {
    return !driverGone;
  }

  /** Those who asked from here and have no answer yet get none from this clock. */
  void abandonTimers() {
    wheel.abandonAll();
  }

  private static final class End extends Command {
    @Override
    void run(CoreExecutor executor) {
      executor.loop.end();
    }

    @Override
    void refused(CoreExecutor executor) {
      // It has ended already.
    }
  }
}
