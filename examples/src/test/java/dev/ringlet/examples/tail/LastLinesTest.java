package dev.ringlet.examples.tail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

final class LastLinesTest {
  /** However the file is cut into blocks, the lines from there on are the last ones. */
  @Property
  void startIsThatOfTheLastLines(
      @ForAll @StringLength(max = 40) @CharRange(from = '\n', to = '\f') String text,
      @ForAll @IntRange(min = 0, max = 12) int wanted,
      @ForAll @IntRange(min = 1, max = 9) int block) {
    byte[] bytes = text.getBytes(UTF_8);
    LastLines search = new LastLines(wanted, bytes.length);
    for (int end = bytes.length; end > 0 && search.isLooking(); end -= block) {
      int from = Math.max(0, end - block);
      search.look(from, Arrays.copyOfRange(bytes, from, end));
    }
    String last = text.substring((int) search.start());
    assertEquals(Math.min(wanted, linesOf(text)), linesOf(last));
  }

  /** Ended by a line feed, or by the end of the text. */
  private static long linesOf(String text) {
    long ends = text.chars().filter(next -> next == '\n').count();
    return text.isEmpty() || text.endsWith("\n") ? ends : ends + 1;
  }
}
