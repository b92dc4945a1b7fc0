package dev.ringlet.io;

/**
 * How a stream of bytes is cut into frames, see {@link Io#frames}. Immutable.
 *
 * <p>A frame that is longer than {@link #maxLength()} ends the stream with {@link IoException}
 * {@code EMSGSIZE}, a stream that ends within a frame with {@code EBADMSG}; both name the position
 * of the frame in the stream.
 */
public sealed interface Framing {
  /** The longest frame unless told otherwise: 64 KiB. */
  int DEFAULT_MAX_LENGTH = 64 * 1024;

  /**
   * The longest frame that is let through, without what delimits it.
   *
   * @return bytes
   */
  int maxLength();

  /**
   * Sets the longest frame. The bytes of a frame that has not come whole are kept in memory, for
   * each stream.
   *
   * @param bytes 1 to 512 MiB
   * @return the changed copy
   */
  Framing withMaxLength(int bytes);

  /**
   * Lines: each ends with a line feed, or a carriage return and a line feed, neither of which is
   * part of it. The last one may lack its end.
   *
   * @return the framing, for lines of at most {@link #DEFAULT_MAX_LENGTH} bytes
   */
  static Framing lines() {
    return new Delimited((byte) '\n', true, DEFAULT_MAX_LENGTH);
  }

  /**
   * Frames that each end with a byte, which is not part of them. The last one may lack it.
   *
   * @param delimiter the byte
   * @return the framing, for frames of at most {@link #DEFAULT_MAX_LENGTH} bytes
   */
  static Framing delimited(byte delimiter) {
    return new Delimited(delimiter, false, DEFAULT_MAX_LENGTH);
  }

  /**
   * Frames that each begin with their length, unsigned and big-endian. The length does not count
   * itself and is not part of the frame.
   *
   * @param prefixBytes how many bytes the length has: 1, 2 or 4
   * @return the framing, for frames of at most {@link #DEFAULT_MAX_LENGTH} bytes
   */
  static Framing lengthPrefixed(int prefixBytes) {
    return new LengthPrefixed(prefixBytes, DEFAULT_MAX_LENGTH);
  }

  /**
   * Frames of one length.
   *
   * @param bytes the length, 1 to 512 MiB
   * @return the framing
   */
  static Framing fixed(int bytes) {
    return new Fixed(bytes);
  }

  private static void checkMaxLength(int bytes) {
    if (bytes < 1 || bytes > 1 << 29) {
      throw new IllegalArgumentException("maxLength: " + bytes + "; give 1 to " + (1 << 29));
    }
  }

  /**
   * Frames up to a delimiter.
   *
   * @param delimiter ends a frame
   * @param cutsCarriageReturn whether a carriage return before the delimiter is cut off too
   * @param maxLength the longest frame
   */
  record Delimited(byte delimiter, boolean cutsCarriageReturn, int maxLength) implements Framing {
    /** Checks the range. */
    public Delimited {
      checkMaxLength(maxLength);
    }

    @Override
    public Delimited withMaxLength(int bytes) {
      return new Delimited(delimiter, cutsCarriageReturn, bytes);
    }
  }

  /**
   * Frames that begin with their length.
   *
   * @param prefixBytes how many bytes the length has: 1, 2 or 4
   * @param maxLength the longest frame
   */
  record LengthPrefixed(int prefixBytes, int maxLength) implements Framing {
    /** Checks the ranges. */
    public LengthPrefixed {
      if (prefixBytes != 1 && prefixBytes != 2 && prefixBytes != 4) {
        throw new IllegalArgumentException("prefixBytes: " + prefixBytes + "; give 1, 2 or 4");
      }
      checkMaxLength(maxLength);
    }

    @Override
    public LengthPrefixed withMaxLength(int bytes) {
      return new LengthPrefixed(prefixBytes, bytes);
    }
  }

  /**
   * Frames of one length.
   *
   * @param length the length
   */
  record Fixed(int length) implements Framing {
    /** Checks the range. */
    public Fixed {
      if (length < 1 || length > 1 << 29) {
        throw new IllegalArgumentException("length: " + length + "; give 1 to " + (1 << 29));
      }
    }

    @Override
    public int maxLength() {
      return length;
    }

    /** Frames of one length have no other: {@code bytes} must be no less, and changes nothing. */
    @Override
    public Fixed withMaxLength(int bytes) {
      if (bytes < length) {
        throw new IllegalArgumentException(
            "maxLength: " + bytes + "; frames of " + length + " bytes need as much");
      }
      return this;
    }
  }
}
