package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;

/** Frames as buffers: slices where a frame has come in one piece. */
final class BufferFrames extends Frames<IoBuffer> {
  @Override
  IoBuffer within(Piece piece, int start, int length) {
    return piece.slice(start, length);
  }

  @Override
  IoBuffer of(IoBuffer buffer) {
    return buffer;
  }

  @Override
  void discard(IoBuffer frame) {
    frame.release();
  }
}
