package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class KeySpaceTest {
  private static final long NOW = 1000;

  private final KeySpace keys = new KeySpace(1 << 20);

  private void put(String key, String value, long expireAt) {
    keys.set(Bytes.of(key), Ascii.bytes(value), expireAt);
  }

  /** What a model of plain maps says, the key space says, and so does a replay of its journal. */
  @Property(tries = 200)
  void behavesLikeMapsAndItsJournalRebuildsIt(@ForAll Random random) {
    KeySpace space = new KeySpace(1 << 20);
    KeySpace copy = new KeySpace(1 << 20);
    space.journalTo(copy.replayer());
    Map<String, String> values = new HashMap<>();
    Map<String, Long> expiries = new HashMap<>();
    long now = NOW;
    for (int step = 0; step < 500; step++) {
      now += random.nextInt(5);
      long time = now;
      values.keySet().removeIf(key -> expiries.getOrDefault(key, Entry.NEVER) <= time);
      expiries.values().removeIf(expiry -> expiry <= time);
      String name = "k" + random.nextInt(600);
      Entry entry = space.find(Bytes.of(name), now);
      assertEquals(values.get(name), entry == null ? null : value(entry));
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          long expiry = random.nextBoolean() ? Entry.NEVER : now + 1 + random.nextInt(100);
          space.set(Bytes.of(name), Ascii.bytes("v" + step), expiry);
          values.put(name, "v" + step);
          expiries.remove(name);
          if (expiry != Entry.NEVER) {
            expiries.put(name, expiry);
          }
        }
        case 2 -> {
          if (entry != null) {
            space.append(entry, Ascii.bytes("+" + step));
            values.merge(name, "+" + step, String::concat);
          }
        }
        case 3 -> {
          if (entry != null) {
            space.setExpiry(entry, now + 50);
            expiries.put(name, now + 50);
          }
        }
        case 4 -> {
          if (entry != null) {
            space.delete(entry);
            values.remove(name);
            expiries.remove(name);
          }
        }
        default -> {
          space.sweep(now, 1 + random.nextInt(3), 10);
          if (random.nextInt(100) == 0) {
            space.clear();
            values.clear();
            expiries.clear();
          }
        }
      }
    }
    while (space.sweep(now, space.sweepPages(), Integer.MAX_VALUE) > 0) {
      // until nothing is expired any more
    }
    assertEquals(values, contents(space, now));
    assertEquals(values, contents(copy, 0));
    assertEquals(values.size(), space.size());
    assertEquals(expiries.size(), space.expiringCount());
    assertEquals(space.expiringCount(), copy.expiringCount());
    assertEquals(space.usedBytes(), copy.usedBytes());
  }

  private static Map<String, String> contents(KeySpace space, long now) {
    Map<String, String> contents = new HashMap<>();
    int position = 0;
    do {
      position =
          space.scan(
              position,
              10,
              now,
              entry -> assertNull(contents.put(entry.key.toString(), value(entry)), "once"));
    } while (position != KeySpace.SCAN_END);
    return contents;
  }

  private static String value(Entry entry) {
    return Ascii.text(Arrays.copyOf(entry.value, entry.length));
  }

  /** Keys that live through a whole scan are seen exactly once, whatever comes and goes. */
  @Property(tries = 30)
  void scanSeesEachLastingKeyOnce(@ForAll Random random) {
    KeySpace space = new KeySpace(100);
    Set<String> lasting = new HashSet<>();
    for (int i = 0; i < 3000; i++) {
      String name = (i % 3 == 0 ? "lasting" : "passing") + i;
      space.set(Bytes.of(name), new byte[0], Entry.NEVER);
      if (i % 3 == 0) {
        lasting.add(name);
      }
    }
    Set<String> seen = new HashSet<>();
    int position = 0;
    int added = 0;
    while (position != KeySpace.SCAN_END) {
      position =
          space.scan(
              position,
              1 + random.nextInt(100),
              NOW,
              entry -> {
                String name = entry.key.toString();
                assertTrue(seen.add(name) || !lasting.contains(name), name);
              });
      for (int i = 0; i < 50; i++) {
        Entry victim = space.find(Bytes.of("passing" + random.nextInt(3000)), NOW);
        if (victim != null) {
          space.delete(victim);
        }
        space.set(Bytes.of("new" + added++), new byte[0], Entry.NEVER);
      }
    }
    assertTrue(seen.containsAll(lasting));
  }

  @Test
  void expiredKeyIsGoneAndItsRemovalIsJournalled() {
    Set<String> deleted = new HashSet<>();
    keys.journalTo(
        new MutationRecorder(
            mutation -> {
              if (mutation instanceof Mutation.Delete delete) {
                deleted.add(delete.key().toString());
              }
            }));
    put("a", "1", NOW + 10);
    assertNotNull(keys.find(Bytes.of("a"), NOW + 9));
    assertNull(keys.find(Bytes.of("a"), NOW + 10));
    assertEquals(Set.of("a"), deleted);
    assertEquals(1, keys.expiredCount());
    assertEquals(0, keys.usedBytes());
  }

  /** A sweep of a bounded number of pages after the other gets every expired key. */
  @Test
  void sweepRemovesInBoundedSteps() {
    for (int i = 0; i < 10_000; i++) {
      put("k" + i, "", i % 2 == 0 ? NOW : NOW + 1000);
    }
    int removed = 0;
    int steps = 0;
    while (removed < 5000) {
      int now = keys.sweep(NOW, 4, 100);
      assertTrue(now < 100 + SlotTable.PAGE_SLOTS);
      removed += now;
      assertTrue(++steps < 200, "the sweep makes progress");
    }
    assertEquals(5000, keys.size());
    assertEquals(0, keys.sweep(NOW, 1000, 1000));
  }

  @Test
  void emptiedTableGivesItsMemoryBack() {
    for (int i = 0; i < 5000; i++) {
      put("k" + i, "", Entry.NEVER);
    }
    for (int i = 0; i < 5000; i++) {
      keys.delete(Objects.requireNonNull(keys.find(Bytes.of("k" + i), NOW)));
    }
    assertEquals(KeySpace.SCAN_END, keys.scan(0, 10, NOW, entry -> {}));
    assertEquals(0, keys.usedBytes());
  }

  @Test
  void freedSlotsAreUsedAgain() {
    for (int round = 0; round < 100; round++) {
      for (int i = 0; i < 300; i++) {
        put("k" + i, "", Entry.NEVER);
      }
      for (int i = 1; i < 300; i++) {
        keys.delete(Objects.requireNonNull(keys.find(Bytes.of("k" + i), NOW)));
      }
    }
    Entry last = Objects.requireNonNull(keys.find(Bytes.of("k0"), NOW));
    assertEquals(0, last.slot);
    put("x", "", Entry.NEVER);
    assertEquals(1, Objects.requireNonNull(keys.find(Bytes.of("x"), NOW)).slot);
  }

  /** A reply keeps what it saw although the value grows under it. */
  @Test
  void appendNeverChangesWhatAReplyRefersTo() {
    put("a", "abc", Entry.NEVER);
    Entry entry = Objects.requireNonNull(keys.find(Bytes.of("a"), NOW));
    keys.append(entry, Ascii.bytes("d"));
    Reply before = Replies.bulk(entry.value, entry.length);
    keys.append(entry, Ascii.bytes("e"));
    keys.append(entry, Ascii.bytes("f".repeat(100)));
    assertEquals("$4\r\nabcd\r\n", InMemoryServer.text(before));
    assertEquals(105, entry.length);
  }
}
