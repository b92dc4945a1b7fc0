package dev.ringlet.examples.kv;

/** An answer in RESP2, made by {@link Replies}. Immutable; its arrays must not be changed. */
@SuppressWarnings("ArrayRecordComponent") // never compared, and a copy of each value would cost
sealed interface Reply {
  /** How many bytes it takes on the wire. */
  long encodedBytes();

  /** Whether it is an error. */
  default boolean isError() {
    return false;
  }

  /**
   * A line that is encoded already.
   *
   * @param bytes with its type and line end
   * @param isError whether its type is the error
   */
  record Encoded(byte[] bytes, boolean isError) implements Reply {
    @Override
    public long encodedBytes() {
      return bytes.length;
    }

    @Override
    public String toString() {
      return Ascii.text(bytes).strip();
    }
  }

  /**
   * A number.
   *
   * @param value any
   */
  record Int(long value) implements Reply {
    @Override
    public long encodedBytes() {
      return 3L + Ascii.length(value);
    }
  }

  /**
   * A binary-safe string.
   *
   * @param bytes holds it at its begin
   * @param length how many of the bytes
   */
  record Bulk(byte[] bytes, int length) implements Reply {
    @Override
    public long encodedBytes() {
      return 5L + Ascii.length(length) + length;
    }
  }

  /**
   * A list, also of lists.
   *
   * @param items its elements
   */
  record Array(Reply[] items) implements Reply {
    @Override
    public long encodedBytes() {
      long bytes = 3L + Ascii.length(items.length);
      for (Reply item : items) {
        bytes += item.encodedBytes();
      }
      return bytes;
    }
  }
}
