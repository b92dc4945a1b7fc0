package dev.ringlet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Random changes, syncs and power losses against all that the file has ever been since a sync. */
final class StableContentTest {
  private static final int MOST_BYTES = 8192;
  private static final int SECTOR = StableContent.SECTOR_BYTES;

  private final StableContent stable = new StableContent();
  private final List<byte[]> history = new ArrayList<>();
  private Content content = new Content();
  private long number;

  /** After a sync that has failed none promises anything of what was before. */
  private boolean failed;

  @Test
  void eachSectorIsWhatItHasBeenSinceTheSync() {
    for (long seed = 0; seed < 5000; seed++) {
      new StableContentTest().check(new SimRandom(seed, "test"));
    }
  }

  private void check(SimRandom random) {
    history.add(bytes());
    for (int round = 0; round < 3; round++) {
      int changes = random.index(12);
      for (int i = 0; i < changes; i++) {
        change(random);
      }
      content = stable.powerLoss(random);
      failed = false;
      check(bytes());
      history.clear();
      history.add(bytes());
    }
  }

  private void change(SimRandom random) {
    int from = random.index(MOST_BYTES / 2);
    int to = from + 1 + random.index(MOST_BYTES / 2);
    switch (random.index(12)) {
      case 0 -> {
        stable.sync(number);
        if (!failed) {
          history.clear();
        }
      }
      case 1 -> apply(Change.of(++number, Change.Kind.PUNCH, sector(from), sector(to)));
      case 2 -> resize(sector(to));
      case 3 -> {
        write(from, to, random);
        stable.syncWrite(number);
        byte[] present = bytes();
        history.replaceAll(earlier -> withSectors(earlier, present, from, to));
      }
      case 4 -> {
        stable.lose(number);
        failed = true;
      }
      default -> write(from, to, random);
    }
    history.add(bytes());
  }

  /** What is taken away within a sector leaves what was there before a write that is lost. */
  private static int sector(int position) {
    return position / SECTOR * SECTOR;
  }

  /** Its sectors are on the disk: no earlier state of them comes back. */
  private static byte[] withSectors(byte[] earlier, byte[] present, int from, int to) {
    byte[] state = earlier.length < to ? Arrays.copyOf(earlier, to) : earlier.clone();
    int start = sector(from);
    int end = Math.min(sector(to + SECTOR - 1), Math.min(present.length, state.length));
    System.arraycopy(present, start, state, start, end - start);
    return state;
  }

  private void write(int from, int to, SimRandom random) {
    byte[] bytes = new byte[to - from];
    Arrays.fill(bytes, (byte) (1 + random.index(120)));
    apply(Change.write(++number, from, bytes));
  }

  private void resize(int size) {
    Change.Kind kind = size < content.size() ? Change.Kind.CUT : Change.Kind.GROW;
    apply(Change.of(++number, kind, 0, size));
  }

  private void apply(Change change) {
    change.applyTo(content);
    stable.add(change);
  }

  private byte[] bytes() {
    byte[] bytes = new byte[(int) content.size()];
    content.read(0, ByteBuffer.wrap(bytes));
    return bytes;
  }

  private void check(byte[] left) {
    assertTrue(history.stream().anyMatch(state -> state.length == left.length), "a size it had");
    for (int from = 0; from < left.length; from += SECTOR) {
      byte[] sector = Arrays.copyOfRange(left, from, Math.min(left.length, from + SECTOR));
      int start = from;
      boolean known =
          history.stream()
              .anyMatch(state -> Arrays.equals(sector, part(state, start, sector.length)));
      if (!known) {
        assertArrayEquals(part(history.get(0), from, sector.length), sector, "sector at " + from);
      }
    }
  }

  /** With zeros beyond the end. */
  private static byte[] part(byte[] state, int from, int length) {
    return Arrays.copyOfRange(
        state.length < from + length ? Arrays.copyOf(state, from + length) : state,
        from,
        from + length);
  }
}
