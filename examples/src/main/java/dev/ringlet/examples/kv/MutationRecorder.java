package dev.ringlet.examples.kv;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Makes an object of each change.
 *
 * @param target gets them in order
 */
record MutationRecorder(Consumer<? super Mutation> target) implements MutationSink {
  private static final Mutation CLEAR = new Mutation.Clear();

  @Override
  public void set(Bytes key, byte[] value, int length, long expireAtMillis) {
    byte[] whole = length == value.length ? value : Arrays.copyOf(value, length);
    target.accept(new Mutation.Set(key, whole, expireAtMillis));
  }

  @Override
  public void delete(Bytes key) {
    target.accept(new Mutation.Delete(key));
  }

  @Override
  public void expireAt(Bytes key, long expireAtMillis) {
    target.accept(new Mutation.ExpireAt(key, expireAtMillis));
  }

  @Override
  public void append(Bytes key, byte[] suffix) {
    target.accept(new Mutation.Append(key, suffix));
  }

  @Override
  public void clear() {
    target.accept(CLEAR);
  }
}
