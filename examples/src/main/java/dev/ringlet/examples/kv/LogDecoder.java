package dev.ringlet.examples.kv;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log in pieces of any size, gives each change to a sink, and judges how the log ends.
 * <b>Thread:</b> one.
 *
 * <p>After a damaged record it looks for a valid one behind it that says that the damaged place had
 * been synced: then cutting there would lose good data. If there is none, a power loss explains it.
 * A record whose header is good is skipped as a whole, else every offset is tried; records are only
 * valid at the offset they were written at (see {@link LogFormat}), so no value can be mistaken for
 * a record.
 */
final class LogDecoder {
  private enum Mode {
    RECORDS,
    SEARCH,
    DONE
  }

  private static final int FIRST_WINDOW_BYTES = 64 << 10;

  private final CRC32C crc = new CRC32C();
  private final byte[] scratch = new byte[2 * Long.BYTES];
  private final long salt;
  private final MutationSink sink;
  private long limit;
  private Mode mode = Mode.RECORDS;
  private @Nullable LogVerdict verdict;
  private long damagedOffset;

  /** The first valid record behind the damaged one, or 0. */
  private long nextValid;

  private long recordCount;
  private long synced;

  /**
   * Bytes that are read but not decoded; those from start to end, of which the first is at offset.
   */
  private byte[] window = new byte[FIRST_WINDOW_BYTES];

  private int start;
  private int end;
  private long offset;

  /**
   * Creates one.
   *
   * @param salt of the file
   * @param offset where in the file the first record begins, and the first byte that is fed
   * @param limit the length of the file
   * @param sink gets the changes
   */
  LogDecoder(long salt, long offset, long limit, MutationSink sink) {
    this.salt = salt;
    this.offset = offset;
    this.limit = limit;
    this.sink = sink;
  }

  /** The file has become longer. */
  void extend(long newLimit) {
    limit = newLimit;
  }

  /** How many changes the sink has got. */
  long recordCount() {
    return recordCount;
  }

  /** Up to where the file was synced as far as its records tell. */
  long synced() {
    return synced;
  }

  /** Whether more input cannot change the verdict. */
  boolean isDone() {
    return mode == Mode.DONE;
  }

  /** The offset behind the last byte that was fed. */
  long position() {
    return offset + (end - start);
  }

  /** Takes the next bytes of the file, all that the buffer has. */
  void feed(ByteBuffer bytes) {
    while (bytes.hasRemaining() && !isDone()) {
      makeRoom();
      int length = Math.min(bytes.remaining(), window.length - end);
      bytes.get(window, end, length);
      end += length;
      while (step()) {
        // goes on until the window has nothing complete any more
      }
    }
  }

  private void makeRoom() {
    if (end < window.length) {
      return;
    }
    // Moving is only worth it when it makes much room, else a record would be moved again and
    // again.
    byte[] target =
        available() <= window.length / 2
            ? window
            : new byte[(int) Math.min(Integer.MAX_VALUE - 8, 2L * window.length)];
    System.arraycopy(window, start, target, 0, available());
    end -= start;
    start = 0;
    window = target;
  }

  /** Decodes one record or tries one offset; false when more bytes are needed. */
  private boolean step() {
    return switch (mode) {
      case RECORDS -> decode();
      case SEARCH -> search();
      case DONE -> false;
    };
  }

  private int available() {
    return end - start;
  }

  private void advance(int bytes) {
    start += bytes;
    offset += bytes;
    if (start == end) {
      start = 0;
      end = 0;
    }
  }

