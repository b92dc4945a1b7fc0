package dev.ringlet.scheduler;

import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.spi.CpuAffinity;
import dev.ringlet.spi.Errno;
import java.lang.System.Logger.Level;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Which executor's thread goes to which CPU; any thread. */
final class Pinning {
  private static final System.Logger LOG = System.getLogger(Pinning.class.getName());

  private final @Nullable CpuAffinity affinity;
  private final int[] cpus;
  private final AtomicBoolean said = new AtomicBoolean();

  private Pinning(@Nullable CpuAffinity affinity, int[] cpus) {
    this.affinity = affinity;
    this.cpus = cpus;
  }

  /**
   * The plan for a number of executors; says once in the log why there is none, if one is wanted.
   */
  static Pinning plan(ExecutorPool pool, int count) {
    if (!pool.pinned()) {
      return none();
    }
    CpuAffinity affinity =
        ServiceLoader.load(CpuAffinity.class, Pinning.class.getClassLoader())
            .findFirst()
            .orElse(null);
    if (affinity == null) {
      return unpinned("no CpuAffinity on the class or module path; add dev.ringlet:ringlet-uring");
    }
    String cause = affinity.unavailabilityCause();
    if (cause != null) {
      return unpinned(cause);
    }
    int[] cpus = affinity.allowedCpus();
    if (count > cpus.length) {
      return unpinned(count + " executors on " + cpus.length + " CPUs");
    }
    return new Pinning(affinity, cpus);
  }

  private static Pinning none() {
    return new Pinning(null, new int[0]);
  }

  private static Pinning unpinned(String cause) {
    LOG.log(Level.INFO, "executors run unpinned: {0}", cause);
    return none();
  }

  /** Pins the calling thread; the CPU, or empty if it runs unpinned. */
  OptionalInt pin(int executor) {
    if (affinity == null) {
      return OptionalInt.empty();
    }
    int cpu = cpus[executor];
    int result = affinity.pinCurrentThread(cpu);
    if (result == 0) {
      return OptionalInt.of(cpu);
    }
    if (said.compareAndSet(false, true)) {
      LOG.log(
          Level.INFO,
          "executors run unpinned: sched_setaffinity to CPU {0}: {1}",
          cpu,
          Errno.describe(-result));
    }
    return OptionalInt.empty();
  }
}
