package dev.ringlet.examples.tail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts bytes into lines, and keeps the one that has only begun. A line that is too long is given in
 * pieces.
 */
final class LineSplitter {
  /** The most that is kept of a line, but for the rest of its last character. */
  static final int MAX_BYTES = 64 * 1024;

  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

  /** The lines that these bytes complete, without their ends. */
  List<String> add(byte[] bytes) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        begun.write(bytes, from, i - from);
        from = i + 1;
        lines.add(withoutReturn(take()));
      } else if (mayCut(begun.size() + i - from, bytes[i])) {
        begun.write(bytes, from, i - from);
        from = i;
        lines.add(take());
      }
    }
    begun.write(bytes, from, bytes.length - from);
    return lines;
  }

  /** What has begun and will not be completed; none, or one. */
  List<String> rest() {
    return begun.size() == 0 ? List.of() : List.of(take());
  }

  /** Not within a character: up to three bytes of one stand behind its first. */
  private static boolean mayCut(int length, byte next) {
    boolean within = (next & 0xC0) == 0x80;
    return length >= MAX_BYTES && !(within && length < MAX_BYTES + 3);
  }

  private String take() {
    String line = begun.toString(UTF_8);
    begun.reset();
    return line;
  }

  private static String withoutReturn(String line) {
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }
}
