package dev.ringlet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.spi.IoOpcode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** However late completions are, those of one operation are seen in their order. */
final class CompletionOrderTest {
  private static final int COMPLETIONS = 20;

  @Test
  void lateOnesOfOneOperationDoNotOvertakeEachOther() {
    FaultPlan plan = FaultPlan.none().withProbability(Fault.LATE_COMPLETION, 0.5);
    List<Integer> wanted = new ArrayList<>();
    for (int i = 1; i <= COMPLETIONS; i++) {
      wanted.add(i);
    }
    for (long seed = 0; seed < 100; seed++) {
      assertEquals(wanted, completions(new SimWorld(seed, plan), new SplittableRandom(seed)));
    }
  }

  /** Time passes without the world having done what is due meanwhile. */
  private static List<Integer> completions(SimWorld world, SplittableRandom random) {
    ProcessRig rig = new ProcessRig(world);
    Call call = Call.on(null, IoOpcode.DELAY);
    call.position = Duration.ofHours(1).toNanos();
    SimOperation operation = (SimOperation) rig.submit(call).driverState;
    for (int i = 1; i < COMPLETIONS; i++) {
      operation.more(i, null);
      world.clock().advance(random.nextInt(3) * 200_000L);
      if (random.nextBoolean()) {
        rig.poll();
      }
    }
    operation.end(COMPLETIONS);
    while (call.inFlight && world.stepToNext()) {
      rig.poll();
    }
    return call.completions.stream().map(Call.Completion::result).toList();
  }
}
