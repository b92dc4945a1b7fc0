package dev.ringlet.executor;

import dev.ringlet.io.NameResolver;
import dev.ringlet.spi.ContextCarrier;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How many executors a system has and how they behave. Immutable: each {@code with} method returns
 * a changed copy.
 */
public final class ExecutorPool {
  /** Value of the system property {@code ringlet.driver} and of {@link #driver()}: by probe. */
  public static final String AUTO = "auto";

  /** RFC 8305, section 5: must not be less than 10 milliseconds. */
  private static final Duration LEAST_ATTEMPT_DELAY = Duration.ofMillis(10);

  private static final Duration MOST_ATTEMPT_DELAY = Duration.ofMinutes(1);

  private static final ExecutorPool DEFAULTS = new ExecutorPool(new PoolSettings());

  private final PoolSettings settings;

  private ExecutorPool(PoolSettings settings) {
    this.settings = settings;
  }

  /**
   * One pinned executor per CPU that the process may use; the driver by probe, or as the system
   * property {@code ringlet.driver} says ({@code uring}, {@code nio}, {@code auto}).
   *
   * @return the settings
   */
  public static ExecutorPool defaults() {
    return DEFAULTS;
  }

  /**
   * Defaults with a number of executors.
   *
   * @param count 1 to 1024; more executors than CPUs are not pinned
   * @return the settings
   */
  public static ExecutorPool of(int count) {
    return DEFAULTS.withCount(count);
  }

  /**
   * Sets the number of executors.
   *
   * @param count 1 to 1024; default: one per CPU that the process may use
   * @return the changed copy
   */
  public ExecutorPool withCount(int count) {
    if (count < 1 || count > 1024) {
      throw new IllegalArgumentException("count: " + count + "; give 1 to 1024 executors");
    }
    PoolSettings copy = settings.copy();
    copy.count = count;
    return new ExecutorPool(copy);
  }

  /**
   * Says which CPUs the executors run on.
   *
   * @param placement default: each executor on a CPU of its own, if there are enough and the
   *     container's quota suffices; else unpinned, which the log says once
   * @return the changed copy
   */
  public ExecutorPool withPlacement(Placement placement) {
    PoolSettings copy = settings.copy();
    copy.placement = Objects.requireNonNull(placement, "placement");
    return new ExecutorPool(copy);
  }

  /**
   * Chooses the I/O driver.
   *
   * @param driver {@code "uring"}, {@code "nio"} or {@link #AUTO}; default: the system property
   *     {@code ringlet.driver}, else {@link #AUTO}
   * @return the changed copy
   */
  public ExecutorPool withDriver(String driver) {
    PoolSettings copy = settings.copy();
    copy.driver = Objects.requireNonNull(driver, "driver");
    return new ExecutorPool(copy);
  }

  /**
   * Sets how many messages an actor may handle in one activation.
   *
   * @param messages 1 to 65536, default 64; raised, throughput grows and fairness between actors of
   *     a class shrinks
   * @return the changed copy
   */
  public ExecutorPool withThroughput(int messages) {
    if (messages < 1 || messages > 65536) {
      throw new IllegalArgumentException("messages: " + messages + "; give 1 to 65536");
    }
    PoolSettings copy = settings.copy();
    copy.throughput = messages;
    return new ExecutorPool(copy);
  }

  /**
   * Sets how long a priority class may keep the core while no latency class is runnable.
   *
   * @param interval more than zero, default 1 ms; raised, there are fewer switches and longer waits
   * @return the changed copy
   */
  public ExecutorPool withPreemptInterval(Duration interval) {
    PoolSettings copy = settings.copy();
    copy.preemptIntervalNanos = positive("interval", interval);
    return new ExecutorPool(copy);
  }

  /**
   * Sets how long an executor with nothing to run polls at most before it parks in the kernel. The
   * time adapts: it is halved, down to none, whenever it was spent for nothing, and grows again
   * while parks turn out to be shorter than it.
   *
   * @param spin zero or more; default 50 µs for an executor that has a CPU of its own, zero for
   *     others; raised, wake-ups are faster and more CPU is burnt to find that there is no work
   * @return the changed copy
   */
  public ExecutorPool withSpinBeforePark(Duration spin) {
    if (spin.isNegative()) {
      throw new IllegalArgumentException("spin: " + spin + "; give zero or more");
    }
    PoolSettings copy = settings.copy();
    copy.spinNanos = spin.toNanos();
    return new ExecutorPool(copy);
  }

