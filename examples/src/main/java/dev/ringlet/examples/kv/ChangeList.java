package dev.ringlet.examples.kv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Changes to be made later, in order. <b>Thread:</b> whoever has it: the shard, which fills it,
 * then the {@link Compactor}.
 *
 * <p>Keys and values are kept as references, and the first bytes of a value's array never change
 * (see {@link Entry}), so a list of a page of keys is a snapshot of it that costs no copy.
 */
final class ChangeList implements MutationSink {
  /** About what one change takes beside its key and value, in bytes. */
  static final int OVERHEAD_BYTES = 32;

  private static final int FIRST_CAPACITY = 64;
  private static final byte[] EMPTY = {};

  private byte[] types = new byte[FIRST_CAPACITY];
  private @Nullable Bytes[] keys = new Bytes[FIRST_CAPACITY];
  private byte[][] values = new byte[FIRST_CAPACITY][];
  private int[] lengths = new int[FIRST_CAPACITY];
  private long[] expiries = new long[FIRST_CAPACITY];
  private int count;
  private long bytes;

  int count() {
    return count;
  }

  /** About how much memory the changes keep alive, and how much of the log they will take. */
  long bytes() {
    return bytes;
  }

  @Override
  public void set(Bytes key, byte[] value, int length, long expireAtMillis) {
    add(LogFormat.SET, key, value, length, expireAtMillis);
  }

  @Override
  public void delete(Bytes key) {
    add(LogFormat.DELETE, key, EMPTY, 0, Entry.NEVER);
  }

  @Override
  public void expireAt(Bytes key, long expireAtMillis) {
    add(LogFormat.EXPIRE_AT, key, EMPTY, 0, expireAtMillis);
  }

  @Override
  public void append(Bytes key, byte[] suffix) {
    add(LogFormat.APPEND, key, suffix, suffix.length, Entry.NEVER);
  }

  @Override
  public void clear() {
    add(LogFormat.CLEAR, null, EMPTY, 0, Entry.NEVER);
  }

  private void add(byte type, @Nullable Bytes key, byte[] value, int length, long expireAtMillis) {
    if (count == types.length) {
      int capacity = 2 * count;
      types = Arrays.copyOf(types, capacity);
      keys = Arrays.copyOf(keys, capacity);
      values = Arrays.copyOf(values, capacity);
      lengths = Arrays.copyOf(lengths, capacity);
      expiries = Arrays.copyOf(expiries, capacity);
    }
    types[count] = type;
    keys[count] = key;
    values[count] = value;
    lengths[count] = length;
    expiries[count++] = expireAtMillis;
    bytes += OVERHEAD_BYTES + length + (key == null ? 0L : key.length());
  }

  /** Makes all changes. */
  void applyTo(MutationSink sink) {
    for (int i = 0; i < count; i++) {
      apply(i, sink);
    }
  }

  /** Makes one change. */
  void apply(int index, MutationSink sink) {
    Bytes key = keys[index];
    if (key == null) {
      sink.clear();
      return;
    }
    switch (types[index]) {
      case LogFormat.SET -> sink.set(key, values[index], lengths[index], expiries[index]);
      case LogFormat.DELETE -> sink.delete(key);
      case LogFormat.EXPIRE_AT -> sink.expireAt(key, expiries[index]);
      case LogFormat.APPEND -> sink.append(key, values[index]);
      default -> throw new IllegalStateException("type " + types[index]);
    }
  }
}
