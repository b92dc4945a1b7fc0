package dev.ringlet.examples.kv;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives each entry a number that it keeps for life, which is what makes a scan in steps reliable.
 * <b>Thread:</b> the shard's.
 *
 * <p>Slots come in pages. A new entry takes the lowest page with room, an empty page gives its
 * memory back, and growth never copies entries, so no single operation is slow. A page knows how
 * many of its entries expire and a lower bound of when, so a sweep skips pages with nothing to do.
 */
final class SlotTable {
  static final int PAGE_SLOTS = 256;

  private static final int WORD_BITS = Long.SIZE;

  private final List<Page> pages = new ArrayList<>();
  private final BitSet pagesWithRoom = new BitSet();

  /** One page; {@code entries} is null while it is empty. */
  static final class Page {
    private final long[] used = new long[PAGE_SLOTS / WORD_BITS];
    @Nullable Entry @Nullable [] entries;
    int live;

    /** No entry of the page expires before this time. */
    long earliestExpiry = Entry.NEVER;

    private int takeFreeIndex() {
      int word = 0;
      while (used[word] == -1L) {
        word++;
      }
      int bit = Long.numberOfTrailingZeros(~used[word]);
      used[word] |= 1L << bit;
      return word * WORD_BITS + bit;
    }
  }

  int pageCount() {
    return pages.size();
  }

  Page page(int index) {
    return pages.get(index);
  }

  /** One more than the highest slot there may be. */
  int limit() {
    return pages.size() * PAGE_SLOTS;
  }

  @Nullable Entry get(int slot) {
    @Nullable Entry @Nullable [] entries = pages.get(slot / PAGE_SLOTS).entries;
    return entries == null ? null : entries[slot % PAGE_SLOTS];
  }

  void add(Entry entry) {
    int index = pagesWithRoom.nextSetBit(0);
    if (index < 0) {
      index = pages.size();
      pages.add(new Page());
      pagesWithRoom.set(index);
    }
    Page page = pages.get(index);
    @Nullable Entry[] entries = page.entries;
    if (entries == null) {
      entries = new Entry[PAGE_SLOTS];
      page.entries = entries;
    }
    int free = page.takeFreeIndex();
    entries[free] = entry;
    entry.slot = index * PAGE_SLOTS + free;
    if (++page.live == PAGE_SLOTS) {
      pagesWithRoom.clear(index);
    }
    noteExpiry(entry);
  }

  /** To be called when the entry's expiry has changed. */
  void noteExpiry(Entry entry) {
    Page page = pages.get(entry.slot / PAGE_SLOTS);
    page.earliestExpiry = Math.min(page.earliestExpiry, entry.expireAt);
  }

  void remove(Entry entry) {
    int index = entry.slot / PAGE_SLOTS;
    int slot = entry.slot % PAGE_SLOTS;
    Page page = pages.get(index);
    @Nullable Entry[] entries = page.entries;
    if (entries == null || entries[slot] != entry) {
      throw new IllegalStateException("slot " + entry.slot + " does not hold its entry");
    }
    entries[slot] = null;
    page.used[slot / WORD_BITS] &= ~(1L << (slot % WORD_BITS));
    pagesWithRoom.set(index);
    if (--page.live == 0) {
      page.entries = null;
      page.earliestExpiry = Entry.NEVER;
      dropEmptyTail();
    }
  }

  private void dropEmptyTail() {
    int last = pages.size() - 1;
    while (last >= 0 && pages.get(last).live == 0) {
      pages.remove(last);
      pagesWithRoom.clear(last);
      last--;
    }
  }

  void clear() {
    pages.clear();
    pagesWithRoom.clear();
  }
}
