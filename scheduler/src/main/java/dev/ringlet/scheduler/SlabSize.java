package dev.ringlet.scheduler;

import dev.ringlet.spi.IoMemory;
import org.jspecify.annotations.Nullable;

/**
 * The slabs of one size of buffer. One of them is lent from; of the others those that are partly
 * lent stand in one list and those of which nothing is lent in another. When the first is used up a
 * partly lent one is next, so that the idle ones can be given up as a whole. Owner executor only.
 */
final class SlabSize {
  private final int pieceBytes;
  private final int slabBytes;
  private @Nullable Slab current;
  private @Nullable Slab firstPartial;
  private @Nullable Slab firstIdle;
  private int idleCount;

  SlabSize(int pieceBytes, int slabBytes) {
    this.pieceBytes = pieceBytes;
    this.slabBytes = slabBytes;
  }

  int pieceBytes() {
    return pieceBytes;
  }

  int slabBytes() {
    return slabBytes;
  }

  /** Memory that {@link #dropIdle} would give up. */
  int idleBytes() {
    Slab used = current;
    int more = used != null && used.isIdle() ? 1 : 0;
    return (idleCount + more) * slabBytes;
  }

  /** A slab that something is free in; null if there is none. */
  @Nullable Slab withRoom() {
    Slab used = current;
    return used != null && !used.isFull() ? used : nextWithRoom();
  }

  private @Nullable Slab nextWithRoom() {
    Slab next = firstPartial;
    if (next != null) {
      firstPartial = unlink(next, next);
    } else {
      next = firstIdle;
      if (next != null) {
        removeIdle(next);
      }
    }
    current = next;
    return next;
  }

  /** Adds a slab, which is lent from now; there must be none with room. */
  Slab add(BufferPool pool, IoMemory memory) {
    Slab slab = new Slab(pool, this, memory);
    current = slab;
    return slab;
  }

  /**
   * Takes a piece back.
   *
   * @return whether there is one more slab now that is kept and not lent from
   */
  boolean takeBack(Slab slab, int index) {
    if (slab == current) {
      slab.takeBack(index);
      return false;
    }
    boolean wasFull = slab.isFull();
    slab.takeBack(index);
    if (slab.isIdle()) {
      if (!wasFull) {
        firstPartial = unlink(slab, firstPartial);
      }
      pushIdle(slab);
      return true;
    }
    if (wasFull) {
      firstPartial = link(slab, firstPartial);
    }
    return false;
  }

  /** Gives a slab up of which nothing is lent; null if there is none. */
  @Nullable Slab dropIdle() {
    Slab slab = firstIdle;
    if (slab != null) {
      removeIdle(slab);
      return slab;
    }
    Slab used = current;
    if (used == null || !used.isIdle()) {
      return null;
    }
    current = null;
    return used;
  }

  private void pushIdle(Slab slab) {
    idleCount++;
    firstIdle = link(slab, firstIdle);
  }

  private void removeIdle(Slab slab) {
    idleCount--;
    firstIdle = unlink(slab, firstIdle);
  }

  private static Slab link(Slab slab, @Nullable Slab first) {
    slab.next = first;
    if (first != null) {
      first.previous = slab;
    }
    return slab;
  }

  /** Gives the first of those that are left. */
  private static @Nullable Slab unlink(Slab slab, @Nullable Slab first) {
    Slab before = slab.previous;
    Slab after = slab.next;
    slab.previous = null;
    slab.next = null;
    if (after != null) {
      after.previous = before;
    }
    if (before == null) {
      return after;
    }
    before.next = after;
    return first;
  }
}
