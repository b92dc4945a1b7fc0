package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** How many elements may be on their way. */
final class WriteWindowTest {
  private final WriteWindow window =
      new WriteWindow(WriteOptions.arrays().withAhead(16).withMaxBytes(1_000));

  @Test
  void opensWithOneAndThenAsWideAsElementsAreSmall() {
    assertEquals(1, window.open());
    assertEquals(0, window.open());
    write(1, 10);
    assertEquals(16, window.open());
  }

  @Test
  void bytesNarrowIt() {
    assertEquals(1, window.open());
    write(1, 200);
    assertEquals(5, window.open());
    write(2, 1_000);
    assertEquals(0, window.open());
    write(3, 30);
    assertEquals(16, window.open());
  }

  @Test
  void opensAgainWhenHalfOfItIsWritten() {
    assertEquals(1, window.open());
    write(1, 1);
    assertEquals(16, window.open());
    write(7, 7);
    assertEquals(0, window.open());
    write(1, 1);
    assertEquals(8, window.open());
  }

  @Test
  void oneElementMayAlwaysBe() {
    assertEquals(1, window.open());
    write(1, 5_000);
    assertEquals(1, window.open());
    write(1, 0);
    assertEquals(16, window.open());
  }

  private void write(int elements, long bytes) {
    window.writing(elements, bytes);
    window.written(elements);
  }
}
