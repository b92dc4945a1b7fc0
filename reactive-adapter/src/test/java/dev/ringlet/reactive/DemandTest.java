package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DemandTest {
  private final Demand demand = new Demand();

  @BeforeEach
  void start() {
    assertFalse(demand.start());
  }

  @Test
  void onlyTheFirstRequestWakesTheActorUntilItTakes() {
    assertTrue(demand.add(2));
    assertFalse(demand.add(3));
    assertEquals(5, demand.take());
    assertEquals(0, demand.take());
    assertTrue(demand.add(1));
  }

  @Test
  void spec317_demandSaturates() {
    demand.add(Long.MAX_VALUE - 1);
    demand.add(Long.MAX_VALUE - 1);
    assertEquals(Long.MAX_VALUE, demand.take());
  }

  @Test
  void closingWakesTheActorOnceAndForgetsWhatWasRequested() {
    assertTrue(demand.close(Demand.CANCELLED));
    assertFalse(demand.close(Demand.ENDED));
    assertFalse(demand.add(1));
    assertEquals(Demand.CANCELLED, demand.take());
    assertEquals(Demand.CANCELLED, demand.take());
  }

  @Test
  void closingDoesNotWakeTheActorThatIsToTakeAnyway() {
    demand.add(1);
    assertFalse(demand.close(Demand.VIOLATED));
    assertEquals(Demand.VIOLATED, demand.take());
  }

  @Test
  void startWakesTheActorForWhatCameBefore() {
    Demand early = new Demand();
    assertFalse(early.add(2));
    assertFalse(early.add(3));
    assertTrue(early.start());
    assertFalse(early.add(1));
    assertEquals(6, early.take());
    assertTrue(early.add(1));
  }

  @Test
  void spec317_demandSaturatesBeforeTheStart() {
    Demand early = new Demand();
    early.add(Long.MAX_VALUE);
    assertTrue(early.start());
    assertEquals(Long.MAX_VALUE, early.take());
  }

  @Test
  void closingBeforeTheStartWakesTheActorWhenItStarts() {
    Demand early = new Demand();
    assertFalse(early.close(Demand.CANCELLED));
    assertTrue(early.isClosed());
    assertTrue(early.start());
    assertFalse(early.close(Demand.ENDED));
    assertEquals(Demand.CANCELLED, early.take());
  }
}
