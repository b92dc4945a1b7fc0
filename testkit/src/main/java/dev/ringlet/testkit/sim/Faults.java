package dev.ringlet.testkit.sim;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides at each point where something may go wrong whether it does. The simulation's thread.
 *
 * <p>Each kind has a stream of chance of its own, and what is drawn for a fault is drawn also when
 * it is suppressed, so that a run with fewer faults goes the same way for as long as it can.
 */
final class Faults {
  /** What an operation takes when nothing is slow. */
  private static final long LEAST_LATENCY_NANOS = 1_000;

  private static final long MOST_LATENCY_NANOS = 200_000;

  /** Of what is slow or lasts: from this, doubled up to so many times. */
  private static final long LEAST_SLOW_NANOS = 200_000;

  private static final int MOST_DOUBLINGS = 14;

  private static final long MOST_LATE_NANOS = 1_000_000;
  private static final Duration LONGEST_JUMP = Duration.ofMinutes(10);

  /** More of them are counted, and not told of one by one. */
  private static final int MOST_TOLD = 10_000;

  private final long seed;
  private final SimClock clock;
  private final Trace trace;
  private final SimRandom latencies;
  private final Map<Fault, SimRandom> streams = new EnumMap<>(Fault.class);
  private final Map<IoOpcode, Integer> begun = new EnumMap<>(IoOpcode.class);
  private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
  private final List<SimFault> told = new ArrayList<>();

  private FaultPlan plan;

  /** Kinds that this run does without. */
  private final Set<Fault> without = EnumSet.noneOf(Fault.class);

  /** Numbers of those that may happen; null for all. */
  private @Nullable Set<Integer> only;

  private boolean stopped;
  private int numbers;
  private long diskFullUntilNanos;

  Faults(FaultPlan plan, long seed, SimClock clock, Trace trace) {
    this.plan = plan;
    this.seed = seed;
    this.clock = clock;
    this.trace = trace;
    this.latencies = new SimRandom(seed, "latencies");
    SimRandom variety = new SimRandom(seed, "variety");
    for (Fault kind : Fault.values()) {
      if (variety.chance(0.5)) {
        without.add(kind);
      }
    }
  }

  void plan(FaultPlan next) {
    plan = next;
  }

  void only(@Nullable Set<Integer> numbers) {
    only = numbers;
  }

  /** From now on nothing goes wrong any more. */
  void stop() {
    stopped = true;
    diskFullUntilNanos = 0;
  }

  // ---- drawing

  /** Whether something goes wrong that is of no operation. */
  boolean happens(Fault kind, Object where) {
    return probable(kind, plan.probability(kind)) && happened(kind, where.toString());
  }

  /** Whether something goes wrong with an operation. */
  boolean happens(Fault kind, SimOperation operation) {
    return isProbable(kind, operation) && happened(kind, operation.toString());
  }

  private boolean isProbable(Fault kind, SimOperation operation) {
    return probable(kind, plan.probability(kind, operation.request.opcode));
  }

  private boolean probable(Fault kind, double probability) {
    boolean left = plan.hasVariety() && without.contains(kind);
    return probability > 0 && !left && !isOver() && stream(kind).chance(probability);
  }

  private boolean isOver() {
    return stopped || clock.elapsedNanos() >= plan.endNanos();
  }

  private SimRandom stream(Fault kind) {
    return streams.computeIfAbsent(kind, own -> new SimRandom(seed, own.name()));
  }

  /** Numbers it; false if it is suppressed. */
  private boolean happened(Fault kind, String what) {
    int number = ++numbers;
    if (only != null && !only.contains(number)) {
      return false;
    }
    counts.merge(kind, 1L, Long::sum);
    SimFault fault = new SimFault(number, kind, Duration.ofNanos(clock.elapsedNanos()), what);
    if (told.size() < MOST_TOLD) {
      told.add(fault);
    }
    trace.add("fault #" + number + " " + kind + " " + what);
    return true;
  }

  /** A scripted action is about to be done; false if it is suppressed. */
  boolean acts(FaultPlan.Action action) {
    return !isOver() && happened(Fault.SCRIPTED, action.name());
  }

  // ---- of operations

  /** The error that the kernel gives in place of beginning with it; 0 for none. */
  int errno(SimOperation operation) {
    IoOpcode opcode = operation.request.opcode;
    int errno = scripted(operation, begun.merge(opcode, 1, Integer::sum));
    if (errno == 0 && FaultErrnos.takesSpace(operation.request)) {
      errno = diskFull(operation);
    }
    return errno == 0 ? probableErrno(operation) : errno;
  }

  private int scripted(SimOperation operation, int nth) {
    for (FaultPlan.Failure failure : plan.failures()) {
      if (failure.opcode() == operation.request.opcode && failure.nth() == nth) {
        String what = operation + " fails with " + Errno.describe(failure.errno());
        return !isOver() && happened(Fault.SCRIPTED, what) ? failure.errno() : 0;
      }
    }
    return 0;
  }

