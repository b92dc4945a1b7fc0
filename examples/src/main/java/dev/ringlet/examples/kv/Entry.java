package dev.ringlet.examples.kv;

/**
 * A key with its value. <b>Thread:</b> the shard's.
 *
 * <p>The first {@code length} bytes of {@code value} never change while they are part of it: an
 * append writes behind them or moves to a larger array. So a reply may refer to them from another
 * thread without a copy.
 */
final class Entry {
  /** Expiry of a key that does not expire. */
  static final long NEVER = Long.MAX_VALUE;

  /** About what the objects around a key and its value take, in bytes. */
  private static final int OVERHEAD_BYTES = 144;

  final Bytes key;
  byte[] value;
  int length;

  /** When it expires, in milliseconds since 1970, or {@link #NEVER}. */
  long expireAt;

  /** Its place in the slot table for as long as it lives. */
  int slot;

  Entry(Bytes key, byte[] value, int length, long expireAt) {
    this.key = key;
    this.value = value;
    this.length = length;
    this.expireAt = expireAt;
  }

  boolean isExpired(long nowMillis) {
    return expireAt <= nowMillis;
  }

  long dataBytes() {
    return (long) key.length() + length;
  }

  long memoryBytes() {
    return OVERHEAD_BYTES + (long) key.length() + value.length;
  }
}
