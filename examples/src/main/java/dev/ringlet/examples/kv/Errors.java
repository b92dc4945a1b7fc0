package dev.ringlet.examples.kv;

import java.util.Arrays;

/** Error replies, in the words that clients of Redis 7 know. */
final class Errors {
  static final Reply SYNTAX = Replies.error("ERR syntax error");
  static final Reply NOT_AN_INTEGER = Replies.error("ERR value is not an integer or out of range");
  static final Reply NOT_AN_INT =
      Replies.error("ERR value is out of range, value must between -2147483648 and 2147483647");
  static final Reply OVERFLOW = Replies.error("ERR increment or decrement would overflow");
  static final Reply DECREMENT_OVERFLOW = Replies.error("ERR decrement would overflow");
  static final Reply DB_INDEX = Replies.error("ERR DB index is out of range");
  static final Reply INVALID_CURSOR = Replies.error("ERR invalid cursor");
  static final Reply STRING_TOO_LONG =
      Replies.error("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
  static final Reply OUT_OF_MEMORY =
      Replies.error("OOM command not allowed when used memory > 'maxmemory'.");
  static final Reply MAX_CLIENTS = Replies.error("ERR max number of clients reached");
  static final Reply INTERNAL = Replies.error("ERR internal error, see the log of the server");

  private static final int SHOWN_BYTES = 128;

  private Errors() {}

  static Reply invalidExpiry(CommandSpec spec) {
    return Replies.error("ERR invalid expire time in '" + spec.name() + "' command");
  }

  static Reply wrongArity(String fullName) {
    return Replies.error("ERR wrong number of arguments for '" + fullName + "' command");
  }

  static Reply unknownSubcommand(String command, byte[] subcommand) {
    return Replies.error(
        "ERR unknown subcommand '"
            + shown(subcommand, SHOWN_BYTES)
            + "'. Try "
            + command
            + " HELP.");
  }

  static Reply unknownCommand(byte[][] arguments) {
    StringBuilder shown = new StringBuilder();
    for (int i = 1; i < arguments.length && shown.length() < SHOWN_BYTES; i++) {
      String argument = shown(arguments[i], SHOWN_BYTES - shown.length());
      shown.append('\'').append(argument).append("' ");
    }
    return Replies.error(
        "ERR unknown command '"
            + shown(arguments[0], SHOWN_BYTES)
            + "', with args beginning with: "
            + shown);
  }

  static Reply logFailed(String reason) {
    return Replies.error("MISCONF Errors writing to the AOF file: " + reason);
  }

  /** As C prints it: up to a NUL, up to a length. */
  private static String shown(byte[] bytes, int limit) {
    int length = 0;
    while (length < bytes.length && length < limit && bytes[length] != 0) {
      length++;
    }
    return Ascii.text(Arrays.copyOf(bytes, length));
  }
}
