package dev.ringlet.examples.kv;

/**
 * Gives each change to two sinks. <b>Thread:</b> the shard's.
 *
 * @param first gets it first
 * @param second gets it then
 */
record TeeSink(MutationSink first, MutationSink second) implements MutationSink {
  @Override
  public void set(Bytes key, byte[] value, int length, long expireAtMillis) {
    first.set(key, value, length, expireAtMillis);
    second.set(key, value, length, expireAtMillis);
  }

  @Override
  public void delete(Bytes key) {
    first.delete(key);
    second.delete(key);
  }

  @Override
  public void expireAt(Bytes key, long expireAtMillis) {
    first.expireAt(key, expireAtMillis);
    second.expireAt(key, expireAtMillis);
  }

  @Override
  public void append(Bytes key, byte[] suffix) {
    first.append(key, suffix);
    second.append(key, suffix);
  }

  @Override
  public void clear() {
    first.clear();
    second.clear();
  }
}
