package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the options of a write say and refuse. */
final class WriteOptionsTest {
  @Test
  void boundsAreChecked() {
    assertRefused("elements: 0", () -> WriteOptions.arrays().withAhead(0));
    assertRefused("elements: 65537", () -> WriteOptions.arrays().withAhead(65_537));
    assertRefused("bytes: 0", () -> WriteOptions.arrays().withMaxBytes(0));
  }

  private static void assertRefused(String what, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith(what), message);
  }

  @Test
  void eachChangeKeepsTheOthers() {
    WriteOptions<byte[]> options =
        WriteOptions.arrays()
            .withAhead(3)
            .withMaxBytes(77)
            .withEnd(WriteOptions.End.SHUT_DOWN)
            .withDiscard(array -> {});
    assertEquals(3, options.ahead());
    assertEquals(77, options.maxBytes());
    assertEquals(WriteOptions.End.SHUT_DOWN, options.endOr(WriteOptions.End.CLOSE));
    assertEquals(WriteOptions.End.CLOSE, WriteOptions.buffers().endOr(WriteOptions.End.CLOSE));
  }
}
