package dev.ringlet.scheduler;

import dev.ringlet.io.Framing;
import org.jspecify.annotations.Nullable;

/** Frames that begin with their length. Owner executor only. */
final class LengthSplitter<R> extends Splitter<R> {
  private final Framing.LengthPrefixed framing;
  private int prefixBytes;
  private long length;

  LengthSplitter(
      CoreExecutor executor, Frames<R> frames, String subject, Framing.LengthPrefixed framing) {
    super(executor, frames, subject);
    this.framing = framing;
  }

  @Override
  @Nullable R next(Piece piece) {
    while (prefixBytes < framing.prefixBytes()) {
      if (piece.remaining() == 0) {
        return null;
      }
      length = (length << 8) | (piece.get(piece.position()) & 0xff);
      prefixBytes++;
      use(piece, 1);
    }
    if (length > framing.maxLength()) {
      throw tooLong(length, framing.maxLength());
    }
    R frame = take(piece, (int) length);
    if (frame != null) {
      prefixBytes = 0;
      length = 0;
    }
    return frame;
  }
}
