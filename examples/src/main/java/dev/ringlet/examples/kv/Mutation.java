package dev.ringlet.examples.kv;

/** One committed change of a shard's keys, as the change feed shows it. Immutable. */
@SuppressWarnings("ArrayRecordComponent") // never compared; the array is the log's own
sealed interface Mutation {
  /**
   * A key got a value.
   *
   * @param key the key
   * @param value its whole value; not to be changed
   * @param expireAtMillis when it expires, or {@link Entry#NEVER}
   */
  record Set(Bytes key, byte[] value, long expireAtMillis) implements Mutation {}

  /**
   * A key is gone: deleted or expired.
   *
   * @param key the key
   */
  record Delete(Bytes key) implements Mutation {}

  /**
   * Only the expiry of a key changed.
   *
   * @param key the key
   * @param expireAtMillis when it expires, or {@link Entry#NEVER}
   */
  record ExpireAt(Bytes key, long expireAtMillis) implements Mutation {}

  /**
   * A value became longer.
   *
   * @param key the key
   * @param suffix what was added; not to be changed
   */
  record Append(Bytes key, byte[] suffix) implements Mutation {}

  /** All keys are gone. */
  record Clear() implements Mutation {}
}
