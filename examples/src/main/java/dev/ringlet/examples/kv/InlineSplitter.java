package dev.ringlet.examples.kv;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits a command line as typed by a human: blanks separate, double quotes know {@code \n \r \t \b
 * \a \xHH} and escaped characters, single quotes know {@code \'}. Used by one thread, once.
 */
final class InlineSplitter {
  private final byte[] line;
  private final int length;
  private final ByteArrayOutputStream word = new ByteArrayOutputStream();
  private int position;

  private InlineSplitter(byte[] line, int length) {
    this.line = line;
    this.length = length;
  }

  /** The words, or null if quotes are unbalanced. */
  static byte @Nullable [][] split(byte[] line, int length) {
    InlineSplitter splitter = new InlineSplitter(line, length);
    List<byte[]> words = new ArrayList<>();
    while (splitter.skipBlanks()) {
      if (!splitter.readWord()) {
        return null;
      }
      words.add(splitter.word.toByteArray());
      splitter.word.reset();
    }
    return words.toArray(byte[][]::new);
  }

  private boolean skipBlanks() {
    while (position < length && isBlank(line[position])) {
      position++;
    }
    return position < length;
  }

  private static boolean isBlank(byte value) {
    return value == ' ' || value == '\t' || value == '\r' || value == '\n' || value == 0;
  }

  private boolean readWord() {
    while (position < length && !isBlank(line[position])) {
      byte next = line[position++];
      boolean balanced = true;
      if (next == '"') {
        balanced = readDoubleQuoted();
      } else if (next == '\'') {
        balanced = readSingleQuoted();
      } else {
        word.write(next);
      }
      if (!balanced) {
        return false;
      }
    }
    return true;
  }

  private boolean readDoubleQuoted() {
    while (position < length) {
      byte next = line[position++];
      if (next == '"') {
        return atEndOfWord();
      }
      word.write(next == '\\' && position < length ? readEscape() : next);
    }
    return false;
  }

  private int readEscape() {
    byte next = line[position++];
    if (next == 'x' && position + 1 < length) {
      int high = Character.digit(line[position], 16);
      int low = Character.digit(line[position + 1], 16);
      if (high >= 0 && low >= 0) {
        position += 2;
        return (high << 4) | low;
      }
    }
    return switch (next) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 7;
      default -> next;
    };
  }

  private boolean readSingleQuoted() {
    while (position < length) {
      byte next = line[position++];
      if (next == '\'') {
        return atEndOfWord();
      }
      if (next == '\\' && position < length && line[position] == '\'') {
        position++;
        next = '\'';
      }
      word.write(next);
    }
    return false;
  }

  /** A closing quote must end its word. */
  private boolean atEndOfWord() {
    return position == length || isBlank(line[position]);
  }
}