  private boolean decode() {
    if (available() < LogFormat.RECORD_HEADER_BYTES) {
      return false;
    }
    if (!isHeaderValid()) {
      damagedOffset = offset;
      mode = Mode.SEARCH;
      advance(1);
      return true;
    }
    int size = LogFormat.RECORD_HEADER_BYTES + LogFormat.getInt(window, start);
    if (offset + size > limit) {
      finish(new LogVerdict.Torn(offset));
      return false;
    }
    if (available() < size) {
      return false;
    }
    if (!isPayloadValid()) {
      damagedOffset = offset;
      mode = Mode.SEARCH;
    } else if (apply(start + LogFormat.RECORD_HEADER_BYTES, start + size)) {
      synced = LogFormat.getLong(window, start + LogFormat.SYNCED_INDEX);
      recordCount += window[start + LogFormat.RECORD_HEADER_BYTES] == LogFormat.SEAL ? 0 : 1;
    } else {
      finish(new LogVerdict.Corrupt(offset, offset));
      return false;
    }
    advance(size);
    return true;
  }

  private boolean search() {
    if (available() < LogFormat.RECORD_HEADER_BYTES) {
      return false;
    }
    long size = LogFormat.RECORD_HEADER_BYTES + (long) LogFormat.getInt(window, start);
    if (offset + size > limit || !isHeaderValid()) {
      advance(1);
      return true;
    }
    if (available() < size) {
      return false;
    }
    if (isPayloadValid()) {
      nextValid = nextValid == 0 ? offset : nextValid;
      if (LogFormat.getLong(window, start + LogFormat.SYNCED_INDEX) > damagedOffset) {
        finish(new LogVerdict.Corrupt(damagedOffset, nextValid));
        return false;
      }
    }
    advance((int) size);
    return true;
  }

  private boolean isHeaderValid() {
    int length = LogFormat.getInt(window, start);
    if (length < 1 || length > LogFormat.MAX_PAYLOAD_BYTES) {
      return false;
    }
    return LogFormat.getInt(window, start + LogFormat.HEADER_CRC_INDEX)
        == LogFormat.headerCrc(crc, scratch, salt, offset, window, start);
  }

  private boolean isPayloadValid() {
    crc.reset();
    crc.update(window, start + LogFormat.RECORD_HEADER_BYTES, LogFormat.getInt(window, start));
    return (int) crc.getValue() == LogFormat.getInt(window, start + LogFormat.PAYLOAD_CRC_INDEX);
  }

  private boolean apply(int from, int to) {
    byte type = window[from];
    int index = from + 1;
    if (type == LogFormat.SEAL) {
      return index == to;
    }
    if (type == LogFormat.CLEAR) {
      sink.clear();
      return index == to;
    }
    long expireAt = Entry.NEVER;
    if (type == LogFormat.SET_EXPIRING || type == LogFormat.EXPIRE_AT) {
      if (to - index < Long.BYTES) {
        return false;
      }
      expireAt = LogFormat.getLong(window, index);
      index += Long.BYTES;
    }
    if (to - index < Integer.BYTES) {
      return false;
    }
    int keyLength = LogFormat.getInt(window, index);
    index += Integer.BYTES;
    if (keyLength < 0 || keyLength > to - index) {
      return false;
    }
    Bytes key = new Bytes(Arrays.copyOfRange(window, index, index + keyLength));
    return apply(type, key, expireAt, Arrays.copyOfRange(window, index + keyLength, to));
  }

  private boolean apply(byte type, Bytes key, long expireAt, byte[] value) {
    switch (type) {
      case LogFormat.SET, LogFormat.SET_EXPIRING -> sink.set(key, value, value.length, expireAt);
      case LogFormat.DELETE -> sink.delete(key);
      case LogFormat.EXPIRE_AT -> sink.expireAt(key, expireAt);
      case LogFormat.APPEND -> sink.append(key, value);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void finish(LogVerdict result) {
    verdict = result;
    mode = Mode.DONE;
    window = new byte[0];
    start = 0;
    end = 0;
  }

  /** The verdict when all of the file was fed. */
  LogVerdict verdict() {
    LogVerdict found = verdict;
    if (found != null) {
      return found;
    }
    if (mode == Mode.SEARCH) {
      return new LogVerdict.Torn(damagedOffset);
    }
    return available() == 0 ? new LogVerdict.Clean(offset) : new LogVerdict.Torn(offset);
  }
}
