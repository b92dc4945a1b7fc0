package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GateTest {
  @Test
  void closedGateLetsNobodyIn() {
    Gate gate = new Gate();
    assertTrue(gate.tryEnter());
    gate.exit();
    gate.closeAndAwait();
    assertFalse(gate.tryEnter());
  }

  /** Whoever got in finds the resource open, in every round. */
  @Test
  void closeWaitsForThoseInside() throws InterruptedException {
    for (int round = 0; round < 300; round++) {
      Gate gate = new Gate();
      boolean[] open = {true};
      AtomicInteger broken = new AtomicInteger();
      List<Thread> users = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Thread user =
            new Thread(
                () -> {
                  while (gate.tryEnter()) {
                    if (!open[0]) {
                      broken.incrementAndGet();
                    }
                    gate.exit();
                  }
                });
        user.start();
        users.add(user);
      }
      gate.closeAndAwait();
      open[0] = false;
      for (Thread user : users) {
        user.join();
      }
      assertEquals(0, broken.get());
    }
  }
}
