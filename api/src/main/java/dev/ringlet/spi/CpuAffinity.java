package dev.ringlet.spi;

import org.jspecify.annotations.Nullable;

/** Pins threads to CPUs; found by {@link java.util.ServiceLoader}. <b>Thread:</b> any thread. */
public interface CpuAffinity {
  /**
   * Why it cannot be used here.
   *
   * @return the cause in one sentence, or null if it can
   */
  @Nullable String unavailabilityCause();

  /**
   * The CPUs that the calling thread may run on, ascending.
   *
   * @return the kernel's CPU numbers
   */
  int[] allowedCpus();

  /**
   * Pins the calling thread.
   *
   * @param cpus the kernel's CPU numbers, at least one
   * @return 0, or a negative error number
   */
  int pinCurrentThread(int... cpus);
}
