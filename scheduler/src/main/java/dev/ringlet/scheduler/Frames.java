package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;

/** Makes frames of bytes. Owner executor only, but for {@link #discard}. */
abstract class Frames<R> {
  /** A frame of a part of a piece, which stays the caller's. */
  abstract R within(Piece piece, int start, int length);

  /** A frame of the readable bytes of a buffer, which goes over to it. */
  abstract R of(IoBuffer buffer);

  /** Gives back a frame that nobody wants. Any thread. */
  abstract void discard(R frame);
}
