package dev.ringlet.examples.kv;

/**
 * A command, or one shard's part of it, ready for the shard. Immutable.
 *
 * @param spec which command
 * @param arguments the name and what followed it
 * @param key the first key, {@link #NO_KEY} if the command has none or several
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; made for each command
record Request(CommandSpec spec, byte[][] arguments, Bytes key) {
  static final Bytes NO_KEY = new Bytes(new byte[0]);

  byte[] argument(int index) {
    return arguments[index];
  }

  int count() {
    return arguments.length;
  }

  /** An argument as a 64-bit number. */
  long number(int index) {
    return number(arguments[index]);
  }

  static long number(byte[] argument) {
    if (!Ascii.isLong(argument, argument.length)) {
      throw new CommandException(Errors.NOT_AN_INTEGER);
    }
    return Ascii.parseLong(argument, argument.length);
  }
}
