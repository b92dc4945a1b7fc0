package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.spi.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Cuts pieces of a stream into frames. What a piece ends in the middle of is kept in a buffer of
 * its own, which grows with what comes and not with what is announced. Owner executor only.
 */
abstract class Splitter<R> {
  private static final int LEAST_BYTES = 256;

  private final CoreExecutor executor;
  private final Frames<R> frames;
  private final String subject;
  private @Nullable IoBuffer begun;

  /** Bytes of the stream that were used. */
  private long used;

  /** Where the frame that is being read begins. */
  private long first;

  Splitter(CoreExecutor executor, Frames<R> frames, String subject) {
    this.executor = executor;
    this.frames = frames;
    this.subject = subject;
  }

  /**
   * Takes the next frame.
   *
   * @return the frame; null if the piece was used up before its end
   * @throws IoException if the frame is too long
   */
  abstract @Nullable R next(Piece piece);

  /** The stream has ended: the frame that has no end of its own, or null. */
  @Nullable R last() {
    return null;
  }

  /** Whether {@link #last} would give a frame. */
  boolean hasLast() {
    return false;
  }

  /** Whether a frame has begun that needs more. */
  final boolean isWithin() {
    return used != first;
  }

  final int begunBytes() {
    return begun == null ? 0 : begun.readableBytes();
  }

  /** A frame of a known length, of which some bytes may be here already. */
  final @Nullable R take(Piece piece, int length) {
    if (begun == null && piece.remaining() >= length) {
      return within(piece, length, 0);
    }
    keep(piece, Math.min(length - begunBytes(), piece.remaining()));
    return begunBytes() == length ? finish(0) : null;
  }

  /** A frame that has come in one piece, and what stands behind it. */
  final R within(Piece piece, int length, int behind) {
    R frame = frames.within(piece, piece.position(), length);
    use(piece, length + behind);
    first = used;
    return frame;
  }

  /** The frame that has come in several pieces, without its last bytes. */
  final R finish(int cut) {
    IoBuffer whole = begun;
    begun = null;
    first = used;
    if (whole == null) {
      throw new AssertionError("no frame has begun");
    }
    return frames.of(whole.setIndex(0, whole.writerIndex() - cut));
  }

  final byte lastBegun() {
    return begun == null ? 0 : begun.get(begun.writerIndex() - 1);
  }

  final void use(Piece piece, int count) {
    piece.skip(count);
    used += count;
  }

  /** Copies bytes of a frame that has not come whole. */
  final void keep(Piece piece, int count) {
    if (count > 0) {
      IoBuffer target = room(count);
      target.write(piece.view(piece.position(), count));
      use(piece, count);
    }
  }

  private IoBuffer room(int count) {
    IoBuffer old = begun;
    if (old != null && old.writableBytes() >= count) {
      return old;
    }
    int have = begunBytes();
    int bytes = Math.max(have + count, Math.max(LEAST_BYTES, 2 * have));
    IoBuffer larger = executor.buffers().acquireOrAllocate(bytes, subject);
    if (old != null) {
      larger.write(old.readable());
      old.release();
    }
    begun = larger;
    return larger;
  }

  final IoException tooLong(long length, int maxLength) {
    return failure(
        Errno.EMSGSIZE,
        "has "
            + length
            + " bytes or more, "
            + maxLength
            + " are allowed; raise Framing.withMaxLength, or the stream is framed in another way");
  }

  final IoException truncated() {
    return failure(Errno.EBADMSG, "is cut off: the stream ends after " + (used - first) + " bytes");
  }

  private IoException failure(int errno, String reason) {
    return new IoException(
        "frames",
        subject,
        errno,
        new IllegalStateException("the frame at byte " + first + " " + reason));
  }

  /** Nobody wants the rest. */
  final void release() {
    if (begun != null) {
      begun.release();
      begun = null;
    }
  }
}
