package dev.ringlet.examples.kv;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The bytes of a shard's log, big-endian. Static.
 *
 * <pre>
 * file header, 32 bytes: magic 8, version 4, shard index 4, shard count 4, salt 8, CRC32C of these 4
 * record header, 20:     payload length 4, CRC32C of the payload 4, synced 8, CRC32C of this header 4
 * payload:               type 1, [expiry in ms since 1970: 8], [key length 4, key], [value: the rest]
 * </pre>
 *
 * The checksum of a record header also covers the file's salt and the record's offset. So a record
 * is only valid where it was written: bytes that a client stores as a value can never pass for one,
 * which matters when a damaged place is searched for what comes after it.
 *
 * <p>Each record also says up to where the file was synced when it was made. A power loss may leave
 * any part of what was not synced, the end without what is before it too. So a damaged place with
 * good records behind it is the end of a log, unless one of them says that it had been synced.
 */
final class LogFormat {
  static final long MAGIC = 0x52494E474C4B5601L; // "RINGLKV" 1
  static final int VERSION = 2;
  static final int FILE_HEADER_BYTES = 32;
  static final int RECORD_HEADER_BYTES = 20;

  /** Where in a record header it is. */
  static final int PAYLOAD_CRC_INDEX = 4;

  static final int SYNCED_INDEX = 8;
  static final int HEADER_CRC_INDEX = 16;

  /** A record that sets a key takes so many bytes beside key and value. */
  static final int SET_BYTES = RECORD_HEADER_BYTES + 1 + Integer.BYTES;

  static final byte SET = 1;
  static final byte SET_EXPIRING = 2;
  static final byte DELETE = 3;
  static final byte EXPIRE_AT = 4;
  static final byte APPEND = 5;
  static final byte CLEAR = 6;

  /** Changes nothing, and is the last one before a file is closed: it says that all is synced. */
  static final byte SEAL = 7;

  /** The longest payload: a value of the protocol's size, a key of the same, and the fixed part. */
  static final long MAX_PAYLOAD_BYTES = 2L * RespLimits.PROTOCOL_BYTES + 64;

  private LogFormat() {}

  /** Of the header at an index, as it is at an offset of the file. */
  static int headerCrc(
      CRC32C crc, byte[] scratch, long salt, long offset, byte[] header, int index) {
    putLong(scratch, 0, salt);
    putLong(scratch, Long.BYTES, offset);
    crc.reset();
    crc.update(scratch, 0, 2 * Long.BYTES);
    crc.update(header, index, HEADER_CRC_INDEX);
    return (int) crc.getValue();
  }

  static void putInt(byte[] target, int index, int value) {
    ByteBuffer.wrap(target).putInt(index, value);
  }

  static void putLong(byte[] target, int index, long value) {
    ByteBuffer.wrap(target).putLong(index, value);
  }

  static int getInt(byte[] source, int index) {
    return ByteBuffer.wrap(source).getInt(index);
  }

  static long getLong(byte[] source, int index) {
    return ByteBuffer.wrap(source).getLong(index);
  }
}
