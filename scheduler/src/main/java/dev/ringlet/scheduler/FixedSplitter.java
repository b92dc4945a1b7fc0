package dev.ringlet.scheduler;

import org.jspecify.annotations.Nullable;

/** Frames of one length. Owner executor only. */
final class FixedSplitter<R> extends Splitter<R> {
  private final int length;

  FixedSplitter(BufferPool pool, Frames<R> frames, String subject, int length) {
    super(pool, frames, subject);
    this.length = length;
  }

  @Override
  @Nullable R next(Piece piece) {
    return take(piece, length);
  }
}
