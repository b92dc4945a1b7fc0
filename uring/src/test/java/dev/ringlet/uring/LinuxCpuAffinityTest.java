package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringlet.spi.CpuAffinity;
import dev.ringlet.spi.Errno;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinuxCpuAffinityTest {
  private final CpuAffinity affinity =
      ServiceLoader.load(CpuAffinity.class).findFirst().orElseThrow();

  @BeforeEach
  void needsLinux() {
    String cause = affinity.unavailabilityCause();
    assumeTrue(cause == null, cause);
  }

  @Test
  void pinsTheCallingThreadOnly() {
    int[] before = affinity.allowedCpus();
    assertTrue(before.length > 0);
    for (int cpu : before) {
      int[] pinned =
          inOwnThread(
              () -> {
                assertEquals(0, affinity.pinCurrentThread(cpu));
                return affinity.allowedCpus();
              });
      assertArrayEquals(new int[] {cpu}, pinned);
    }
    assertArrayEquals(before, affinity.allowedCpus());
  }

  @Test
  void cpusThatAreNotThereAreRefused() {
    assertEquals(-Errno.EINVAL, affinity.pinCurrentThread(-1));
    assertEquals(-Errno.EINVAL, affinity.pinCurrentThread(Integer.MAX_VALUE));
    assertEquals(-Errno.EINVAL, inOwnThread(() -> affinity.pinCurrentThread(5000)));
  }

  private static <T> T inOwnThread(Supplier<T> work) {
    AtomicReference<T> result = new AtomicReference<>();
    Thread thread = new Thread(() -> result.set(work.get()));
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return result.get();
  }
}
