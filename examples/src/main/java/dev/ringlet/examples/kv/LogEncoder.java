package dev.ringlet.examples.kv;

import java.util.zip.CRC32C;

/**
 * Turns changes into log records. <b>Thread:</b> the shard's. <b>Allocates:</b> no.
 *
 * <p>Keys and values go to the output from where they are; only the few bytes around them are put
 * together here.
 */
final class LogEncoder implements MutationSink {
  /** Gets the bytes of the log in order. */
  @FunctionalInterface
  interface Output {
    void write(byte[] bytes, int offset, int length);
  }

  private static final byte[] EMPTY = {};

  /** Record header, type, expiry, key length. */
  private static final int MAX_FIXED_BYTES =
      LogFormat.RECORD_HEADER_BYTES + 1 + Long.BYTES + Integer.BYTES;

  private final CRC32C crc = new CRC32C();
  private final byte[] fixed = new byte[MAX_FIXED_BYTES];
  private final byte[] scratch = new byte[2 * Long.BYTES];
  private final long salt;
  private final Output output;
  private long offset;
  private long synced;

  /**
   * Creates one.
   *
   * @param salt of the file
   * @param offset where in the file the next record begins
   * @param output gets the records
   */
  LogEncoder(long salt, long offset, Output output) {
    this.salt = salt;
    this.offset = offset;
    this.output = output;
  }

  /** Where in the file the next record begins. */
  long offset() {
    return offset;
  }

  /** Up to where the file survives a power loss now; told in the records to come. */
  void synced(long position) {
    synced = position;
  }

  /** Tells it in a record of its own. */
  void seal() {
    fixed[LogFormat.RECORD_HEADER_BYTES] = LogFormat.SEAL;
    write(LogFormat.RECORD_HEADER_BYTES + 1, EMPTY, EMPTY, 0);
  }

  @Override
  public void set(Bytes key, byte[] value, int length, long expireAtMillis) {
    if (expireAtMillis == Entry.NEVER) {
      write(keyed(LogFormat.SET, key), key.array(), value, length);
    } else {
      write(timed(LogFormat.SET_EXPIRING, expireAtMillis, key), key.array(), value, length);
    }
  }

  @Override
  public void delete(Bytes key) {
    write(keyed(LogFormat.DELETE, key), key.array(), EMPTY, 0);
  }

  @Override
  public void expireAt(Bytes key, long expireAtMillis) {
    write(timed(LogFormat.EXPIRE_AT, expireAtMillis, key), key.array(), EMPTY, 0);
  }

  @Override
  public void append(Bytes key, byte[] suffix) {
    write(keyed(LogFormat.APPEND, key), key.array(), suffix, suffix.length);
  }

  @Override
  public void clear() {
    fixed[LogFormat.RECORD_HEADER_BYTES] = LogFormat.CLEAR;
    write(LogFormat.RECORD_HEADER_BYTES + 1, EMPTY, EMPTY, 0);
  }

  /** Puts type and key length behind the room for the header; gives the index after them. */
  private int keyed(byte type, Bytes key) {
    int index = LogFormat.RECORD_HEADER_BYTES;
    fixed[index++] = type;
    LogFormat.putInt(fixed, index, key.length());
    return index + Integer.BYTES;
  }

  private int timed(byte type, long expireAtMillis, Bytes key) {
    int index = LogFormat.RECORD_HEADER_BYTES;
    fixed[index++] = type;
    LogFormat.putLong(fixed, index, expireAtMillis);
    index += Long.BYTES;
    LogFormat.putInt(fixed, index, key.length());
    return index + Integer.BYTES;
  }

  private void write(int fixedEnd, byte[] key, byte[] value, int valueLength) {
    int header = LogFormat.RECORD_HEADER_BYTES;
    int length = fixedEnd - header + key.length + valueLength;
    crc.reset();
    crc.update(fixed, header, fixedEnd - header);
    crc.update(key, 0, key.length);
    crc.update(value, 0, valueLength);
    LogFormat.putInt(fixed, 0, length);
    LogFormat.putInt(fixed, LogFormat.PAYLOAD_CRC_INDEX, (int) crc.getValue());
    LogFormat.putLong(fixed, LogFormat.SYNCED_INDEX, synced);
    int headerCrc = LogFormat.headerCrc(crc, scratch, salt, offset, fixed, 0);
    LogFormat.putInt(fixed, LogFormat.HEADER_CRC_INDEX, headerCrc);
    output.write(fixed, 0, fixedEnd);
    output.write(key, 0, key.length);
    output.write(value, 0, valueLength);
    offset += header + (long) length;
  }
}
