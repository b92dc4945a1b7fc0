package dev.ringlet.examples.kv;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The bytes of a shard's log, big-endian. Static.
 *
 * <pre>
 * file header, 32 bytes: magic 8, version 4, shard index 4, shard count 4, salt 8, CRC32C of these 4
 * record header, 12:     payload length 4, CRC32C of the payload 4, CRC32C of this header 4
 * payload:               type 1, [expiry in ms since 1970: 8], [key length 4, key], [value: the rest]
 * </pre>
 *
 * The checksum of a record header also covers the file's salt and the record's offset. So a record
 * is only valid where it was written: bytes that a client stores as a value can never pass for one,
 * which matters when a damaged place is searched for what comes after it.
 */
final class LogFormat {
  static final long MAGIC = 0x52494E474C4B5601L; // "RINGLKV" 1
  static final int VERSION = 1;
  static final int FILE_HEADER_BYTES = 32;
  static final int RECORD_HEADER_BYTES = 12;

  /** A record that sets a key takes so many bytes beside key and value. */
  static final int SET_BYTES = RECORD_HEADER_BYTES + 1 + Integer.BYTES;

  static final byte SET = 1;
  static final byte SET_EXPIRING = 2;
  static final byte DELETE = 3;
  static final byte EXPIRE_AT = 4;
  static final byte APPEND = 5;
  static final byte CLEAR = 6;

  /** The longest payload: a value of the protocol's size, a key of the same, and the fixed part. */
  static final long MAX_PAYLOAD_BYTES = 2L * RespLimits.PROTOCOL_BYTES + 64;

  private LogFormat() {}

  static int headerCrc(CRC32C crc, byte[] scratch, long salt, long offset, int length, int body) {
    putLong(scratch, 0, salt);
    putLong(scratch, 8, offset);
    putInt(scratch, 16, length);
    putInt(scratch, 20, body);
    crc.reset();
    crc.update(scratch, 0, 24);
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
