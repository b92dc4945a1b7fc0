package dev.ringlet.scheduler;

import dev.ringlet.actor.RingletException;
import dev.ringlet.executor.CpuSet;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.Placement;
import dev.ringlet.spi.CpuAffinity;
import dev.ringlet.spi.Errno;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Which executor's thread goes to which CPUs; any thread. What the user has asked for is done or is
 * an error; what nobody has asked for is done where it can be.
 */
final class Pinning {
  private static final System.Logger LOG = System.getLogger(Pinning.class.getName());

  private static final String NO_AFFINITY =
      "no CpuAffinity on the class or module path; add dev.ringlet:ringlet-uring";

  /** How what a thread has started gets away from its CPUs. */
  private static final ThreadLocal<Runnable> RELEASE = ThreadLocal.withInitial(() -> Pinning::stay);

  private final @Nullable CpuAffinity affinity;
  private final boolean wanted;
  private final List<CpuSet> sets;
  private final AtomicBoolean said = new AtomicBoolean();

  private Pinning(@Nullable CpuAffinity affinity, boolean wanted, List<CpuSet> sets) {
    this.affinity = affinity;
    this.wanted = wanted;
    this.sets = sets;
  }

  /** The plan for a number of executors. */
  static Pinning plan(ExecutorPool pool, int count) {
    return plan(
        pool.placement(), count, CpuSet.available(), Runtime.getRuntime().availableProcessors());
  }

  /**
   * The plan for a number of executors on a machine.
   *
   * @param processors how many CPUs the process may use at a time, see {@link
   *     Runtime#availableProcessors}, which knows the quotas of containers
   */
  static Pinning plan(@Nullable Placement placement, int count, CpuSet available, int processors) {
    CpuAffinity affinity = affinity();
    String cause = affinity == null ? NO_AFFINITY : affinity.unavailabilityCause();
    if (placement != null) {
      return asTold(placement, placement.assign(count, available), affinity, cause);
    }
    if (cause == null && count > available.size()) {
      cause = count + " executors on " + available.size() + " CPUs";
    }
    if (cause == null && count > processors) {
      cause = count + " executors where the container may use " + processors + " CPUs at a time";
    }
    if (cause != null) {
      LOG.log(Level.INFO, "executors run unpinned: {0}", cause);
      return none(count);
    }
    return new Pinning(affinity, false, Placement.maxSpread().assign(count, available));
  }

  private static @Nullable CpuAffinity affinity() {
    return ServiceLoader.load(CpuAffinity.class, Pinning.class.getClassLoader())
        .findFirst()
        .orElse(null);
  }

  private static Pinning asTold(
      Placement placement,
      List<CpuSet> sets,
      @Nullable CpuAffinity affinity,
      @Nullable String cause) {
    if (sets.stream().allMatch(CpuSet::isEmpty)) {
      return none(sets.size());
    }
    if (cause != null) {
      throw new RingletException("placement " + placement + " cannot be met: " + cause);
    }
    return new Pinning(affinity, true, sets);
  }

  private static Pinning none(int count) {
    return new Pinning(null, false, Collections.nCopies(count, CpuSet.empty()));
  }

  /** Pins the calling thread; the CPUs, none if it runs unpinned. */
  CpuSet pin(int executor) {
    CpuSet cpus = sets.get(executor);
    if (affinity == null || cpus.isEmpty()) {
      return CpuSet.empty();
    }
    int[] before = affinity.allowedCpus();
    int result = affinity.pinCurrentThread(cpus.numbers());
    if (result == 0) {
      RELEASE.set(() -> release(affinity, before));
      return cpus;
    }
    String failure = "sched_setaffinity to CPU " + cpus + ": " + Errno.describe(-result);
    if (wanted) {
      throw new RingletException(failure);
    }
    if (said.compareAndSet(false, true)) {
      LOG.log(Level.INFO, "executors run unpinned: {0}", failure);
    }
    return CpuSet.empty();
  }

  /**
   * What a thread has to do first that works for the calling one: threads are born to the CPUs of
   * whoever starts them, and one that blocks or computes on an executor's CPU would hold its actors
   * up. It goes to where the executor's thread came from.
   */
  static Runnable release() {
    return RELEASE.get();
  }

  private static void stay() {}

  private static void release(CpuAffinity affinity, int[] before) {
    int result = affinity.pinCurrentThread(before);
    if (result != 0) {
      LOG.log(
          Level.WARNING,
          "{0} stays on the CPUs of an executor: sched_setaffinity: {1}",
          Thread.currentThread().getName(),
          Errno.describe(-result));
    }
  }

  /** Whether an executor is to have a CPU that no other of the system runs on. */
  boolean isDedicated(int executor) {
    CpuSet own = sets.get(executor);
    if (own.size() != 1) {
      return false;
    }
    for (int other = 0; other < sets.size(); other++) {
      if (other != executor && !sets.get(other).isDisjointFrom(own)) {
        return false;
      }
    }
    return true;
  }
}
