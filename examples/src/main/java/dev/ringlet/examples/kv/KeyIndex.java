package dev.ringlet.examples.kv;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds entries by key. <b>Thread:</b> the shard's.
 *
 * <p>It is made of many small maps, so that when it grows only one of them is rehashed at a time: a
 * single map of a million keys would stop the shard for tens of milliseconds.
 */
final class KeyIndex {
  private static final int SEGMENT_BITS = 6;
  private static final int SPREAD = 0x9E3779B9;

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no generic arrays
  private final Map<Bytes, Entry>[] segments = new Map[1 << SEGMENT_BITS];

  private int size;

  KeyIndex() {
    for (int i = 0; i < segments.length; i++) {
      segments[i] = new HashMap<>();
    }
  }

  int size() {
    return size;
  }

  @Nullable Entry get(Bytes key) {
    return segment(key).get(key);
  }

  void add(Entry entry) {
    if (segment(entry.key).put(entry.key, entry) != null) {
      throw new IllegalStateException("the key is there already");
    }
    size++;
  }

  void remove(Entry entry) {
    if (!segment(entry.key).remove(entry.key, entry)) {
      throw new IllegalStateException("the key is not there");
    }
    size--;
  }

  void clear() {
    for (int i = 0; i < segments.length; i++) {
      segments[i] = new HashMap<>();
    }
    size = 0;
  }

  private Map<Bytes, Entry> segment(Bytes key) {
    return segments[(key.hashCode() * SPREAD) >>> (Integer.SIZE - SEGMENT_BITS)];
  }
}
