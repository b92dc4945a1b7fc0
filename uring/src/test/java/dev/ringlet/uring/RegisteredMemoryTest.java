package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.ringlet.spi.IoMemory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ring's table of pinned memory. */
final class RegisteredMemoryTest {
  private static final int PIECE = 1 << 16;

  private Ring ring;
  private RegisteredMemory table;

  @BeforeEach
  void open() {
    ring = Ring.open(8, 16);
    table = RegisteredMemory.open(ring, this);
  }

  @AfterEach
  void close() {
    ring.close();
  }

  private IoMemory memory(int bytes, Object driver) {
    var piece = NativeMemory.allocateAligned(bytes, Libc.pageBytes());
    return new IoMemory(piece, NativeMemory.address(piece), driver);
  }

  @Test
  void memoryEntersOnceAndLeaves() {
    IoMemory memory = memory(PIECE, this);
    int slot = table.slotOf(memory);
    assertNotEquals(RegisteredMemory.NONE, slot);
    assertEquals(slot, table.slotOf(memory));
    assertEquals(1, table.count());
    table.remove(memory);
    table.remove(memory);
    assertEquals(0, table.count());
    assertEquals(RegisteredMemory.NONE, memory.driverSlot);
    assertEquals(slot, table.slotOf(memory(PIECE, this)));
  }

  @Test
  void memoryOfOthersAndLargePiecesStayOutside() {
    IoMemory foreign = memory(PIECE, new Object());
    foreign.driverSlot = 3;
    assertEquals(RegisteredMemory.NONE, table.slotOf(foreign));
    table.remove(foreign);
    assertEquals(3, foreign.driverSlot);
    assertEquals(RegisteredMemory.NONE, table.slotOf(memory((1 << 20) + 1, this)));
    assertEquals(0, table.count());
  }

  @Test
  void whatFindsNoPlaceIsUsedWithoutOne() {
    List<IoMemory> pieces = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      pieces.add(memory(4096, this));
      assertEquals(i, table.slotOf(pieces.get(i)));
    }
    IoMemory late = memory(4096, this);
    assertEquals(RegisteredMemory.NONE, table.slotOf(late));
    table.remove(pieces.get(100));
    assertEquals(100, table.slotOf(late));
    assertEquals(256, table.count());
  }

  @Test
  void aTableThatTheKernelRefusesHasNoRoom() {
    // a ring has one such table
    RegisteredMemory second = RegisteredMemory.open(ring, this);
    assertEquals(RegisteredMemory.NONE, second.slotOf(memory(PIECE, this)));
    assertEquals(0, second.count());
  }
}
