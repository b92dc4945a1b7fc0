package dev.ringlet.testkit.sim;

import dev.ringlet.spi.IoOpcode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What goes wrong in a simulation, and how often. Immutable. <b>Thread:</b> any thread.
 *
 * <p>Some faults have a probability each time that they could happen: at an operation, or, for
 * those of executors, the clock and the network as a whole, at each step of the simulation. Others
 * are scripted. None happens after the {@linkplain #withEnd end}, nor after the scenario's.
 *
 * <pre>{@code
 * FaultPlan.gentle()
 *     .withProbability(Fault.ERRNO, IoOpcode.WRITE, 0.01)
 *     .withFailure(IoOpcode.SYNC, 3, Errno.EIO)
 *     .withAction(Duration.ofSeconds(2), "partition", sim -> ...)
 * }</pre>
 */
public final class FaultPlan {
  /** Nothing goes wrong. */
  static final FaultPlan NONE = new FaultPlan();

  private static final FaultPlan GENTLE =
      NONE.withProbability(Fault.SHORT_TRANSFER, 0.1)
          .withProbability(Fault.SLOW, 0.01)
          .withProbability(Fault.LATE_COMPLETION, 0.1)
          .withProbability(Fault.SUBMISSION_QUEUE_FULL, 0.05)
          .withProbability(Fault.COMPLETION_OVERFLOW, 0.03)
          .withProbability(Fault.BUFFER_SHORTAGE, 0.02)
          .withProbability(Fault.CANCEL_RACE, 0.5)
          .withProbability(Fault.EARLY_END, 0.05)
          .withProbability(Fault.SPURIOUS_WAKEUP, 0.02)
          .withProbability(Fault.EXECUTOR_PAUSE, 0.002)
          .withProbability(Fault.PREEMPT, 0.05);

  private static final FaultPlan HARSH =
      GENTLE
          .withProbability(Fault.ERRNO, 0.01)
          .withProbability(Fault.DISK_FULL, 0.002)
          .withProbability(Fault.CLOCK_JUMP, 0.0005)
          .withProbability(Fault.CONNECTION_RESET, 0.003)
          .withProbability(Fault.PARTITION, 0.0005)
          .withProbability(Fault.DATAGRAM_LOSS, 0.05)
          .withProbability(Fault.DATAGRAM_COPY, 0.02)
          .withVariety(true);

  /** One operation that fails. */
  record Failure(IoOpcode opcode, int nth, int errno) {}

  /** Something that is done once. */
  record Action(Duration at, String name, Consumer<SimSystem> body) {}

  private final Map<Fault, Double> probabilities = new EnumMap<>(Fault.class);

  /** Of operations that have their own: all kinds. */
  private final Map<IoOpcode, Map<Fault, Double>> ofOpcodes = new EnumMap<>(IoOpcode.class);

  private Map<IoOpcode, int[]> errnos = new EnumMap<>(IoOpcode.class);
  private List<Failure> failures = List.of();
  private List<Action> actions = List.of();
  private long endNanos = Long.MAX_VALUE;
  private boolean variety;

  private FaultPlan() {}

  private FaultPlan copy() {
    FaultPlan copy = new FaultPlan();
    copy.probabilities.putAll(probabilities);
    ofOpcodes.forEach((opcode, own) -> copy.ofOpcodes.put(opcode, with(own, Map.of())));
    copy.errnos = errnos;
    copy.failures = failures;
    copy.actions = actions;
    copy.endNanos = endNanos;
    copy.variety = variety;
    return copy;
  }

  /**
   * Nothing goes wrong, and chance decides on the order and on latencies of up to 0.2 ms.
   *
   * @return the plan
   */
  public static FaultPlan none() {
    return NONE;
  }

  /**
   * What a program does not see of itself: operations are slow, late, done in part, executors pause
   * and are preempted, but nothing fails.
   *
   * @return the plan
   */
  public static FaultPlan gentle() {
    return GENTLE;
  }

  /**
   * The {@linkplain #gentle gentle} faults, and operations that fail, full disks, lost connections
   * and datagrams, partitions and jumps of the clock; with {@linkplain #withVariety variety}.
   *
   * @return the plan
   */
  public static FaultPlan harsh() {
    return HARSH;
  }

  /**
   * Says how probable a fault is, for all operations.
   *
   * @param kind the kind; not {@link Fault#SCRIPTED}
   * @param probability 0 to 1
   * @return a plan with it
   * @throws IllegalArgumentException if it is no probability
   */
  public FaultPlan withProbability(Fault kind, double probability) {
    check(kind, probability);
    FaultPlan copy = copy();
    copy.probabilities.put(kind, probability);
    copy.ofOpcodes.values().forEach(own -> own.put(kind, probability));
    return copy;
  }

  /**
   * Says how probable a fault is for one kind of operation.
   *
   * @param kind the kind; of those that do not belong to an operation it has no effect
   * @param opcode which operations
   * @param probability 0 to 1
   * @return a plan with it
   * @throws IllegalArgumentException if it is no probability
   */
  public FaultPlan withProbability(Fault kind, IoOpcode opcode, double probability) {
    check(kind, probability);
    FaultPlan copy = copy();
    Map<Fault, Double> present = ofOpcodes.getOrDefault(opcode, probabilities);
    copy.ofOpcodes.put(opcode, with(present, Map.of(kind, probability)));
    return copy;
  }

  private static Map<Fault, Double> with(Map<Fault, Double> present, Map<Fault, Double> others) {
    Map<Fault, Double> all = new EnumMap<>(Fault.class);
    all.putAll(present);
    all.putAll(others);
    return all;
  }

  private static void check(Fault kind, double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability: " + probability + "; 0 to 1");
    }
    if (kind == Fault.SCRIPTED) {
      throw new IllegalArgumentException(
          "kind: SCRIPTED has no probability; use withFailure or withAction");
    }
  }

  /**
   * Says which errors {@link Fault#ERRNO} may bring for one kind of operation, in place of all that
   * Linux may report whatever the state of files and sockets is.
   *
   * @param opcode which operations
   * @param errnos positive numbers, see {@link dev.ringlet.spi.Errno}; none for no error
   * @return a plan with them
   * @throws IllegalArgumentException if one is not positive
   */
  public FaultPlan withErrnos(IoOpcode opcode, int... errnos) {
    for (int errno : errnos) {
      checkErrno(errno);
    }
    FaultPlan copy = copy();
    Map<IoOpcode, int[]> changed = new EnumMap<>(IoOpcode.class);
    changed.putAll(this.errnos);
    changed.put(opcode, errnos.clone());
    copy.errnos = changed;
    return copy;
  }

  private static void checkErrno(int errno) {
    if (errno <= 0) {
      throw new IllegalArgumentException("errno: " + errno + "; give a positive one");
    }
  }

  /**
   * Has one operation fail.
   *
   * @param opcode which operations are counted, in the order in which the kernel begins with them
   * @param nth 1 for the first one
   * @param errno what it fails with; positive
   * @return a plan with it
   * @throws IllegalArgumentException if a number is not positive
   */
  public FaultPlan withFailure(IoOpcode opcode, int nth, int errno) {
    checkErrno(errno);
    if (nth <= 0) {
      throw new IllegalArgumentException("nth: " + nth + "; 1 is the first one");
    }
    FaultPlan copy = copy();
    copy.failures = with(failures, new Failure(opcode, nth, errno));
    return copy;
  }

  /**
   * Has something done at a certain time, such as a crash or a partition.
   *
   * @param at since the beginning of the simulation
   * @param name what the trace calls it
   * @param action the thing; runs between two steps, on the simulation's thread
   * @return a plan with it
   */
  public FaultPlan withAction(Duration at, String name, Consumer<SimSystem> action) {
    FaultPlan copy = copy();
    copy.actions = with(actions, new Action(at, name, Objects.requireNonNull(action, "action")));
    return copy;
  }

  private static <T> List<T> with(List<T> present, T another) {
    List<T> all = new ArrayList<>(present);
    all.add(another);
    return List.copyOf(all);
  }

  /**
   * Says when no more faults happen.
   *
   * @param end since the beginning of the simulation; unless given, the end of the scenario
   * @return a plan with it
   */
  public FaultPlan withEnd(Duration end) {
    FaultPlan copy = copy();
    copy.endNanos = SimClock.nanos(end);
    return copy;
  }

  /**
   * Says whether each run does without about half of the kinds, chosen by its seed. Some faults
   * keep others from doing harm: who loses every connection never fills a disk.
   *
   * @param variety true to leave kinds out
   * @return a plan with it
   */
  public FaultPlan withVariety(boolean variety) {
    FaultPlan copy = copy();
    copy.variety = variety;
    return copy;
  }

  double probability(Fault kind) {
    return probabilities.getOrDefault(kind, 0.0);
  }

  double probability(Fault kind, IoOpcode opcode) {
    return ofOpcodes.getOrDefault(opcode, probabilities).getOrDefault(kind, 0.0);
  }

  int[] errnos(IoOpcode opcode) {
    int[] own = errnos.get(opcode);
    return own == null ? FaultErrnos.of(opcode) : own;
  }

  List<Failure> failures() {
    return failures;
  }

  List<Action> actions() {
    return actions;
  }

  long endNanos() {
    return endNanos;
  }

  boolean hasVariety() {
    return variety;
  }

  @Override
  public String toString() {
    return "FaultPlan"
        + Arrays.stream(Fault.values())
            .filter(kind -> probability(kind) > 0)
            .map(kind -> kind + " " + probability(kind))
            .toList();
  }
}
