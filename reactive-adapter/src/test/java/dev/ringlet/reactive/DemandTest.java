package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DemandTest {
  private final Demand demand = new Demand();

  @BeforeEach
  void open() {
    assertTrue(demand.open());
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
  void opensOnce() {
    assertFalse(demand.open());
    assertFalse(demand.refuse());
    assertFalse(demand.isClosed());
  }

  @Test
  void refusedDemandNeverOpens() {
    Demand refused = new Demand();
    assertTrue(refused.refuse());
    assertFalse(refused.open());
    assertTrue(refused.isClosed());
    assertFalse(refused.add(1));
  }
}
