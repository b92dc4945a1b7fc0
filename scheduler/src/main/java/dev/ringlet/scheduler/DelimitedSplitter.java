package dev.ringlet.scheduler;

import dev.ringlet.io.Framing;
import org.jspecify.annotations.Nullable;

/** Frames up to a delimiter. Owner executor only. */
final class DelimitedSplitter<R> extends Splitter<R> {
  private final Framing.Delimited framing;

  /** The longest frame with a carriage return that is not part of it. */
  private final int maxRaw;

  DelimitedSplitter(
      CoreExecutor executor, Frames<R> frames, String subject, Framing.Delimited framing) {
    super(executor, frames, subject);
    this.framing = framing;
    this.maxRaw = framing.maxLength() + (framing.cutsCarriageReturn() ? 1 : 0);
  }

  @Override
  @Nullable R next(Piece piece) {
    int found = piece.find(framing.delimiter());
    int length = found < 0 ? piece.remaining() : found - piece.position();
    checkLength((long) begunBytes() + length, maxRaw);
    if (found < 0) {
      keep(piece, length);
      return null;
    }
    if (begunBytes() == 0) {
      int cut = cut(length > 0 ? piece.get(found - 1) : 0);
      checkLength(length - cut, framing.maxLength());
      return within(piece, length - cut, cut + 1);
    }
    keep(piece, length);
    use(piece, 1);
    return finishChecked(cut(lastBegun()));
  }

  private int cut(byte last) {
    return framing.cutsCarriageReturn() && last == '\r' ? 1 : 0;
  }

  private R finishChecked(int cut) {
    checkLength(begunBytes() - cut, framing.maxLength());
    return finish(cut);
  }

  private void checkLength(long length, int max) {
    if (length > max) {
      throw tooLong(length, framing.maxLength());
    }
  }

  @Override
  boolean hasLast() {
    return begunBytes() > 0;
  }

  /** A carriage return alone ends no line. */
  @Override
  @Nullable R last() {
    return hasLast() ? finishChecked(0) : null;
  }
}
