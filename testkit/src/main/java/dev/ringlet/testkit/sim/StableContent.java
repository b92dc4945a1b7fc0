package dev.ringlet.testkit.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a file's content is on the disk, and the changes since, of which a power loss keeps some.
 *
 * <p>The model: a sector is written as a whole, with all that it had got until then. A write may
 * reach the disk as a whole, in some of its sectors, or not at all, whatever becomes of those
 * before and after it. What takes bytes away (a smaller size, a hole) is in the file system's
 * journal: it comes after everything before it, and nothing written after it is there without it.
 * The size may be any that the file had since: where the disk has got the size and not the bytes,
 * there are zeros. The simulation's thread.
 */
final class StableContent {
  static final int SECTOR_BYTES = 512;

  /** More no kernel keeps in memory: the older half of the changes is on the disk then. */
  private static final int MOST_CHANGES = 8192;

  private static final long MOST_BYTES = 32L << 20;

  private final Content content = new Content();
  private final List<Change> changes = new ArrayList<>();

  /** Up to which change the sectors are on the disk that were synced by themselves. */
  private final Map<Long, Long> syncedSectors = new HashMap<>();

  private long changedBytes;
  private boolean anyLost;

  void add(Change change) {
    if (anyLost) {
      meetLost(change);
    }
    changes.add(change);
    changedBytes += change.byteCount();
    if (changes.size() >= MOST_CHANGES || changedBytes >= MOST_BYTES) {
      sync(changes.get(changes.size() / 2).number());
    }
  }

  private void meetLost(Change change) {
    List<Change> before = List.copyOf(changes);
    changes.clear();
    changedBytes = 0;
    anyLost = false;
    for (Change earlier : before) {
      for (Change left : earlier.isLost() ? earlier.after(change) : List.of(earlier)) {
        changes.add(left);
        changedBytes += left.byteCount();
        anyLost |= left.isLost();
      }
    }
  }

  /** Has everything on the disk up to a change. */
  void sync(long number) {
    List<Change> kept = new ArrayList<>();
    int count = 0;
    while (count < changes.size() && changes.get(count).number() <= number) {
      Change change = changes.get(count);
      apply(change);
      if (change.isLost()) {
        kept.add(change);
      } else {
        changedBytes -= change.byteCount();
      }
      count++;
    }
    changes.subList(0, count).clear();
    changes.addAll(0, kept);
    if (changes.isEmpty()) {
      syncedSectors.clear();
    }
  }

  private void apply(Change change) {
    if (change.isLost()) {
      return;
    }
    if (!change.isWrite() || syncedSectors.isEmpty()) {
      change.applyTo(content);
      return;
    }
    for (long sector = change.firstSector(); sector < change.sectorEnd(); sector++) {
      if (syncedSectors.getOrDefault(sector, -1L) < change.number()) {
        change.applySector(sector, content);
      }
    }
    content.growTo(change.to());
  }

  /** A write that syncs itself: its own sectors are on the disk, and the size of the file. */
  void syncWrite(long number) {
    boolean journal = changes.stream().anyMatch(Change::takesAway);
    Change write = find(number);
    if (journal || write == null) {
      sync(number);
      return;
    }
    for (Change change : changes) {
      if (change.number() <= number && change.isWrite()) {
        syncSectors(change, write);
      }
      if (change.number() <= number && change.grows()) {
        content.growTo(change.to());
      }
    }
    for (long sector = write.firstSector(); sector < write.sectorEnd(); sector++) {
      syncedSectors.merge(sector, number, Math::max);
    }
    changes.remove(write);
    changedBytes -= write.byteCount();
  }

  private void syncSectors(Change change, Change within) {
    long first = Math.max(change.firstSector(), within.firstSector());
    long end = Math.min(change.sectorEnd(), within.sectorEnd());
    for (long sector = first; sector < end; sector++) {
      if (syncedSectors.getOrDefault(sector, -1L) < change.number()) {
        change.applySector(sector, content);
      }
    }
  }

  private @Nullable Change find(long number) {
    for (int i = changes.size() - 1; i >= 0; i--) {
      if (changes.get(i).number() == number && !changes.get(i).isLost()) {
        return changes.get(i);
      }
    }
    return null;
  }

  /**
   * A sync has failed: the kernel tells it once and takes the pages for clean. Their bytes come to
   * the disk only if their page is written to again, also if a later sync succeeds.
   */
  void lose(long number) {
    List<Change> before = List.copyOf(changes);
    changes.clear();
    for (Change change : before) {
      if (change.isWrite() && change.number() <= number) {
        changes.add(Change.of(change.number(), Change.Kind.GROW, 0, change.to()));
        changes.addAll(change.lostPages());
        continue;
      }
      if (!change.isLost()) {
        // It has come behind what is lost now.
        meetLost(change);
      }
      changes.add(change);
    }
    anyLost = changes.stream().anyMatch(Change::isLost);
    changedBytes = changes.stream().mapToLong(Change::byteCount).sum();
  }

  /** Chooses what of the changes has reached the disk; what is there then is all there is. */
  Content powerLoss(SimRandom random) {
    if (!changes.isEmpty()) {
      settle(random);
      changes.clear();
      changedBytes = 0;
      anyLost = false;
    }
    syncedSectors.clear();
    return content.copy();
  }

  private void settle(SimRandom random) {
    switch (random.index(8)) {
      case 0 -> changes.forEach(this::apply);
      case 1 -> {
        // Nothing has.
      }
      default -> settleSome(random);
    }
  }

  private void settleSome(SimRandom random) {
    int end = journalEnd(random);
    int sized = 0;
    for (int i = 0; i < end; i++) {
      sized = changes.get(i).takesAway() ? i + 1 : sized;
    }
    sized += random.index(end - sized + 1);
    Map<Long, Integer> reached = new HashMap<>();
    for (int i = 0; i < end; i++) {
      if (changes.get(i).isWrite()) {
        reach(i, changes.get(i), reached, random);
      }
    }
    long size = content.size();
    for (int i = 0; i < end; i++) {
      Change change = changes.get(i);
      if (change.isWrite()) {
        applyReached(i, change, reached);
      } else if (!change.isLost() && !change.grows()) {
        change.applyTo(content);
      }
      if (change.kind() == Change.Kind.CUT) {
        size = change.to();
      } else if (change.grows() && i < sized) {
        size = Math.max(size, change.to());
      }
    }
    content.cutTo(size);
  }

  /** Up to the first change in the journal that has not got to the disk. */
  private int journalEnd(SimRandom random) {
    for (int i = 0; i < changes.size(); i++) {
      if (changes.get(i).takesAway() && random.chance(0.5)) {
        return i;
      }
    }
    return changes.size();
  }

  /** Notes the last change that each sector has got. */
  private static void reach(
      int index, Change change, Map<Long, Integer> reached, SimRandom random) {
    long first = change.firstSector();
    long end = change.sectorEnd();
    int fate = random.index(4);
    if (fate == 0) {
      return;
    }
    if (fate == 2) {
      end = first + random.between(0, end - first);
    }
    for (long sector = first; sector < end; sector++) {
      if (fate != 3 || random.chance(0.5)) {
        reached.put(sector, index);
      }
    }
  }

  private void applyReached(int index, Change change, Map<Long, Integer> reached) {
    for (long sector = change.firstSector(); sector < change.sectorEnd(); sector++) {
      boolean later = syncedSectors.getOrDefault(sector, -1L) > change.number();
      if (!later && reached.getOrDefault(sector, -1) >= index) {
        change.applySector(sector, content);
      }
    }
  }
}
