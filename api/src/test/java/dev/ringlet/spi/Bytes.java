package dev.ringlet.spi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Bytes to send and compare. */
final class Bytes {
  private final ByteArrayOutputStream collected = new ByteArrayOutputStream();

  void add(byte[] more) {
    collected.writeBytes(more);
  }

  int size() {
    return collected.size();
  }

  byte[] toArray() {
    return collected.toByteArray();
  }

  static byte[] of(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Always the same bytes, with no pattern that a mistake in an offset could hide in. */
  static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }
}
