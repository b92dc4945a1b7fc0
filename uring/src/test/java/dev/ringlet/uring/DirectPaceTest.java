package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

final class DirectPaceTest {
  private final DirectPace pace = new DirectPace();

  private int callsFor(int operations) {
    int calls = 0;
    for (int i = 0; i < operations; i++) {
      pace.filled();
      if (pace.isDiskIdle()) {
        pace.entered();
        calls++;
      }
    }
    return calls;
  }

  @Test
  void anIdleDiskIsGivenOneThenTwoThenFour() {
    assertEquals(5, callsFor(31));
    assertFalse(pace.isDiskIdle());
  }

  @Test
  void aBusyDiskIsGivenMoreAtTheEndOfTheTurn() {
    callsFor(31);
    assertEquals(0, callsFor(31));
    pace.entered();
    for (int i = 0; i < 62; i++) {
      pace.ended();
    }
    assertEquals(1, callsFor(1));
  }
}
