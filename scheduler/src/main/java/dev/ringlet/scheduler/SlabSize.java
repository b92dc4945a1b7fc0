package dev.ringlet.scheduler;

import dev.ringlet.spi.IoMemory;
import org.jspecify.annotations.Nullable;

/**
 * The slabs of one size of buffer. Those that are partly lent are used first, so that the others
 * can be given up as a whole. Owner executor only.
 */
final class SlabSize {
  private final BufferPool pool;
  private final int pieceBytes;
  private final int slabBytes;
  private @Nullable Slab firstPartial;
  private @Nullable Slab firstIdle;
  private int idleCount;

  SlabSize(BufferPool pool, int pieceBytes, int slabBytes) {
    this.pool = pool;
    this.pieceBytes = pieceBytes;
    this.slabBytes = slabBytes;
  }

  BufferPool pool() {
    return pool;
  }

  int pieceBytes() {
    return pieceBytes;
  }

  int slabBytes() {
    return slabBytes;
  }

  int idleBytes() {
    return idleCount * slabBytes;
  }

  /** A slab that something is free in, which the caller takes; null if there is none. */
  @Nullable Slab withRoom() {
    return firstPartial != null ? firstPartial : firstIdle;
  }

  /** Adds a slab of which nothing is lent. */
  Slab add(IoMemory memory) {
    Slab slab = new Slab(this, memory, slabBytes / pieceBytes);
    pushIdle(slab);
    return slab;
  }

  /** To be called before a piece is lent. */
  void beforeLend(Slab slab) {
    if (slab.isIdle()) {
      removeIdle(slab);
      if (pieceBytes < slabBytes) {
        pushPartial(slab);
      }
    }
  }

  /** To be called after a piece was lent. */
  void afterLend(Slab slab) {
    if (slab.isFull() && pieceBytes < slabBytes) {
      removePartial(slab);
    }
  }

  /**
   * Takes a piece back.
   *
   * @return whether nothing of the slab is lent any more
   */
  boolean takeBack(Slab slab, int index) {
    boolean wasFull = slab.isFull();
    slab.takeBack(index);
    boolean idle = slab.isIdle();
    if (idle) {
      if (!wasFull) {
        removePartial(slab);
      }
      pushIdle(slab);
    } else if (wasFull) {
      pushPartial(slab);
    }
    return idle;
  }

  /** Leaves a slab of which nothing is lent to the collector; whether there was one. */
  boolean dropIdle() {
    Slab slab = firstIdle;
    if (slab == null) {
      return false;
    }
    removeIdle(slab);
    return true;
  }

  private void pushIdle(Slab slab) {
    idleCount++;
    firstIdle = link(slab, firstIdle);
  }

  private void removeIdle(Slab slab) {
    idleCount--;
    firstIdle = unlink(slab, firstIdle);
  }

  private void pushPartial(Slab slab) {
    firstPartial = link(slab, firstPartial);
  }

  private void removePartial(Slab slab) {
    firstPartial = unlink(slab, firstPartial);
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
