package dev.ringlet.examples.kv;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Numbers and words in the bytes of a protocol. Immutable. */
final class Ascii {
  private static final byte[] MIN = bytes(Long.toString(Long.MIN_VALUE));
  private static final int MAX_DIGITS = 19;

  private Ascii() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static String upper(byte[] bytes) {
    return text(bytes).toUpperCase(Locale.ROOT);
  }

  static String lower(byte[] bytes) {
    return text(bytes).toLowerCase(Locale.ROOT);
  }

  /** Whether the bytes are the word, whatever their case; the word is given in upper case. */
  static boolean is(byte[] bytes, String word) {
    if (bytes.length != word.length()) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if (upper(bytes[i]) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  static int upper(byte letter) {
    return letter >= 'a' && letter <= 'z' ? letter - ('a' - 'A') : letter & 0xFF;
  }

  /**
   * Whether the first bytes are a 64-bit number as Redis takes it: optional minus, no plus, no
   * blanks, no leading zeros.
   */
  static boolean isLong(byte[] bytes, int length) {
    if (length == 1 && bytes[0] == '0') {
      return true;
    }
    int start = length > 0 && bytes[0] == '-' ? 1 : 0;
    int digits = length - start;
    if (digits < 1 || digits > MAX_DIGITS || bytes[start] == '0') {
      return false;
    }
    for (int i = start; i < length; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return false;
      }
    }
    // 19 digits overflow to a negative value exactly when they are too large.
    return digits < MAX_DIGITS || magnitude(bytes, start, length) >= 0 || isMin(bytes, length);
  }

  private static boolean isMin(byte[] bytes, int length) {
    if (length != MIN.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[i] != MIN[i]) {
        return false;
      }
    }
    return true;
  }

  /** The value of what {@link #isLong} accepted. */
  static long parseLong(byte[] bytes, int length) {
    return bytes[0] == '-' ? -magnitude(bytes, 1, length) : magnitude(bytes, 0, length);
  }

  private static long magnitude(byte[] bytes, int start, int length) {
    long value = 0;
    for (int i = start; i < length; i++) {
      value = value * 10 + (bytes[i] - '0');
    }
    return value;
  }

  /** Writes a number in decimal and gives the index after it; needs up to 20 bytes of room. */
  static int write(byte[] target, int index, long value) {
    if (value == Long.MIN_VALUE) {
      System.arraycopy(MIN, 0, target, index, MIN.length);
      return index + MIN.length;
    }
    int position = index;
    long rest = value;
    if (rest < 0) {
      target[position++] = '-';
      rest = -rest;
    }
    int end = position + digits(rest);
    for (int i = end - 1; i >= position; i--) {
      target[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return end;
  }

  /** How many characters the number has in decimal. */
  static int length(long value) {
    if (value == Long.MIN_VALUE) {
      return MIN.length;
    }
    return value < 0 ? 1 + digits(-value) : digits(value);
  }

  private static int digits(long value) {
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  static byte[] decimal(long value) {
    byte[] bytes = new byte[length(value)];
    write(bytes, 0, value);
    return bytes;
  }
}
