package dev.ringlet.examples.kv;

import java.util.List;

/** Makes replies. Static. */
final class Replies {
  /** {@code +OK}. */
  static final Reply OK = simple("OK");

  /** {@code +PONG}. */
  static final Reply PONG = simple("PONG");

  /** The bulk string that is not there. */
  static final Reply NIL = new Reply.Encoded(Ascii.bytes("$-1\r\n"), false);

  /** No elements. */
  static final Reply EMPTY_ARRAY = array(List.of());

  /** {@code :0}. */
  static final Reply ZERO = new Reply.Int(0);

  /** {@code :1}. */
  static final Reply ONE = new Reply.Int(1);

  private Replies() {}

  /** A status line. */
  static Reply simple(String text) {
    return new Reply.Encoded(Ascii.bytes("+" + text + "\r\n"), false);
  }

  /** An error line: {@code CODE text}, line breaks in it become blanks. */
  static Reply error(String text) {
    return new Reply.Encoded(
        Ascii.bytes("-" + text.replace('\r', ' ').replace('\n', ' ') + "\r\n"), true);
  }

  static Reply integer(long value) {
    return value == 0 ? ZERO : value == 1 ? ONE : new Reply.Int(value);
  }

  static Reply bulk(byte[] bytes) {
    return new Reply.Bulk(bytes, bytes.length);
  }

  static Reply bulk(String text) {
    return bulk(Ascii.bytes(text));
  }

  /** The first bytes of an array; those behind them may change. */
  static Reply bulk(byte[] bytes, int length) {
    return new Reply.Bulk(bytes, length);
  }

  static Reply array(List<Reply> items) {
    return new Reply.Array(items.toArray(Reply[]::new));
  }

  static Reply array(Reply... items) {
    return new Reply.Array(items);
  }
}
