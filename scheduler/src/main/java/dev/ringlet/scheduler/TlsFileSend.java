package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.spi.Errno;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends a part of a file over TLS: reads it piece by piece, and stays first in line until all of it
 * is encrypted. Owner executor only.
 */
final class TlsFileSend extends TlsOutput.Data<Long> {
  private final TlsOutput output;
  private final long from;
  private final long total;
  private final FilePieces pieces;
  private @Nullable ByteBuffer plain;

  /** Bytes of the pieces before the present one. */
  private long done;

  private boolean atEnd;

  TlsFileSend(TlsOutput output, DriverFile file, long from, long total) {
    output.super("TLS sendFile");
    this.output = output;
    this.from = from;
    this.total = total;
    this.atEnd = total == 0;
    this.pieces = new FilePieces(file, this, this::pieceRead);
  }

  /** What it holds of the file at a time. */
  @Override
  long plainBytes() {
    return Math.min(FilePieces.BYTES, total);
  }

  @Override
  boolean encrypt(IoBuffer net, int packetBytes) throws SSLException {
    ByteBuffer left = plain;
    if (left != null) {
      while (left.hasRemaining()) {
        if (!output.encrypt(left, net, packetBytes)) {
          return false;
        }
      }
      done += left.position();
      plain = null;
      releaseBuffer();
    }
    atEnd |= done == total;
    return atEnd;
  }

  /** Whether there is nothing to encrypt before more was read. */
  boolean isReading() {
    return pieces.isReading() && plain == null;
  }

  /** Reads the next piece if that is missing; may end the operation. */
  void readOn() {
    if (!atEnd && plain == null && !pieces.isReading()) {
      pieces.read(from + done, total - done);
    }
  }

  private void pieceRead(Operation<IoBuffer> read) {
    IoException failure = read.failure();
    IoBuffer piece = read.value();
    if (failure != null || piece == null) {
      complete(failure == null ? -Errno.EIO : -failure.errno(), failure);
    } else if (piece.readableBytes() == 0) {
      piece.release();
      atEnd = true;
    } else {
      buffer = piece;
      plain = piece.readable();
    }
    output.pump();
  }

  @Override
  Long bytes() {
    return done;
  }

  /** What the peer has got a part of cannot be left out any more. */
  @Override
  void ended() {
    super.ended();
    pieces.drop();
    ByteBuffer piece = plain;
    plain = null;
    boolean begun = done > 0 || (piece != null && piece.position() > 0);
    if (begun && !atEnd) {
      output.breakOff();
    }
    releaseBuffer();
    output.pump(); // what waited behind it
  }
}
