package dev.ringlet.examples.kv;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one shard. <b>Thread:</b> the shard's. Time is a parameter, in milliseconds since
 * 1970.
 *
 * <p>Every change goes to the journal in the order it was made, also the removal of a key that has
 * expired: a replay of the journal needs no clock and gives the same keys.
 */
final class KeySpace {
  /** {@link #scan} has seen every slot. */
  static final int SCAN_END = -1;

  /** The most slots one scan step looks at, whatever count was asked for. */
  private static final int MAX_SCAN_SLOTS = 16_384;

  /** A sparse table is scanned over at most so many slots for each entry asked for. */
  private static final int SLOTS_PER_ENTRY = 10;

  private final KeyIndex index = new KeyIndex();
  private final SlotTable slots = new SlotTable();
  private final int maxValueBytes;
  private MutationSink journal = MutationSink.NONE;
  private final LogStats logStats = new LogStats();
  private long usedBytes;

  /** How long all keys and values are. */
  private long dataBytes;

  private int expiring;
  private int sweepPage;
  private long expiredCount;

  /**
   * Creates an empty one.
   *
   * @param maxValueBytes how long a value may become by appending
   */
  KeySpace(int maxValueBytes) {
    this.maxValueBytes = maxValueBytes;
  }

  /** From now on changes go there. */
  void journalTo(MutationSink sink) {
    journal = sink;
  }

  int maxValueBytes() {
    return maxValueBytes;
  }

  int size() {
    return index.size();
  }

  /** How many keys have an expiry. */
  int expiringCount() {
    return expiring;
  }

  /** How many keys have expired since the start. */
  long expiredCount() {
    return expiredCount;
  }

  /** About how much memory keys and values take. */
  long usedBytes() {
    return usedBytes;
  }

  /** How long a log is that holds each key once and nothing else. */
  long logBytes() {
    return LogFormat.FILE_HEADER_BYTES
        + dataBytes
        + (long) size() * LogFormat.SET_BYTES
        + (long) expiring * Long.BYTES;
  }

  /** What the log tells of itself, for INFO. */
  LogStats logStats() {
    return logStats;
  }

  /** The live entry of a key, or null; one that has expired is removed here. */
  @Nullable Entry find(Bytes key, long nowMillis) {
    Entry entry = index.get(key);
    if (entry != null && entry.isExpired(nowMillis)) {
      expire(entry);
      return null;
    }
    return entry;
  }

  private void expire(Entry entry) {
    expiredCount++;
    delete(entry);
  }

  /** Gives a key a value, whether it was there or not. The array belongs to the key space now. */
  void set(Bytes key, byte[] value, long expireAtMillis) {
    put(key, value, value.length, expireAtMillis);
    journal.set(key, value, value.length, expireAtMillis);
  }

  private void put(Bytes key, byte[] value, int length, long expireAtMillis) {
    Entry entry = index.get(key);
    if (entry == null) {
      entry = new Entry(key, value, length, expireAtMillis);
      index.add(entry);
      slots.add(entry);
      usedBytes += entry.memoryBytes();
      dataBytes += entry.dataBytes();
      expiring += expireAtMillis == Entry.NEVER ? 0 : 1;
    } else {
      usedBytes += value.length - entry.value.length;
      dataBytes += length - entry.length;
      entry.value = value;
      entry.length = length;
      putExpiry(entry, expireAtMillis);
    }
  }

  private void putExpiry(Entry entry, long expireAtMillis) {
    expiring += (expireAtMillis == Entry.NEVER ? 0 : 1) - (entry.expireAt == Entry.NEVER ? 0 : 1);
    entry.expireAt = expireAtMillis;
    slots.noteExpiry(entry);
  }

  /** Changes only the expiry. */
  void setExpiry(Entry entry, long expireAtMillis) {
    putExpiry(entry, expireAtMillis);
    journal.expireAt(entry.key, expireAtMillis);
  }

  /** Adds bytes to the end of a value. */
  void append(Entry entry, byte[] suffix) {
    extend(entry, suffix);
    journal.append(entry.key, suffix);
  }

  /** Doubles the array when it is full, so that many small appends cost little each. */
  private void extend(Entry entry, byte[] suffix) {
    int length = entry.length + suffix.length;
    if (length > entry.value.length) {
      long doubled = Math.max(length, Math.min(2L * entry.length, maxValueBytes));
      usedBytes += doubled - entry.value.length;
      entry.value = Arrays.copyOf(entry.value, (int) doubled);
    }
    System.arraycopy(suffix, 0, entry.value, entry.length, suffix.length);
    entry.length = length;
    dataBytes += suffix.length;
  }

