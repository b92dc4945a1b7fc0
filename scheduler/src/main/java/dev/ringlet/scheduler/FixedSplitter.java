package dev.ringlet.scheduler;

import org.jspecify.annotations.Nullable;

/** Frames of one length. Owner executor only. */
final class FixedSplitter<R> extends Splitter<R> {
  private final int length;

  FixedSplitter(CoreExecutor executor, Frames<R> frames, String subject, int length) {
    super(executor, frames, subject);
    this.length = length;
  }

  @Override
  @Nullable R next(Piece piece) {
    return take(piece, length);
  }
}
