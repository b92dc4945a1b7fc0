package dev.ringlet.examples.kv;

/**
 * What the server knows about a command. Immutable.
 *
 * @param name in lower case
 * @param arity how many words it has with its name; negative: at least so many
 * @param kind who executes it
 * @param access what it does to keys
 * @param keyStep words from one key to the next for several keys, else 1 or, without keys, 0
 * @param merge how the parts of several shards become one reply
 * @param onShard executes it on a shard
 * @param onConnection executes it on the connection
 * @param summary one sentence for {@code COMMAND DOCS}
 */
record CommandSpec(
    String name,
    int arity,
    Kind kind,
    Access access,
    int keyStep,
    Merge merge,
    ShardHandler onShard,
    ConnectionHandler onConnection,
    String summary) {

  /** Who executes a command. */
  enum Kind {
    /** The connection alone. */
    CONNECTION,
    /** The shard of its only key. */
    ONE_KEY,
    /** Each shard that has one of its keys. */
    MANY_KEYS,
    /** Every shard. */
    ALL_SHARDS,
    /** The shard that its cursor names. */
    CURSOR
  }

  /** What a command does to keys. */
  enum Access {
    /** Nothing. */
    NONE,
    /** Reads. */
    READ,
    /** Changes, without needing more memory. */
    WRITE,
    /** Changes, and may need more memory. */
    GROW;

    boolean writes() {
      return this == WRITE || this == GROW;
    }
  }

  /** How the parts of several shards become one reply. */
  enum Merge {
    /** There is one part. */
    NONE,
    /** The sum of the numbers. */
    SUM,
    /** OK when all parts are. */
    ALL_OK,
    /** A list in the order of the keys asked for. */
    BY_POSITION,
    /** The server's report on itself. */
    INFO
  }

  /** Executes a command, or a part of it, on a shard. */
  @FunctionalInterface
  interface ShardHandler {
    Reply execute(KeySpace keys, Request request, long nowMillis);
  }

  /** Executes a command on the connection. */
  @FunctionalInterface
  interface ConnectionHandler {
    Reply execute(Session session, byte[][] arguments);
  }

  boolean accepts(int words) {
    return arity >= 0 ? words == arity : words >= -arity;
  }
}
