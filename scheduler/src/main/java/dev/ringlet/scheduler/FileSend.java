package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import org.jspecify.annotations.Nullable;

/**
 * Sends a part of a file: leaves it to the driver, request by request, or, where that cannot do it,
 * reads and sends it piece by piece. Owner executor only.
 */
final class FileSend extends SocketOutput.Output<Long> {
  /** What one request sends at most. */
  private static final int REQUEST_BYTES = 1 << 20;

  private final SocketOutput output;
  private final DriverFile file;
  private final long from;
  private final long total;
  private final FilePieces pieces;
  private long sent;
  private boolean copies;

  FileSend(SocketOutput output, DriverFile file, long from, long total) {
    output.super("sendFile", IoOpcode.SEND_FILE);
    this.output = output;
    this.file = file;
    this.from = from;
    this.total = total;
    this.copies = file.alignment() > 1;
    this.pieces = new FilePieces(file, this, this::pieceRead);
  }

  /** What it holds of the file at a time. */
  @Override
  long left() {
    return Math.min(FilePieces.BYTES, total);
  }

  @Override
  void proceed() {
    if (file.turns().isClosing()) {
      complete(-Errno.EBADF, null);
    } else {
      goOn();
    }
  }

  @Override
  boolean isAside() {
    return pieces.isReading();
  }

  @Override
  boolean step(int result, @Nullable Object payload) {
    if (result < 0 && !copies && isRefusal(-result)) {
      copies = true;
      return goOnUnlessOver();
    }
    if (result < 0) {
      breakOffIfBegun();
      fail(result, payload);
      return true;
    }
    return copies ? sentPiece(result) : sentByDriver(result);
  }

  /** This file cannot be sent by the driver, or the process has no descriptors left for it. */
  private static boolean isRefusal(int errno) {
    return switch (errno) {
      case Errno.EINVAL, Errno.EOPNOTSUPP, Errno.ENOSYS, Errno.EMFILE, Errno.ENFILE -> true;
      default -> false;
    };
  }

  private boolean sentByDriver(int bytes) {
    sent += bytes;
    output.watch().outputTaken();
    boolean over = bytes == 0 || sent >= total;
    return over ? succeeded() : goOnUnlessOver();
  }

  /** Without a piece the file was at its end. */
  private boolean sentPiece(int bytes) {
    if (buffer == null) {
      return succeeded();
    }
    if (bytes == 0) {
      breakOffIfBegun();
      fail(Errno.EINVAL, new IllegalStateException("the kernel takes nothing"));
      return true;
    }
    sent += bytes;
    output.watch().outputTaken();
    bufferOffset += bytes;
    length -= bytes;
    if (length == 0) {
      releaseBuffer();
    }
    return sent >= total ? succeeded() : goOnUnlessOver();
  }

  private boolean succeeded() {
    succeed(sent);
    return true;
  }

  private void breakOffIfBegun() {
    if (sent > 0) {
      output.breakOff();
    }
  }

  private boolean goOnUnlessOver() {
    if (isCancelled() || output.isClosing()) {
      breakOffIfBegun();
      fail(Errno.ECANCELED, null);
      return true;
    }
    try {
      goOn();
      return false;
    } catch (RuntimeException refused) {
      breakOffIfBegun();
      throw refused;
    }
  }

  private void goOn() {
    if (!copies) {
      otherHandle = file.handle();
      position = from + sent;
      length = (int) Math.min(REQUEST_BYTES, total - sent);
      submit();
    } else if (buffer != null) {
      submit();
    } else if (sent >= total) {
      complete(0, null);
    } else {
      pieces.read(from + sent, total - sent);
    }
  }

  private void pieceRead(Operation<IoBuffer> read) {
    IoException failure = read.failure();
    IoBuffer piece = read.value();
    if (failure != null || piece == null) {
      complete(failure == null ? -Errno.EIO : -failure.errno(), failure);
    } else if (piece.readableBytes() == 0) {
      piece.release();
      complete(0, null);
    } else {
      send(piece);
    }
  }

  private void send(IoBuffer piece) {
    opcode = IoOpcode.SEND;
    buffer = piece;
    bufferOffset = piece.readerIndex();
    length = piece.readableBytes();
    try {
      submit();
    } catch (RuntimeException refused) {
      complete(-Errno.EINVAL, refused);
    }
  }

  @Override
  void ended() {
    pieces.drop();
    releaseBuffer();
    output.outputEnded(this);
  }
}
