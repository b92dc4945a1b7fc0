package dev.ringlet.uring;

import dev.ringlet.actor.RingletException;
import dev.ringlet.spi.CpuAffinity;
import dev.ringlet.spi.Errno;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Pins threads by {@code sched_setaffinity}. <b>Thread:</b> any thread. */
public final class LinuxCpuAffinity implements CpuAffinity {
  private static final int CALLING_THREAD = 0;

  /** Room for 1024 CPUs; grown when the kernel knows more. */
  private static final int MASK_BYTES = 128;

  private static final int MAX_MASK_BYTES = 1 << 16;

  /** For {@link java.util.ServiceLoader}. */
  public LinuxCpuAffinity() {}

  @Override
  public @Nullable String unavailabilityCause() {
    return UringProbe.nativeCause();
  }

  /**
   * {@inheritDoc}
   *
   * @throws RingletException if the kernel does not tell
   */
  @Override
  public int[] allowedCpus() {
    requireAvailable();
    for (int bytes = MASK_BYTES; ; bytes *= 2) {
      ByteBuffer mask = NativeMemory.allocate(bytes);
      int result = Libc.schedGetaffinity(CALLING_THREAD, bytes, NativeMemory.address(mask));
      if (result >= 0) {
        return BitSet.valueOf(mask).stream().toArray();
      }
      if (result != -Errno.EINVAL || bytes >= MAX_MASK_BYTES) {
        throw new RingletException("sched_getaffinity: " + Errno.describe(-result));
      }
    }
  }

  @Override
  public int pinCurrentThread(int... cpus) {
    requireAvailable();
    BitSet numbers = new BitSet();
    for (int cpu : cpus) {
      if (cpu < 0 || cpu >= MAX_MASK_BYTES * Byte.SIZE) {
        return -Errno.EINVAL;
      }
      numbers.set(cpu);
    }
    int words = (numbers.length() + Long.SIZE - 1) / Long.SIZE;
    int bytes = Math.max(MASK_BYTES, words * Long.BYTES);
    ByteBuffer mask = NativeMemory.allocate(bytes);
    mask.duplicate().put(numbers.toByteArray());
    return Libc.schedSetaffinity(CALLING_THREAD, bytes, NativeMemory.address(mask));
  }

  private void requireAvailable() {
    String cause = unavailabilityCause();
    if (cause != null) {
      throw new RingletException("CPU affinity cannot be used: " + cause);
    }
  }
}
