package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import java.nio.charset.Charset;

/** Frames as strings; an object for each subscription, because of its scratch array. */
final class TextFrames extends Frames<String> {
  private static final int KEPT_BYTES = 1024;

  private final Charset charset;
  private final byte[] scratch = new byte[KEPT_BYTES];

  TextFrames(Charset charset) {
    this.charset = charset;
  }

  @Override
  String within(Piece piece, int start, int length) {
    byte[] bytes = scratch(length);
    piece.read(start, bytes, length);
    return new String(bytes, 0, length, charset);
  }

  @Override
  String of(IoBuffer buffer) {
    int length = buffer.readableBytes();
    byte[] bytes = scratch(length);
    buffer.read(bytes, 0, length);
    buffer.release();
    return new String(bytes, 0, length, charset);
  }

  private byte[] scratch(int length) {
    return length <= KEPT_BYTES ? scratch : new byte[length];
  }

  @Override
  void discard(String frame) {
    // A string holds nothing.
  }
}
