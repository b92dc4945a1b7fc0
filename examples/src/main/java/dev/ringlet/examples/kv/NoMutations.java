package dev.ringlet.examples.kv;

/** Takes changes and forgets them. Immutable. */
final class NoMutations implements MutationSink {
  @Override
  public void set(Bytes key, byte[] value, int length, long expireAtMillis) {}

  @Override
  public void delete(Bytes key) {}

  @Override
  public void expireAt(Bytes key, long expireAtMillis) {}

  @Override
  public void append(Bytes key, byte[] suffix) {}

  @Override
  public void clear() {}
}