  void delete(Entry entry) {
    remove(entry);
    journal.delete(entry.key);
  }

  private void remove(Entry entry) {
    index.remove(entry);
    slots.remove(entry);
    usedBytes -= entry.memoryBytes();
    dataBytes -= entry.dataBytes();
    expiring -= entry.expireAt == Entry.NEVER ? 0 : 1;
  }

  void clear() {
    removeAll();
    journal.clear();
  }

  private void removeAll() {
    index.clear();
    slots.clear();
    usedBytes = 0;
    dataBytes = 0;
    expiring = 0;
    sweepPage = 0;
  }

  /**
   * Visits a part of the keys. An entry that lives from the first to the last step of a scan is
   * visited exactly once, whatever is added or removed meanwhile.
   *
   * @param position where to go on; 0 at first
   * @param count about how many entries to visit
   * @return where to go on, or {@link #SCAN_END}
   */
  int scan(long position, long count, long nowMillis, Consumer<Entry> visitor) {
    if (position >= slots.limit()) {
      return SCAN_END;
    }
    int slot = (int) position;
    int wanted = (int) Math.min(count, MAX_SCAN_SLOTS);
    int slotBudget = Math.min(MAX_SCAN_SLOTS, wanted * SLOTS_PER_ENTRY);
    for (int visited = 0; slotBudget > 0 && visited < wanted; slotBudget--, slot++) {
      if (slot >= slots.limit()) {
        return SCAN_END;
      }
      Entry entry = slots.get(slot);
      if (entry != null && entry.isExpired(nowMillis)) {
        expire(entry);
      } else if (entry != null) {
        visitor.accept(entry);
        visited++;
      }
    }
    return slot >= slots.limit() ? SCAN_END : slot;
  }

  /**
   * Removes expired keys in a bounded step, going round the table.
   *
   * @param maxPages how many pages to look at, at least 1
   * @param maxRemovals ends the step after the page in which this many keys were removed
   * @return how many keys were removed; fewer than {@code maxRemovals} means that the step ended
   *     for the number of pages
   */
  int sweep(long nowMillis, int maxPages, int maxRemovals) {
    int removed = 0;
    int steps = expiring == 0 ? 0 : Math.min(maxPages, slots.pageCount());
    while (steps-- > 0 && removed < maxRemovals && slots.pageCount() > 0) {
      sweepPage = sweepPage >= slots.pageCount() ? 0 : sweepPage;
      SlotTable.Page page = slots.page(sweepPage++);
      if (page.earliestExpiry <= nowMillis) {
        removed += sweep(page, nowMillis);
      }
    }
    return removed;
  }

  private int sweep(SlotTable.Page page, long nowMillis) {
    @Nullable Entry[] entries = page.entries;
    if (entries == null) {
      return 0;
    }
    int removed = 0;
    long earliest = Entry.NEVER;
    for (Entry entry : entries) {
      if (entry != null && entry.isExpired(nowMillis)) {
        expire(entry);
        removed++;
      } else if (entry != null) {
        earliest = Math.min(earliest, entry.expireAt);
      }
    }
    page.earliestExpiry = earliest;
    return removed;
  }

  /** How many pages a full sweep looks at. */
  int sweepPages() {
    return expiring == 0 ? 0 : slots.pageCount();
  }

  /** Makes changes that come from a journal, without journalling them again. */
  MutationSink replayer() {
    return new MutationSink() {
      @Override
      public void set(Bytes key, byte[] value, int length, long expireAtMillis) {
        put(key, value, length, expireAtMillis);
      }

      @Override
      public void delete(Bytes key) {
        Entry entry = index.get(key);
        if (entry != null) {
          remove(entry);
        }
      }

      @Override
      public void expireAt(Bytes key, long expireAtMillis) {
        Entry entry = index.get(key);
        if (entry != null) {
          putExpiry(entry, expireAtMillis);
        }
      }

      @Override
      public void append(Bytes key, byte[] suffix) {
        Entry entry = index.get(key);
        if (entry == null) {
          put(key, suffix, suffix.length, Entry.NEVER);
        } else {
          extend(entry, suffix);
        }
      }

      @Override
      public void clear() {
        removeAll();
      }
    };
  }
}
