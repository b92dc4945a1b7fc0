package dev.ringlet.examples.kv;

/**
 * Gets every change of a key space, in order. <b>Thread:</b> the shard's.
 *
 * <p>The calls carry the parts of a {@link Mutation} one by one so that logging a change allocates
 * nothing.
 */
interface MutationSink {
  /** Takes changes and forgets them. */
  MutationSink NONE = new NoMutations();

  /** The key now has this value and expiry; the value is the first bytes of the array. */
  void set(Bytes key, byte[] value, int length, long expireAtMillis);

  void delete(Bytes key);

  /** Only the expiry changed; {@link Entry#NEVER} means it does not expire any more. */
  void expireAt(Bytes key, long expireAtMillis);

  void append(Bytes key, byte[] suffix);

  /** All keys are gone. */
  void clear();
}