  /**
   * Sets the size of the submission ring of each executor.
   *
   * @param entries a power of two, 4 to 32768, default 256; the completion ring has 16 times as
   *     many, at most 65536
   * @return the changed copy
   */
  public ExecutorPool withRingEntries(int entries) {
    if (entries < 4 || entries > 32768 || Integer.bitCount(entries) != 1) {
      throw new IllegalArgumentException(
          "entries: " + entries + "; give a power of two, 4 to 32768");
    }
    PoolSettings copy = settings.copy();
    copy.ringEntries = entries;
    return new ExecutorPool(copy);
  }

  /**
   * Sets the buffers that the kernel fills when data arrives on sockets, per executor.
   *
   * @param count a power of two, 2 to 32768, default 512
   * @param bytes the size of each, 64 to 1 MiB, default 16 KiB
   * @return the changed copy
   */
  public ExecutorPool withReceiveBuffers(int count, int bytes) {
    if (count < 2 || count > 32768 || Integer.bitCount(count) != 1) {
      throw new IllegalArgumentException("count: " + count + "; give a power of two, 2 to 32768");
    }
    if (bytes < 64 || bytes > 1 << 20) {
      throw new IllegalArgumentException("bytes: " + bytes + "; give 64 to 1048576");
    }
    PoolSettings copy = settings.copy();
    copy.receiveBufferCount = count;
    copy.receiveBufferBytes = bytes;
    return new ExecutorPool(copy);
  }

  /**
   * Sets how many operations on files an executor gives to the disk side by side. What comes
   * besides waits, and is done in the order of the shares of its priority class. Sockets, delays
   * and opening files do not count.
   *
   * @param operations 1 to 65536; default 32 with io_uring, 8 with NIO; raised, a disk that does
   *     much side by side does more, and operations of a class with many shares wait longer behind
   *     those of other classes that the kernel has already
   * @return the changed copy
   */
  public ExecutorPool withDiskDepth(int operations) {
    if (operations < 1 || operations > 65536) {
      throw new IllegalArgumentException("operations: " + operations + "; give 1 to 65536");
    }
    PoolSettings copy = settings.copy();
    copy.diskDepth = operations;
    return new ExecutorPool(copy);
  }

  /**
   * Limits the memory of each executor's buffers for output and files: those from {@code Io.buffer}
   * and reads of files, lent or kept for the next. While it is used up, reads of files and {@code
   * Io.bufferWhenFree} wait for memory, in the order of their start, and {@code Io.buffer} throws
   * {@link dev.ringlet.io.BufferMemoryException}. Buffers for what arrives on sockets are counted
   * apart, see {@link #withReceiveBuffers}.
   *
   * <p>What is at most 128 KiB is cut from slabs of 256 KiB, which count as a whole while something
   * of them is lent; those of one size of buffer that are not lent at all give way to another size.
   * Frames and lines of many files that are taken in turn need a chunk of each at once, see {@code
   * Io.frames}.
   *
   * @param bytes 1 MiB or more, default 2 GiB; raised, more can be in flight and more memory is
   *     taken. The virtual machine limits the direct memory of the whole process besides, see
   *     {@code -XX:MaxDirectMemorySize}
   * @return the changed copy
   */
  public ExecutorPool withBufferMemory(long bytes) {
    if (bytes < 1 << 20) {
      throw new IllegalArgumentException("bytes: " + bytes + "; give 1 MiB, 1048576, or more");
    }
    PoolSettings copy = settings.copy();
    copy.bufferMemory = bytes;
    return new ExecutorPool(copy);
  }

  /**
   * Says how many buffers are watched, so that one that gets lost without being released is found:
   * counted, told as {@link dev.ringlet.io.BufferLeak}, logged at most once a second with the place
   * where it was leased, and its memory taken back. All kinds of buffers are: for output, of files
   * and from sockets. Loss is seen after the collector has run. Of buffers that are not watched the
   * memory stays taken.
   *
   * @param oneIn one in so many, at random, default 1024; 1 for all, as in tests; 0 for none.
   *     Lowered, more is found and leasing is slower: watching one takes some microseconds, for its
   *     stack
   * @return the changed copy
   */
  public ExecutorPool withLeakDetection(int oneIn) {
    if (oneIn < 0 || oneIn > 1 << 30) {
      throw new IllegalArgumentException(
          "oneIn: " + oneIn + "; give 1 for all buffers, up to " + (1 << 30) + ", or 0 for none");
    }
    PoolSettings copy = settings.copy();
    copy.leakDetection = oneIn;
    return new ExecutorPool(copy);
  }

