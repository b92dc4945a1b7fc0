package dev.ringlet.examples.kv;

import java.nio.ByteBuffer;

/**
 * Writes replies into buffers of any size, stopping and going on anywhere, so that a large value
 * needs no buffer of its size. <b>Thread:</b> one.
 *
 * <p>What is under way is at most a short head, the bytes of a body, a line end, and for lists a
 * stack of positions; each is drained into the buffer as far as there is room.
 */
final class ReplyEncoder {
  private static final byte[] EMPTY = {};

  /** Type, sign, 19 digits and line end. */
  private static final int MAX_HEAD_BYTES = 24;

  /** Lists in lists; no command answers deeper. */
  private static final int MAX_DEPTH = 8;

  private final byte[] head = new byte[MAX_HEAD_BYTES];
  private int headPosition;
  private int headLength;
  private byte[] body = EMPTY;
  private int bodyPosition;
  private int bodyLength;

  /** How many bytes of the line end after a bulk are still to be written. */
  private int lineEnd;

  private final Reply[][] lists = new Reply[MAX_DEPTH][];
  private final int[] next = new int[MAX_DEPTH];
  private int depth;

  /** Begins a reply; the one before must be complete. */
  void start(Reply reply) {
    assert isComplete() : "a reply is under way";
    prepare(reply);
  }

  /** Whether all of the reply was written. */
  boolean isComplete() {
    return depth == 0 && isPieceComplete();
  }

  private boolean isPieceComplete() {
    return headPosition == headLength && bodyPosition == bodyLength && lineEnd == 0;
  }

  /** Writes on; true when the reply is complete, false when the buffer is full. */
  boolean encode(ByteBuffer target) {
    for (; ; ) {
      if (!drain(target)) {
        return false;
      }
      if (depth == 0) {
        body = EMPTY;
        bodyPosition = 0;
        bodyLength = 0;
        return true;
      }
      advance();
    }
  }

  private boolean drain(ByteBuffer target) {
    int length = Math.min(headLength - headPosition, target.remaining());
    target.put(head, headPosition, length);
    headPosition += length;
    length = Math.min(bodyLength - bodyPosition, target.remaining());
    target.put(body, bodyPosition, length);
    bodyPosition += length;
    while (lineEnd > 0 && target.hasRemaining()) {
      target.put((byte) (lineEnd == 2 ? '\r' : '\n'));
      lineEnd--;
    }
    return isPieceComplete();
  }

  private void advance() {
    int top = depth - 1;
    if (next[top] == lists[top].length) {
      lists[top] = new Reply[0];
      depth--;
    } else {
      prepare(lists[top][next[top]++]);
    }
  }

  private void prepare(Reply reply) {
    headPosition = 0;
    headLength = 0;
    bodyPosition = 0;
    bodyLength = 0;
    lineEnd = 0;
    if (reply instanceof Reply.Encoded encoded) {
      setBody(encoded.bytes(), encoded.bytes().length);
    } else if (reply instanceof Reply.Bulk bulk) {
      setHead('$', bulk.length());
      setBody(bulk.bytes(), bulk.length());
      lineEnd = 2;
    } else if (reply instanceof Reply.Int number) {
      setHead(':', number.value());
    } else if (reply instanceof Reply.Array array) {
      setHead('*', array.items().length);
      lists[depth] = array.items();
      next[depth] = 0;
      depth++;
    }
  }

  private void setHead(char type, long value) {
    head[0] = (byte) type;
    int end = Ascii.write(head, 1, value);
    head[end] = '\r';
    head[end + 1] = '\n';
    headLength = end + 2;
  }

  private void setBody(byte[] bytes, int length) {
    body = bytes;
    bodyLength = length;
  }
}
