package dev.ringlet.executor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which CPUs the executors of a system run on. Immutable.
 *
 * <p>Without a placement a system pins each executor to a CPU of its own, spread as {@link
 * #maxSpread()} does, if there are enough CPUs and the container may use so many at a time; else it
 * pins none. With a placement it does what it is told, or does not start.
 */
public final class Placement {
  private static final List<ToIntFunction<Cpu>> LEVELS = List.of(Cpu::node, Cpu::socket, Cpu::core);

  private final String name;
  private final @Nullable CpuSet cpus;
  private final Rule rule;

  /** Gives one set per executor; an empty one means that it is not pinned. */
  @FunctionalInterface
  private interface Rule {
    List<CpuSet> assign(int executors, CpuSet cpus);
  }

  private Placement(String name, @Nullable CpuSet cpus, Rule rule) {
    this.name = name;
    this.cpus = cpus;
    this.rule = rule;
  }

  /**
   * Executors run wherever the system puts them.
   *
   * @return the placement
   */
  public static Placement unbound() {
    return new Placement(
        "unbound", null, (executors, all) -> Collections.nCopies(executors, CpuSet.empty()));
  }

  /**
   * The only executor runs on one CPU.
   *
   * @param cpu the kernel's number
   * @return the placement
   */
  public static Placement fixed(int cpu) {
    return new Placement(
        "fixed(" + cpu + ")", null, (executors, all) -> fixed(cpu, executors, all));
  }

  private static List<CpuSet> fixed(int cpu, int executors, CpuSet available) {
    if (executors != 1) {
      throw new IllegalArgumentException(
          executors + " executors; a fixed CPU is for one, give maxSpread or custom for more");
    }
    CpuSet one = available.filter(each -> each.number() == cpu);
    if (one.isEmpty()) {
      throw new IllegalArgumentException(
          "CPU " + cpu + " is not there or may not be used; available are " + available);
    }
    return List.of(one);
  }

  /**
   * Every executor runs on any CPU of a set.
   *
   * @param cpus at least one
   * @return the placement
   */
  public static Placement fenced(CpuSet cpus) {
    return new Placement("fenced", cpus, (executors, all) -> Collections.nCopies(executors, all));
  }

  /**
   * Each executor has a CPU of its own, as far from the others as can be: on another NUMA node,
   * else another socket, else another core, before two share a core.
   *
   * @return the placement, on all CPUs that are available
   */
  public static Placement maxSpread() {
    return new Placement("maxSpread", null, (executors, all) -> single(executors, all, true));
  }

  /**
   * As {@link #maxSpread()}, on some CPUs.
   *
   * @param cpus at least as many as executors
   * @return the placement
   */
  public static Placement maxSpread(CpuSet cpus) {
    return new Placement("maxSpread", cpus, (executors, all) -> single(executors, all, true));
  }

  /**
   * Each executor has a CPU of its own, as near to the others as can be: cores, sockets and NUMA
   * nodes are filled before others are begun.
   *
   * @return the placement, on all CPUs that are available
   */
  public static Placement maxPack() {
    return new Placement("maxPack", null, (executors, all) -> single(executors, all, false));
  }

  /**
   * As {@link #maxPack()}, on some CPUs.
   *
   * @param cpus at least as many as executors
   * @return the placement
   */
  public static Placement maxPack(CpuSet cpus) {
    return new Placement("maxPack", cpus, (executors, all) -> single(executors, all, false));
  }

  /**
   * Each executor runs on the CPUs that are given for its index.
   *
   * @param sets one per executor; an empty one means that the executor is not pinned
   * @return the placement
   */
  public static Placement custom(List<CpuSet> sets) {
    List<CpuSet> copy = List.copyOf(sets);
    CpuSet all = copy.stream().reduce(CpuSet.empty(), CpuSet::union);
    return new Placement(
        "custom", all.isEmpty() ? null : all, (executors, allOfThem) -> custom(copy, executors));
  }

  private static List<CpuSet> custom(List<CpuSet> sets, int executors) {
    if (sets.size() != executors) {
      throw new IllegalArgumentException(
          sets.size() + " sets of CPUs for " + executors + " executors; give one for each");
    }
    return sets;
  }

  /**
   * Which CPUs each executor gets.
   *
   * @param executors how many there are, 1 or more
   * @param available the CPUs that may be used, such as {@link CpuSet#available()}
   * @return one set per executor; an empty one means that it is not pinned
   * @throws IllegalArgumentException if a CPU is not available, or there are too few
   */
  public List<CpuSet> assign(int executors, CpuSet available) {
    if (executors < 1) {
      throw bad("executors: " + executors + "; give 1 or more");
    }
    CpuSet wanted = cpus == null ? available : cpus;
    if (cpus != null && cpus.isEmpty()) {
      throw bad("the set of CPUs is empty; give at least one");
    }
    CpuSet unknown = wanted.difference(available);
    if (!unknown.isEmpty()) {
      throw bad(
          "CPU "
              + unknown
              + " is not there or may not be used by this process; available are "
              + available);
    }
    try {
      return rule.assign(executors, wanted);
    } catch (IllegalArgumentException refused) {
      throw bad(refused.getMessage());
    }
  }

  private IllegalArgumentException bad(@Nullable String message) {
    return new IllegalArgumentException("placement " + name + ": " + message);
  }

  private static List<CpuSet> single(int executors, CpuSet cpus, boolean spread) {
    if (executors > cpus.size()) {
      throw new IllegalArgumentException(
          executors + " executors need as many CPUs, available are " + cpus.size() + ": " + cpus);
    }
    List<Cpu> taken = new ArrayList<>();
    List<CpuSet> assigned = new ArrayList<>();
    for (int i = 0; i < executors; i++) {
      Cpu next = next(cpus.stream().toList(), taken, spread);
      taken.add(next);
      assigned.add(CpuSet.of(next));
    }
    return assigned;
  }

  /** From the whole machine down to a core, always into the group that suits best. */
  private static Cpu next(List<Cpu> cpus, List<Cpu> taken, boolean spread) {
    List<Cpu> scope = cpus;
    for (ToIntFunction<Cpu> level : LEVELS) {
      scope = best(scope, level, taken, spread);
    }
    return scope.stream().filter(cpu -> !taken.contains(cpu)).findFirst().orElseThrow();
  }

  private static List<Cpu> best(
      List<Cpu> scope, ToIntFunction<Cpu> level, List<Cpu> taken, boolean spread) {
    Map<Integer, List<Cpu>> groups =
        scope.stream()
            .collect(Collectors.groupingBy(level::applyAsInt, TreeMap::new, Collectors.toList()));
    Function<List<Cpu>, Double> saturation =
        group -> (double) group.stream().filter(taken::contains).count() / group.size();
    Comparator<List<Cpu>> leastFirst = Comparator.comparing(saturation);
    return groups.values().stream()
        .filter(group -> saturation.apply(group) < 1)
        .min(spread ? leastFirst : leastFirst.reversed())
        .orElseThrow();
  }

  @Override
  public String toString() {
    return cpus == null ? name : name + "(" + cpus + ")";
  }
}