  /**
   * Bounds the work that blocks, {@link dev.ringlet.actor.ActorSystem#offload}, of the whole
   * system.
   *
   * @param threads how much of it runs at a time, 1 to 65536; default 64
   * @param backlog how much may wait besides, 1 or more; default 65536; what is beyond is refused
   * @return the changed copy
   */
  public ExecutorPool withOffload(int threads, int backlog) {
    if (threads < 1 || threads > 65536) {
      throw new IllegalArgumentException("threads: " + threads + "; give 1 to 65536");
    }
    if (backlog < 1) {
      throw new IllegalArgumentException("backlog: " + backlog + "; give 1 or more");
    }
    PoolSettings copy = settings.copy();
    copy.offloadThreads = threads;
    copy.offloadBacklog = backlog;
    return new ExecutorPool(copy);
  }

  /**
   * Sets who finds the addresses of host names, for {@link dev.ringlet.io.Io#connect(String, int)}.
   *
   * @param resolver default {@link NameResolver#system()}
   * @return the changed copy
   */
  public ExecutorPool withNameResolver(NameResolver resolver) {
    PoolSettings copy = settings.copy();
    copy.nameResolver = Objects.requireNonNull(resolver, "resolver");
    return new ExecutorPool(copy);
  }

  /**
   * Sets how long an address of a host may take to answer before the next one is tried beside it
   * (RFC 8305, Connection Attempt Delay). Lower: connections to hosts with a dead address are made
   * sooner, and more are begun that are not needed.
   *
   * @param delay 10 ms to 1 minute, default 250 ms
   * @return the changed copy
   */
  public ExecutorPool withConnectAttemptDelay(Duration delay) {
    if (delay.compareTo(LEAST_ATTEMPT_DELAY) < 0 || delay.compareTo(MOST_ATTEMPT_DELAY) > 0) {
      throw new IllegalArgumentException("delay: " + delay + "; give 10 milliseconds to 1 minute");
    }
    PoolSettings copy = settings.copy();
    copy.connectAttemptDelayNanos = delay.toNanos();
    return new ExecutorPool(copy);
  }

  /**
   * Says whether an actor that is sent a message by the running actor of its own class runs next,
   * before the others of the class: good for questions and answers, where the data is still in the
   * cache. At most three in a row, so that two that answer each other do not starve the rest.
   *
   * @param runNext default false: first come, first served
   * @return the changed copy
   */
  public ExecutorPool withRunNext(boolean runNext) {
    PoolSettings copy = settings.copy();
    copy.runNext = runNext;
    return new ExecutorPool(copy);
  }

  /**
   * Sets when an executor takes no new connections for a while: when more actors than this wait for
   * the core. It takes them again when half as many wait.
   *
   * @param actors 1 or more; default 10,000
   * @return the changed copy
   */
  public ExecutorPool withIntakeLimit(int actors) {
    if (actors < 1) {
      throw new IllegalArgumentException("actors: " + actors + "; give 1 or more");
    }
    PoolSettings copy = settings.copy();
    copy.intakeLimit = actors;
    return new ExecutorPool(copy);
  }

  /**
   * Has turns reported that keep an executor for longer than they should, while they do: in the
   * log, as JFR event {@code dev.ringlet.Stall}, and to a listener. Pauses of the whole virtual
   * machine do not count. At most one report per turn, and in the log ten a minute.
   *
   * @param budget how long a turn may take; 1 ms or more; default: no detection, which costs
   *     nothing
   * @param listener hears of each stall, on a thread of its own; must not block for long
   * @return the changed copy
   */
  public ExecutorPool withStallDetection(Duration budget, Consumer<? super Stall> listener) {
    if (budget.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException("budget: " + budget + "; give 1 ms or more");
    }
    PoolSettings copy = settings.copy();
    copy.stallBudgetNanos = budget.toNanos();
    copy.stallListener = Objects.requireNonNull(listener, "listener");
    return new ExecutorPool(copy);
  }

  /**
   * Writes flight recorder events: {@code dev.ringlet.Executor} (messages, actors, the longest
   * mailbox and more of each executor, periodically), {@code dev.ringlet.DeadLetter}, {@code
   * dev.ringlet.ActorFailure} and {@code dev.ringlet.ActorRestarted}. Off by default, because the
   * first use of the flight recorder takes a JVM about 0.2 s; that is at the start of the system
   * then.
   *
   * @return the changed copy
   */
  public ExecutorPool withFlightRecorder() {
    PoolSettings copy = settings.copy();
    copy.flightRecorder = true;
    return new ExecutorPool(copy);
  }

  /**
   * Whether flight recorder events are written.
   *
   * @return false by default
   */
  public boolean flightRecorder() {
    return settings.flightRecorder;
  }

