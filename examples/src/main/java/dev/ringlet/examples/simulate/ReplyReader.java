package dev.ringlet.examples.simulate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a server sends into replies, whatever pieces it comes in: simple strings, errors,
 * numbers and bulk strings of RESP2. The simulation's thread.
 */
final class ReplyReader {
  /**
   * One reply.
   *
   * @param type the first byte of it: {@code + - : $}
   * @param text what follows; null for the bulk string that is none
   */
  record Reply(char type, @Nullable String text) {
    boolean isError() {
      return type == '-';
    }
  }

  private final StringBuilder pending = new StringBuilder();

  void add(ByteBuffer bytes) {
    pending.append(StandardCharsets.ISO_8859_1.decode(bytes));
  }

  /** The next reply, or null if it is not there as a whole. */
  @Nullable Reply next() {
    int end = pending.indexOf("\r\n");
    if (end < 0) {
      return null;
    }
    char type = pending.charAt(0);
    String line = pending.substring(1, end);
    if (type != '$' || line.startsWith("-")) {
      pending.delete(0, end + 2);
      return new Reply(type, type == '$' ? null : line);
    }
    int begin = end + 2;
    int length = Integer.parseInt(line);
    if (pending.length() < begin + length + 2) {
      return null;
    }
    String text = pending.substring(begin, begin + length);
    pending.delete(0, begin + length + 2);
    return new Reply(type, text);
  }
}
