package dev.ringlet.executor;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A set of CPUs, in the order of their numbers. Immutable.
 *
 * <p>A number stands for one CPU: sets with the same numbers are equal.
 */
public final class CpuSet implements Iterable<Cpu> {
  private static final CpuSet EMPTY = new CpuSet(new TreeSet<>());

  private final NavigableSet<Cpu> cpus;

  private CpuSet(NavigableSet<Cpu> cpus) {
    this.cpus = cpus;
  }

  /**
   * The CPUs that are online and that the calling thread may use: cpusets of containers and {@code
   * taskset} hold, and so does the pinning of the thread. Where the system does not tell, as many
   * as the virtual machine counts.
   *
   * @return the set, read anew with each call
   */
  public static CpuSet available() {
    return new CpuTopology(Path.of("/")).available();
  }

  /**
   * No CPU.
   *
   * @return the empty set
   */
  public static CpuSet empty() {
    return EMPTY;
  }

  /**
   * A set of given CPUs.
   *
   * @param cpus the CPUs
   * @return the set
   */
  public static CpuSet of(Collection<Cpu> cpus) {
    return new CpuSet(new TreeSet<>(cpus));
  }

  /**
   * A set of given CPUs.
   *
   * @param cpus the CPUs
   * @return the set
   */
  public static CpuSet of(Cpu... cpus) {
    return of(List.of(cpus));
  }

  /**
   * Those that a condition holds for.
   *
   * @param condition such as {@code cpu -> cpu.node() == 0}
   * @return the part
   */
  public CpuSet filter(Predicate<? super Cpu> condition) {
    return of(stream().filter(condition).toList());
  }

  /**
   * Those that are in this set, in the other, or in both.
   *
   * @param other the other set
   * @return the union
   */
  public CpuSet union(CpuSet other) {
    NavigableSet<Cpu> all = new TreeSet<>(cpus);
    all.addAll(other.cpus);
    return new CpuSet(all);
  }

  /**
   * Those that are in both sets.
   *
   * @param other the other set
   * @return the intersection
   */
  public CpuSet intersection(CpuSet other) {
    return filter(other::contains);
  }

  /**
   * Those that are not in the other set.
   *
   * @param other the other set
   * @return the difference
   */
  public CpuSet difference(CpuSet other) {
    return filter(cpu -> !other.contains(cpu));
  }

  /**
   * Those that are in one of the sets only.
   *
   * @param other the other set
   * @return the symmetric difference
   */
  public CpuSet symmetricDifference(CpuSet other) {
    return difference(other).union(other.difference(this));
  }

  /**
   * Whether no CPU is in both.
   *
   * @param other the other set
   * @return true if the intersection is empty
   */
  public boolean isDisjointFrom(CpuSet other) {
    return intersection(other).isEmpty();
  }

  /**
   * Whether all are in the other set too.
   *
   * @param other the other set
   * @return true for equal sets, and for the empty set
   */
  public boolean isSubsetOf(CpuSet other) {
    return other.cpus.containsAll(cpus);
  }

  /**
   * Whether a CPU of this number is in the set.
   *
   * @param cpu the CPU
   * @return true if it is
   */
  public boolean contains(Cpu cpu) {
    return cpus.contains(cpu);
  }

  /**
   * How many there are.
   *
   * @return the number
   */
  public int size() {
    return cpus.size();
  }

  /**
   * Whether there is none.
   *
   * @return true for the empty set
   */
  public boolean isEmpty() {
    return cpus.isEmpty();
  }

  /**
   * The CPUs in the order of their numbers.
   *
   * @return a stream
   */
  public Stream<Cpu> stream() {
    return cpus.stream();
  }

  @Override
  public Iterator<Cpu> iterator() {
    return List.copyOf(cpus).iterator();
  }

  /**
   * The kernel's numbers.
   *
   * @return ascending
   */
  public int[] numbers() {
    return stream().mapToInt(Cpu::number).toArray();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CpuSet set && Arrays.equals(numbers(), set.numbers());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(numbers());
  }

  /** As the kernel writes it, such as {@code 0-3,8}. */
  @Override
  public String toString() {
    BitSet numbers = new BitSet();
    cpus.forEach(cpu -> numbers.set(cpu.number()));
    return CpuList.text(numbers);
  }
}
