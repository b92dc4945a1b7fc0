package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class UserDataTest {
  @Property
  void slotAndGenerationComeBack(
      @ForAll @IntRange(max = Integer.MAX_VALUE) int slot, @ForAll int generation) {
    long userData = UserData.of(slot, generation);
    assertEquals(slot, UserData.slot(userData));
    assertEquals(generation, UserData.generation(userData));
  }

  @Property
  void zeroIsNoName(@ForAll @IntRange(max = Integer.MAX_VALUE) int slot) {
    assertNotEquals(0, UserData.of(slot, 1));
  }
}
