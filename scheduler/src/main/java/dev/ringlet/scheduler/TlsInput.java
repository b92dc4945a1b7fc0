package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Received bytes, cut into TLS records. A record that lies whole in what was received is read where
 * it is; one that came in pieces is put together in memory of its own, which is given back with the
 * record. Owner executor only.
 */
final class TlsInput {
  /** RFC 5246 and 8446: type, version, length. */
  private static final int HEADER_BYTES = 5;

  /** RFC 5246, section 6.2.3: the longest that any version allows, with its header. */
  private static final int MAX_RECORD_BYTES = HEADER_BYTES + (1 << 14) + 2048;

  private static final int FIRST_TYPE = 20; // change_cipher_spec
  private static final int LAST_TYPE = 24; // heartbeat

  private final CoreExecutor executor;

  /** What was received last, as far as it was not read. */
  private @Nullable IoBuffer piece;

  /** Whether it is in the driver's memory, of which there is little. */
  private boolean scarce;

  /** The beginning of a record, or all of it, that came in pieces. */
  private @Nullable IoBuffer joined;

  /** How many bytes the engine wants at least, where the header does not tell. */
  private int least;

  TlsInput(CoreExecutor executor) {
    this.executor = executor;
  }

  /** Takes what was received; only if {@link #next} has found too little. */
  void add(IoBuffer received) {
    if (received.readableBytes() == 0) {
      received.release();
      return;
    }
    assert piece == null;
    piece = received;
    scarce = true;
  }

  /** Bytes that begin with a record and have all of it, or null if more must be received. */
  @Nullable IoBuffer next() throws SSLException {
    IoBuffer received = piece;
    if (joined == null) {
      if (received == null || isWhole(received)) {
        return received;
      }
      joined = executor.buffers().acquire(MAX_RECORD_BYTES);
    }
    join(joined);
    return isWhole(joined) ? joined : null;
  }

  private void join(IoBuffer record) throws SSLException {
    while (piece != null && !isWhole(record)) {
      if (record.writableBytes() == 0) {
        throw new SSLException("a TLS record is too long");
      }
      move(piece, record, Math.max(1, wholeBytes(record) - record.readableBytes()));
    }
  }

  private void move(IoBuffer from, IoBuffer to, int wanted) {
    int count = Math.min(wanted, Math.min(from.readableBytes(), to.writableBytes()));
    to.write(from.readable().limit(count));
    from.skip(count);
    if (from.readableBytes() == 0) {
      from.release();
      piece = null;
    }
  }

  private boolean isWhole(IoBuffer bytes) {
    return bytes.readableBytes() >= wholeBytes(bytes);
  }

  /**
   * The length of the first record, as far as is known. What is no record is the engine's to say.
   */
  private int wholeBytes(IoBuffer bytes) {
    if (bytes.readableBytes() < HEADER_BYTES) {
      return Math.max(HEADER_BYTES, least);
    }
    return Math.max(recordBytes(bytes), least);
  }

  private static int recordBytes(IoBuffer bytes) {
    int at = bytes.readerIndex();
    int type = bytes.get(at);
    int length = ((bytes.get(at + 3) & 0xff) << 8) | (bytes.get(at + 4) & 0xff);
    boolean plausible =
        type >= FIRST_TYPE && type <= LAST_TYPE && length + HEADER_BYTES <= MAX_RECORD_BYTES;
    return plausible ? HEADER_BYTES + length : HEADER_BYTES;
  }

  /** How much plain text the first record can have at most. */
  static int plainBytes(IoBuffer record) {
    return recordBytes(record);
  }

  /** The engine has read bytes of what {@link #next} gave. */
  void consumed(IoBuffer record, int count) {
    least = 0;
    record.skip(count);
    if (record.readableBytes() > 0) {
      return;
    }
    record.release();
    if (record == joined) {
      joined = null;
    } else {
      piece = null;
    }
  }

  /** The engine has found what {@link #next} gave too little. */
  void tooLittle(IoBuffer record) {
    least = record.readableBytes() + 1;
  }

  /** Nobody knows when it will be read: the driver's memory is given back. */
  void keep() {
    IoBuffer received = piece;
    if (received != null && scarce) {
      IoBuffer copy = executor.buffers().tryAcquire(received.readableBytes(), this);
      if (copy == null) {
        return;
      }
      piece = copy.write(received.readable());
      scarce = false;
      received.release();
    }
  }

  void release() {
    if (piece != null) {
      piece.release();
      piece = null;
    }
    if (joined != null) {
      joined.release();
      joined = null;
    }
  }
}
