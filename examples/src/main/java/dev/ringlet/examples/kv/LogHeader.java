package dev.ringlet.examples.kv;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a log file. Immutable.
 *
 * @param version the version of the format
 * @param shard which shard's log it is
 * @param shards how many shards the data was written for
 * @param salt a random number that makes records of this file unlike those of any other
 */
record LogHeader(int version, int shard, int shards, long salt) {
  private static final int CRC_OFFSET = LogFormat.FILE_HEADER_BYTES - Integer.BYTES;

  LogHeader(int shard, int shards, long salt) {
    this(LogFormat.VERSION, shard, shards, salt);
  }

  byte[] encode() {
    ByteBuffer bytes = ByteBuffer.allocate(LogFormat.FILE_HEADER_BYTES);
    bytes.putLong(LogFormat.MAGIC).putInt(version).putInt(shard).putInt(shards).putLong(salt);
    return bytes.putInt(crc(bytes.array())).array();
  }

  /** The header, or null if these are not the first bytes of a log. */
  static @Nullable LogHeader decode(byte[] bytes) {
    if (bytes.length < LogFormat.FILE_HEADER_BYTES) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getInt(CRC_OFFSET) != crc(bytes) || in.getLong() != LogFormat.MAGIC) {
      return null;
    }
    return new LogHeader(in.getInt(), in.getInt(), in.getInt(), in.getLong());
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CRC_OFFSET);
    return (int) crc.getValue();
  }
}