  /**
   * Has messages take a context with them, such as that of a trace.
   *
   * @param carrier takes it and puts it back; by default there is none
   * @return the changed copy
   */
  public ExecutorPool withContextCarrier(ContextCarrier carrier) {
    PoolSettings copy = settings.copy();
    copy.contextCarrier = Objects.requireNonNull(carrier, "carrier");
    return new ExecutorPool(copy);
  }

  /**
   * What takes a context from senders to actors.
   *
   * @return the carrier; null by default
   */
  public @Nullable ContextCarrier contextCarrier() {
    return settings.contextCarrier;
  }

  /**
   * Has each message keep whose turn it was sent in, so that {@link
   * dev.ringlet.actor.DeadLetter#sender()} is known also of messages that had waited in a mailbox.
   * For finding faults: it costs an object of 24 bytes per message. Off by default, when it costs
   * nothing.
   *
   * @return the changed copy
   */
  public ExecutorPool withSenderTracking() {
    PoolSettings copy = settings.copy();
    copy.senderTracking = true;
    return new ExecutorPool(copy);
  }

  /**
   * Whether messages keep their senders.
   *
   * @return false by default
   */
  public boolean senderTracking() {
    return settings.senderTracking;
  }

  /**
   * Operations on files that are with the disk at a time, per executor.
   *
   * @return the number, or 0 for what the driver prefers
   */
  public int diskDepth() {
    return settings.diskDepth;
  }

  /**
   * Threads for work that blocks.
   *
   * @return the number
   */
  public int offloadThreads() {
    return settings.offloadThreads;
  }

  /**
   * How much work that blocks may wait.
   *
   * @return the number
   */
  public int offloadBacklog() {
    return settings.offloadBacklog;
  }

  /**
   * Who finds the addresses of host names.
   *
   * @return the resolver
   */
  public NameResolver nameResolver() {
    return settings.nameResolver;
  }

  /**
   * How long an address may take to answer before the next one is tried, in nanoseconds.
   *
   * @return the delay
   */
  public long connectAttemptDelayNanos() {
    return settings.connectAttemptDelayNanos;
  }

  /**
   * Whether who is sent a message runs next.
   *
   * @return false by default
   */
  public boolean runNext() {
    return settings.runNext;
  }

  /**
   * Actors that may wait before no more connections are taken.
   *
   * @return the number
   */
  public int intakeLimit() {
    return settings.intakeLimit;
  }

  /**
   * How long a turn may take, in nanoseconds.
   *
   * @return the budget, or 0 without stall detection
   */
  public long stallBudgetNanos() {
    return settings.stallBudgetNanos;
  }

  /**
   * Who hears of stalls.
   *
   * @return the listener; does nothing by default
   */
  public Consumer<? super Stall> stallListener() {
    return settings.stallListener;
  }

  /**
   * The number of executors, or 0 for one per CPU.
   *
   * @return the count
   */
  public int count() {
    return settings.count;
  }

  /**
   * Which CPUs the executors run on.
   *
   * @return the placement, or null for the default
   */
  public @Nullable Placement placement() {
    return settings.placement;
  }

  /**
   * The driver asked for.
   *
   * @return a driver's name, {@link #AUTO}, or null for what the system property says
   */
  public @Nullable String driver() {
    return settings.driver;
  }

  /**
   * Messages per activation.
   *
   * @return the number
   */
  public int throughput() {
    return settings.throughput;
  }

  /**
   * The longest slice without latency classes, in nanoseconds.
   *
   * @return the interval
   */
  public long preemptIntervalNanos() {
    return settings.preemptIntervalNanos;
  }

  /**
   * The longest polling before the park, in nanoseconds.
   *
   * @return the duration, or -1 for the default
   */
  public long spinNanos() {
    return settings.spinNanos;
  }

  /**
   * Entries of the submission ring.
   *
   * @return a power of two
   */
  public int ringEntries() {
    return settings.ringEntries;
  }

  /**
   * Receive buffers per executor.
   *
   * @return a power of two
   */
  public int receiveBufferCount() {
    return settings.receiveBufferCount;
  }

  /**
   * Size of a receive buffer in bytes.
   *
   * @return the size
   */
  public int receiveBufferBytes() {
    return settings.receiveBufferBytes;
  }

  /**
   * Memory that the buffers of an executor may have.
   *
   * @return bytes
   */
  public long bufferMemory() {
    return settings.bufferMemory;
  }

  /**
   * How many buffers are watched for leaks.
   *
   * @return one in so many; 0 for none
   */
  public int leakDetection() {
    return settings.leakDetection;
  }

  private static long positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + ": " + value + "; give more than zero");
    }
    return value.toNanos();
  }
}
