package dev.ringlet.examples.kv;

/**
 * What a request may cost in memory. Immutable.
 *
 * @param valueBytes the longest argument that is kept; a longer one is read past and the command
 *     answered by an error; default 16 MiB, at most {@link #PROTOCOL_BYTES}
 * @param requestBytes the most that all arguments of one command may take together, their overhead
 *     included; beyond it the command is read past and answered by an error
 */
record RespLimits(int valueBytes, long requestBytes) {
  /** The longest argument of the protocol; a longer one ends the connection. */
  static final int PROTOCOL_BYTES = 512 << 20;

  /** The most arguments of one command. */
  static final int MAX_ARGUMENTS = 1 << 20;

  /** The longest command line without length prefixes. */
  static final int MAX_INLINE_BYTES = 64 << 10;

  /** What an argument costs beside its bytes: an array header and a reference. */
  static final int ARGUMENT_OVERHEAD = 24;

  private static final int DEFAULT_VALUE_BYTES = 16 << 20;
  private static final long MIN_REQUEST_BYTES = 64L << 20;

  RespLimits {
    if (valueBytes < 1 || valueBytes > PROTOCOL_BYTES) {
      throw new IllegalArgumentException(
          "valueBytes: " + valueBytes + "; give 1 to " + PROTOCOL_BYTES);
    }
    if (requestBytes < valueBytes) {
      throw new IllegalArgumentException(
          "requestBytes: " + requestBytes + "; give at least " + valueBytes);
    }
  }

  static RespLimits defaults() {
    return ofValue(DEFAULT_VALUE_BYTES);
  }

  /** A limit for values, and room for a few of them in one request. */
  static RespLimits ofValue(int valueBytes) {
    return new RespLimits(valueBytes, Math.max(MIN_REQUEST_BYTES, 4L * valueBytes));
  }
}
