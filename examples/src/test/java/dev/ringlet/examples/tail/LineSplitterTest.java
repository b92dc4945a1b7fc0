package dev.ringlet.examples.tail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

final class LineSplitterTest {
  private final LineSplitter splitter = new LineSplitter();

  /** However the bytes are cut, the lines are those of the whole. */
  @Property
  void linesDoNotDependOnThePieces(
      @ForAll
          @StringLength(max = 60)
          @CharRange(from = '\n', to = '\r')
          @CharRange(from = 'a', to = 'c')
          String text,
      @ForAll @IntRange(min = 1, max = 10) int piece) {
    LineSplitter fresh = new LineSplitter();
    byte[] bytes = text.getBytes(UTF_8);
    List<String> lines = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += piece) {
      lines.addAll(
          fresh.add(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + piece))));
    }
    lines.addAll(fresh.rest());
    List<String> expected = new ArrayList<>(List.of(text.split("\n", -1)));
    String last = expected.remove(expected.size() - 1);
    expected.replaceAll(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
    if (!last.isEmpty()) {
      expected.add(last);
    }
    assertEquals(expected, lines);
  }

  @Test
  void lineThatIsTooLongComesInPieces() {
    byte[] bytes = "x".repeat(2 * LineSplitter.MAX_BYTES + 1).getBytes(UTF_8);
    List<String> pieces = new ArrayList<>(splitter.add(bytes));
    pieces.addAll(splitter.add("\n".getBytes(UTF_8)));
    assertEquals(
        List.of(LineSplitter.MAX_BYTES, LineSplitter.MAX_BYTES, 1),
        pieces.stream().map(String::length).toList());
    assertEquals(List.of(), splitter.rest());
  }

  @Test
  void lineThatIsTooLongIsNotCutWithinACharacter() {
    String line = "x" + "\uD83D\uDE00".repeat(LineSplitter.MAX_BYTES / 2);
    List<String> pieces = new ArrayList<>(splitter.add((line + "\n").getBytes(UTF_8)));
    assertEquals(2, pieces.size());
    assertEquals(line, String.join("", pieces));
  }
}
