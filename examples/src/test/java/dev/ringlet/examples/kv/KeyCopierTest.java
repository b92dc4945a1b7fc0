package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever happens between the pages of a copy: replayed from nothing it gives the same keys. */
final class KeyCopierTest {
  private static final long SALT = 77;
  private static final long NOW = InMemoryServer.START;
  private static final int KEYS = 900;

  /** Keys that are changed at random. */
  private static final class Changing {
    private final KeySpace keys = new KeySpace(1 << 20);
    private final Random random;
    private long now = NOW;

    Changing(Random random) {
      this.random = random;
    }

    private void change() {
      Bytes key = Bytes.of("k" + random.nextInt(KEYS));
      Entry entry = keys.find(key, now);
      byte[] value = new byte[random.nextInt(random.nextInt(20) == 0 ? 5000 : 40)];
      random.nextBytes(value);
      int dice = random.nextInt(1000);
      if (dice == 0) {
        keys.clear();
      } else if (dice < 400 || entry == null) {
        keys.set(key, value, random.nextInt(4) == 0 ? now + random.nextInt(300) : Entry.NEVER);
      } else if (dice < 600) {
        keys.delete(entry);
      } else if (dice < 800) {
        keys.append(entry, value);
      } else {
        keys.setExpiry(entry, random.nextBoolean() ? Entry.NEVER : now + 1 + random.nextInt(500));
      }
    }

    private void changeMany(int count) {
      for (int i = 0; i < count; i++) {
        change();
        now += random.nextInt(10) == 0 ? 1 : 0;
      }
    }
  }

  /** All keys as text; without a clock, so that those are in it that have expired unseen. */
  private static Map<String, String> dump(KeySpace keys) {
    Map<String, String> all = new TreeMap<>();
    long position = 0;
    while (position != KeySpace.SCAN_END) {
      position =
          keys.scan(
              position,
              100,
              Long.MIN_VALUE,
              entry ->
                  all.put(
                      entry.key.toString(),
                      Ascii.text(Arrays.copyOf(entry.value, entry.length)) + '@' + entry.expireAt));
    }
    return all;
  }

  @Property(tries = 60)
  void copyOfChangingKeysGivesTheSameKeys(@ForAll Random seeded) {
    Changing model = new Changing(seeded);
    KeySpace keys = model.keys;
    model.changeMany(seeded.nextInt(4000));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LogEncoder encoder = new LogEncoder(SALT, 0, bytes::write);
    KeyCopier copier = new KeyCopier(keys, MutationSink.NONE);
    while (!copier.isComplete()) {
      model.changeMany(seeded.nextInt(200));
      copier.addPage(model.now);
      ChangeList part = seeded.nextBoolean() ? copier.take() : new ChangeList();
      model.changeMany(seeded.nextInt(20));
      part.applyTo(encoder);
    }
    model.changeMany(seeded.nextInt(300));
    copier.changes().applyTo(encoder);
    copier.stop();

    KeySpace copy = new KeySpace(1 << 20);
    LogDecoder decoder = new LogDecoder(SALT, 0, bytes.size(), copy.replayer());
    decoder.feed(ByteBuffer.wrap(bytes.toByteArray()));
    assertEquals(new LogVerdict.Clean(bytes.size()), decoder.verdict());
    assertEquals(dump(keys), dump(copy));
    assertEquals(keys.logBytes(), copy.logBytes());
    assertEquals(keys.expiringCount(), copy.expiringCount());
  }

  /** What a log of nothing but the keys takes is known to the byte. */
  @Property(tries = 20)
  void logOfKeysAloneHasTheLengthThatWasTold(@ForAll Random seeded) {
    Changing test = new Changing(seeded);
    test.changeMany(3000);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LogEncoder encoder = new LogEncoder(SALT, LogFormat.FILE_HEADER_BYTES, bytes::write);
    KeyCopier copier = new KeyCopier(test.keys, MutationSink.NONE);
    long before = test.keys.logBytes();
    while (!copier.isComplete()) {
      copier.addPage(Long.MIN_VALUE);
    }
    copier.take().applyTo(encoder);
    assertEquals(before, encoder.offset());
    assertEquals(before - LogFormat.FILE_HEADER_BYTES, bytes.size());
  }
}