  private int diskFull(SimOperation operation) {
    long now = clock.elapsedNanos();
    if (isProbable(Fault.DISK_FULL, operation)) {
      long nanos = slow(Fault.DISK_FULL);
      if (happened(Fault.DISK_FULL, "for " + nanos + " ns, at " + operation)) {
        diskFullUntilNanos = Math.max(diskFullUntilNanos, now + nanos);
      }
    }
    return now < diskFullUntilNanos ? Errno.ENOSPC : 0;
  }

  private int probableErrno(SimOperation operation) {
    int[] errnos = plan.errnos(operation.request.opcode);
    if (errnos.length == 0 || !isProbable(Fault.ERRNO, operation)) {
      return 0;
    }
    int errno = errnos[stream(Fault.ERRNO).index(errnos.length)];
    boolean fails =
        FaultErrnos.suits(operation.request, errno)
            && happened(Fault.ERRNO, operation + " fails with " + Errno.describe(errno));
    return fails ? errno : 0;
  }

  /** How long until the kernel does it. */
  long latencyNanos(SimOperation operation) {
    long nanos = latencies.between(LEAST_LATENCY_NANOS, MOST_LATENCY_NANOS);
    if (isProbable(Fault.SLOW, operation)) {
      long more = slow(Fault.SLOW);
      if (happened(Fault.SLOW, operation + " by " + more + " ns")) {
        nanos += more;
      }
    }
    return nanos;
  }

  /** How long until what it has come to is seen. */
  long completionDelayNanos(SimOperation operation) {
    if (!isProbable(Fault.LATE_COMPLETION, operation)) {
      return 0;
    }
    long nanos = stream(Fault.LATE_COMPLETION).between(1, MOST_LATE_NANOS);
    return happened(Fault.LATE_COMPLETION, operation + " by " + nanos + " ns") ? nanos : 0;
  }

  /** Whether a cancel is in time for an operation that has not been executed. */
  boolean cancelWins(SimOperation operation) {
    return !happens(Fault.CANCEL_RACE, operation);
  }

  /** Whether a multishot request ends with what it has got, although more may come. */
  boolean endsMultishot(SimOperation operation) {
    return happens(Fault.EARLY_END, operation);
  }

  /** How many bytes of a read, write, send or receive are done at once; not zero. */
  int length(SimOperation operation, int wanted) {
    if (wanted <= 1 || !isProbable(Fault.SHORT_TRANSFER, operation)) {
      return wanted;
    }
    int length = fewer(Fault.SHORT_TRANSFER, wanted);
    String what = operation + " does " + length + " of " + wanted + " bytes";
    return happened(Fault.SHORT_TRANSFER, what) ? length : wanted;
  }

  /** Less than so many, and not zero; one and all but one are where mistakes show. */
  private int fewer(Fault kind, int wanted) {
    SimRandom stream = stream(kind);
    int drawn = 1 + stream.index(wanted - 1);
    return switch (stream.index(4)) {
      case 0 -> 1;
      case 1 -> wanted - 1;
      default -> drawn;
    };
  }

  // ---- of the network

  /** How long a packet takes from one end to the other. */
  long networkLatencyNanos(long least, long most) {
    long nanos = latencies.between(least, most);
    return nanos + lasting(Fault.SLOW, "packet");
  }

  /** How many bytes of those that a connection may send go in one segment; not zero. */
  int segmentBytes(int most) {
    Fault kind = Fault.SHORT_TRANSFER;
    if (most <= 1 || !probable(kind, plan.probability(kind))) {
      return most;
    }
    int bytes = fewer(kind, most);
    return happened(kind, "a segment has " + bytes + " of " + most + " bytes") ? bytes : most;
  }

  boolean losesDatagram() {
    return happens(Fault.DATAGRAM_LOSS, "a datagram");
  }

  boolean duplicatesDatagram() {
    return happens(Fault.DATAGRAM_COPY, "a datagram");
  }

  // ---- of executors, rings and the clock

  /** How many of the requests that wait get into the submission ring. */
  int submissionRoom(int waiting, int entries) {
    Fault kind = Fault.SUBMISSION_QUEUE_FULL;
    int room = Math.min(waiting, entries);
    if (room <= 1 || !probable(kind, plan.probability(kind))) {
      return room;
    }
    int fewer = fewer(kind, room);
    return happened(kind, fewer + " of " + waiting + " requests get in") ? fewer : room;
  }

  /** How long it lasts, if something that is of no operation happens now; 0 if it does not. */
  long lasting(Fault kind, Object where) {
    if (!probable(kind, plan.probability(kind))) {
      return 0;
    }
    long nanos =
        kind == Fault.CLOCK_JUMP
            ? stream(kind).between(1_000_000, LONGEST_JUMP.toNanos())
            : slow(kind);
    return happened(kind, where + " for " + nanos + " ns") ? nanos : 0;
  }

  private long slow(Fault kind) {
    SimRandom stream = stream(kind);
    return stream.between(1, LEAST_SLOW_NANOS << stream.index(MOST_DOUBLINGS + 1));
  }

  // ---- what has happened

  /** Those kinds that have happened. */
  Map<Fault, Long> counts() {
    return counts;
  }

  /** In the order in which they happened; the first ones if they are many. */
  List<SimFault> told() {
    return List.copyOf(told);
  }
}
