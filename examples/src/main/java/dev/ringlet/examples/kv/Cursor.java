package dev.ringlet.examples.kv;

/**
 * Where a SCAN goes on: a shard and a position in it, as one number for the client. Immutable.
 *
 * <p>The number is {@code position * shards + shard}, so that 0 is the begin and, as an answer, the
 * end.
 *
 * @param shard which shard
 * @param position where in the shard
 */
record Cursor(int shard, long position) {
  static Cursor parse(byte[] text, int shards) {
    if (text.length == 0) {
      throw new CommandException(Errors.INVALID_CURSOR);
    }
    for (byte digit : text) {
      if (digit < '0' || digit > '9') {
        throw new CommandException(Errors.INVALID_CURSOR);
      }
    }
    try {
      long number = Long.parseUnsignedLong(Ascii.text(text));
      long position = Long.divideUnsigned(number, shards);
      return new Cursor(
          (int) Long.remainderUnsigned(number, shards), position < 0 ? Long.MAX_VALUE : position);
    } catch (NumberFormatException tooLong) {
      throw new CommandException(Errors.INVALID_CURSOR);
    }
  }

  /** The number to answer when the shard has gone on to a position. */
  long next(long nextPosition, int shards) {
    if (nextPosition != KeySpace.SCAN_END) {
      return nextPosition * shards + shard;
    }
    return shard + 1 < shards ? shard + 1 : 0;
  }
}
