package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.spi.Errno;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/** How the set-up makes do with less, against kernels that are older or poorer than this one. */
class RingSetupTest {
  private static final int FD = 77;

  /** One attempt, as the kernel sees it. */
  private record Attempt(int entries, int completions, int flags, int features) {
    boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }

  private final ByteBuffer params = NativeMemory.allocate(ParamsLayout.BYTES);
  private final List<Attempt> attempts = new ArrayList<>();

  private int setup(int sqEntries, int cqEntries, ToIntFunction<Attempt> kernel) {
    RingSetup.Call call =
        (entries, address) -> {
          assertEquals(NativeMemory.address(params), address);
          attempts.add(
              new Attempt(
                  entries,
                  params.getInt(ParamsLayout.CQ_ENTRIES),
                  params.getInt(ParamsLayout.FLAGS),
                  params.getInt(ParamsLayout.FEATURES)));
          params.putInt(ParamsLayout.FEATURES, -1);
          return kernel.applyAsInt(last());
        };
    return new RingSetup(call, params).setup(sqEntries, cqEntries);
  }

  private Attempt last() {
    return attempts.get(attempts.size() - 1);
  }

  @Test
  void theBestIsTriedFirst() {
    assertEquals(FD, setup(64, 256, attempt -> FD));
    assertEquals(1, attempts.size());
    assertEquals(64, last().entries());
    assertEquals(256, last().completions());
    int wanted =
        Abi.IORING_SETUP_SINGLE_ISSUER
            | Abi.IORING_SETUP_DEFER_TASKRUN
            | Abi.IORING_SETUP_TASKRUN_FLAG
            | Abi.IORING_SETUP_SUBMIT_ALL
            | Abi.IORING_SETUP_NO_SQARRAY
            | Abi.IORING_SETUP_CLAMP
            | Abi.IORING_SETUP_CQSIZE;
    assertEquals(wanted, last().flags());
  }

  /** Linux 6.1 to 6.5. */
  @Test
  void aKernelWithIndexArrayKeepsDeferredWork() {
    int result =
        setup(64, 256, attempt -> attempt.has(Abi.IORING_SETUP_NO_SQARRAY) ? -Errno.EINVAL : FD);
    assertEquals(FD, result);
    assertTrue(last().has(Abi.IORING_SETUP_DEFER_TASKRUN));
  }

  /** Linux 6.0. */
  @Test
  void aKernelWithoutDeferredWorkStillHasOneIssuer() {
    int young = Abi.IORING_SETUP_NO_SQARRAY | Abi.IORING_SETUP_DEFER_TASKRUN;
    assertEquals(FD, setup(64, 256, attempt -> attempt.has(young) ? -Errno.EINVAL : FD));
    assertTrue(last().has(Abi.IORING_SETUP_SINGLE_ISSUER));
    assertTrue(last().has(Abi.IORING_SETUP_COOP_TASKRUN));
    assertTrue(last().has(Abi.IORING_SETUP_TASKRUN_FLAG));
  }

  @Test
  void anOlderKernelIsRefused() {
    int result =
        setup(64, 256, attempt -> attempt.has(Abi.IORING_SETUP_SINGLE_ISSUER) ? -Errno.EINVAL : FD);
    assertEquals(-Errno.EINVAL, result);
  }

  @Test
  void shortMemoryHalvesBothQueues() {
    assertEquals(FD, setup(64, 256, attempt -> attempt.entries() > 16 ? -Errno.ENOMEM : FD));
    assertEquals(16, last().entries());
    assertEquals(64, last().completions());
  }

  /** Memory of rings that were just closed comes back late. */
  @Test
  void shortMemoryIsTriedAgainBeforeItHalves() {
    assertEquals(FD, setup(64, 256, attempt -> attempts.size() < 3 ? -Errno.ENOMEM : FD));
    assertEquals(64, last().entries());
  }

  @Test
  void noMemoryAtAllIsRefusedInTheEnd() {
    assertEquals(-Errno.ENOMEM, setup(64, 64, attempt -> -Errno.ENOMEM));
    assertEquals(RingSetup.MIN_SQ_ENTRIES, last().entries());
    assertTrue(attempts.stream().allMatch(each -> each.completions() >= each.entries()));
  }

  @Test
  void aRefusalIsFinal() {
    assertEquals(-Errno.EPERM, setup(64, 64, attempt -> -Errno.EPERM));
    assertEquals(1, attempts.size());
  }

  @Test
  void eachAttemptBeginsWithCleanParameters() {
    setup(64, 64, attempt -> -Errno.EINVAL);
    assertEquals(3, attempts.size());
    assertTrue(attempts.stream().allMatch(attempt -> attempt.features() == 0));
  }
}
