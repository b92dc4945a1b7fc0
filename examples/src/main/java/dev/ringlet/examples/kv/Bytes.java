package dev.ringlet.examples.kv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A binary-safe key with its hash. Immutable: the array must not be changed after it was handed
 * over.
 *
 * <p>The hash decides which shard owns a key, so it is part of the data format: it never depends on
 * the machine or the run. Keys are comparable so that a hash map full of forged collisions
 * degenerates to a tree, not to a list.
 */
final class Bytes implements Comparable<Bytes> {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final byte[] array;
  private final int hash;

  Bytes(byte[] array) {
    this.array = array;
    this.hash = hash(array);
  }

  static Bytes of(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes themselves; not to be changed. */
  byte[] array() {
    return array;
  }

  int length() {
    return array.length;
  }

  /** Which of a number of shards owns the key; taken from the high bits, which maps use least. */
  int shard(int shards) {
    return (int) (((hash & 0xFFFFFFFFL) * shards) >>> 32);
  }

  private static int hash(byte[] bytes) {
    long hash = MULTIPLIER ^ bytes.length;
    int index = 0;
    for (; index + Long.BYTES <= bytes.length; index += Long.BYTES) {
      hash = mix(hash ^ (long) LONGS.get(bytes, index));
    }
    long rest = 0;
    for (; index < bytes.length; index++) {
      rest = (rest << 8) | (bytes[index] & 0xFF);
    }
    hash = mix(hash ^ rest);
    return (int) (hash ^ (hash >>> 32));
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 32)) * MULTIPLIER;
    return mixed ^ (mixed >>> 29);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && hash == bytes.hash && Arrays.equals(array, bytes.array);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(array, other.array);
  }

  @Override
  public String toString() {
    return new String(array, StandardCharsets.ISO_8859_1);
  }
}
