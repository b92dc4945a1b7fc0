package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

@RequiresUring
class OperationTableTest {
  private final OperationTable table = new OperationTable();

  @Test
  void armedOperationIsFoundByItsUserData() {
    Operation operation = armed();
    assertSame(operation, table.armed(operation.userData()));
    assertEquals(1, table.used());
  }

  @Test
  void completionOfAnEarlierUseOfTheSlotIsStale() {
    Operation operation = armed();
    long earlier = operation.userData();
    table.release(operation);
    assertNull(table.armed(earlier), "the slot is free");

    Operation again = armed();
    assertEquals(operation.index, again.index);
    assertNull(table.armed(earlier), "the slot is of another generation");
    assertSame(again, table.armed(again.userData()));
  }

  @Test
  void completionOfWhatTheKernelNeverGotIsStale() {
    Operation operation = table.take();
    operation.state = Operation.State.QUEUED;
    assertNull(table.armed(operation.userData()));
  }

  @Test
  void userDataOutOfRangeIsStale() {
    armed();
    assertNull(table.armed(0));
    assertNull(table.armed(-1));
    assertNull(table.armed(UserData.of(table.capacity(), 1)));
    assertNull(table.armed(UserData.of(Integer.MIN_VALUE, 1)));
  }

  @Test
  void growsAndGivesEachSlotItsOwnMemory() {
    Set<Long> addresses = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      assertTrue(addresses.add(armed().scratchAddress));
    }
    assertEquals(1000, table.used());
    for (int i = 0; i < 1000; i++) {
      assertEquals(i, table.slot(i).index);
    }
  }

  @Test
  void generationSkipsZero() {
    Operation operation = armed();
    operation.generation = -1;
    table.release(operation);
    assertEquals(1, operation.generation);
    assertNotEquals(0, operation.userData());
  }

  private Operation armed() {
    Operation operation = table.take();
    operation.state = Operation.State.ARMED;
    return operation;
  }
}
