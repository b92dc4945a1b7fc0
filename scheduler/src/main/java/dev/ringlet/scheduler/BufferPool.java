package dev.ringlet.scheduler;

import dev.ringlet.io.BufferMemoryException;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.BufferRecycler;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoMemory;
import org.jspecify.annotations.Nullable;

/**
 * Buffers for output and file I/O of one executor, by size: powers of two from 256 bytes to 1 MiB.
 * Small ones are cut from slabs of 256 KiB; what is larger than 1 MiB is allocated for one use and
 * left to the garbage collector.
 *
 * <p>All of it together has a limit. Memory counts from its allocation until the collector can take
 * it: a slab while something of it is lent or it is kept for later. Kept ones give way when another
 * size needs room. An operation that finds no room stands in a line, and as long as somebody stands
 * there nobody else is given memory. It asks once, for all that it needs, and holds no memory of
 * the pool while it waits, so that those in the line cannot wait for each other; nor for what was
 * read ahead and nobody can take, which gives way.
 *
 * <p>Owner executor, but for {@link #recycle}, {@link #checkFits} and the counters: any thread.
 */
final class BufferPool {
  private static final int MIN_SHIFT = 8;
  private static final int MAX_SHIFT = 20;
  private static final int SLAB_BYTES = 256 * 1024;
  private static final int MAX_BYTES = 1 << 30;

  /** How many bytes of one size are kept when they come back; the rest is left to the collector. */
  private static final int MAX_KEPT_BYTES = 16 << 20;

  private final CoreExecutor executor;
  private final IoDriver driver;
  private final long limit;
  private final SlabSize[] sizes = new SlabSize[MAX_SHIFT - MIN_SHIFT + 1];
  private final BufferRecycler unpooled = this::recycleUnpooled;
  private final MemoryLine line = new MemoryLine();
  private final ReadAheads readAheads = new ReadAheads();
  private final Counter lent = new Counter();
  private final Counter bytes = new Counter();
  private boolean serving;
  private boolean closed;

  BufferPool(CoreExecutor executor, IoDriver driver, long limit) {
    this.executor = executor;
    this.driver = driver;
    this.limit = limit;
    for (int i = 0; i < sizes.length; i++) {
      int size = 1 << (MIN_SHIFT + i);
      sizes[i] = new SlabSize(size, Math.max(size, SLAB_BYTES));
    }
  }

  /** Buffers that are out now. Any thread. */
  long lent() {
    return lent.get();
  }

  /** Memory that counts, lent or kept. Any thread. */
  long bytes() {
    return bytes.get();
  }

  /** Operations in the line. Any thread. */
  long waiting() {
    return line.length();
  }

  /** Whether somebody stands in the line. */
  boolean isAwaited() {
    return !line.isEmpty();
  }

  /** Who holds memory that it could do without. */
  ReadAheads readAheads() {
    return readAheads;
  }

  /** An actor takes nothing any more, for nobody knows how long. */
  void actorAwaits() {
    if (isAwaited()) {
      readAheads.giveUp();
    }
  }

  /**
   * Refuses what could never be given. Any thread.
   *
   * @param name what the caller calls it
   */
  void checkFits(String name, int wanted) {
    if (wanted < 1 || wanted > MAX_BYTES) {
      throw new IllegalArgumentException(name + ": " + wanted + "; give 1 to " + MAX_BYTES);
    }
    if (wanted > limit) {
      throw new IllegalArgumentException(
          name
              + ": "
              + wanted
              + " is more than all buffers of an executor may have, "
              + limit
              + " bytes; ask for less at a time or raise ExecutorPool.withBufferMemory");
    }
  }

  /**
   * Leases memory now.
   *
   * @throws BufferMemoryException if there is no room, or others stand in the line
   */
  IoBuffer acquire(int wanted) {
    checkFits("bytes", wanted);
    IoBuffer buffer = takeOrHaveOthersGiveUp(wanted);
    if (buffer == null) {
      throw new BufferMemoryException(
          "no memory for a buffer of "
              + wanted
              + " bytes: the executor's limit is "
              + limit
              + " bytes, "
              + state()
              + "; release buffers, wait with Io.bufferWhenFree, or raise"
              + " ExecutorPool.withBufferMemory",
          null);
    }
    return executor.watch(buffer, "Io.buffer");
  }

  private String state() {
    return bytes.get()
        + " of them are taken for "
        + lent.get()
        + " buffers that are out, and "
        + line.length()
        + " operations wait";
  }

  /** Leases memory now; null if there is no room, or others stand in the line. */
  @Nullable IoBuffer tryAcquire(int wanted, Object origin) {
    try {
      IoBuffer buffer = line.isEmpty() ? take(wanted) : null;
      return buffer == null ? null : executor.watch(buffer, origin);
    } catch (BufferMemoryException exhausted) {
      return null;
    }
  }

  /**
   * Leases memory now, for what cannot wait since others wait for it that have memory: where there
   * is no room it is beside the limit and left to the garbage collector. The caller bounds how
   * much.
   *
   * @throws BufferMemoryException if the virtual machine has none
   */
  IoBuffer acquireOrAllocate(int wanted, Object origin) {
    IoBuffer pooled = tryAcquire(wanted, origin);
    return pooled != null
        ? pooled
        : new IoBuffer(forOneUse(allocateOrMakeRoom(wanted)), 0, wanted, unlimited -> {}, 0);
  }

  /** Memory that the driver is to take no note of, since nobody gives it back. */
  private static IoMemory forOneUse(IoMemory memory) {
    return new IoMemory(memory.bytes(), memory.address());
  }

  /**
   * Leases memory for an operation, which is given it now or when its turn has come.
   *
   * @return its place in the line; null if it has been served
   */
  @Nullable MemoryWait acquireFor(Operation<?> operation, int wanted) {
    IoBuffer buffer;
    try {
      buffer = takeOrHaveOthersGiveUp(wanted);
    } catch (BufferMemoryException exhausted) {
      operation.complete(-Errno.ENOMEM, exhausted);
      return null;
    }
    if (buffer != null) {
      operation.leased(executor.watch(buffer, operation));
      return null;
    }
    MemoryWait wait = new MemoryWait(operation, wanted);
    line.add(wait);
    executor.memoryIsAwaited();
    return wait;
  }

  /** The operation has ended in the line. */
  void leave(MemoryWait wait) {
    line.remove(wait);
    serve();
  }

  /** Those who wait are told so; nobody waits from now on. */
  void close() {
    closed = true;
    for (MemoryWait wait = line.first(); wait != null; wait = line.first()) {
      wait.operation.complete(-Errno.ECANCELED, null);
    }
  }

  /** The first in the line get what there is; a loop, as those who fail give it back at once. */
  private void serve() {
    if (serving || closed) {
      return;
    }
    serving = true;
    try {
      while (serveFirst()) {}
    } finally {
      serving = false;
    }
  }

  private boolean serveFirst() {
    MemoryWait wait = line.first();
    if (wait == null) {
      return false;
    }
    IoBuffer buffer;
    try {
      buffer = take(wait.bytes);
    } catch (BufferMemoryException exhausted) {
      wait.operation.complete(-Errno.ENOMEM, exhausted);
      return true;
    }
    if (buffer == null) {
      return false;
    }
    line.remove(wait);
    wait.operation.leasedLater(executor.watch(buffer, wait.operation));
    return true;
  }

  /**
   * While somebody stands in the line nobody can give up anything: whoever reads ahead of an actor
   * that takes no more does so when that begins.
   */
  private @Nullable IoBuffer takeOrHaveOthersGiveUp(int wanted) {
    if (isAwaited()) {
      return null;
    }
    IoBuffer buffer = take(wanted);
    if (buffer == null) {
      readAheads.giveUp();
      buffer = isAwaited() ? null : take(wanted);
    }
    return buffer;
  }

  private @Nullable IoBuffer take(int wanted) {
    if (wanted > 1 << MAX_SHIFT) {
      IoMemory memory = allocate(wanted);
      return memory == null ? null : lend(new IoBuffer(memory, 0, wanted, unpooled, 0));
    }
    int shift = Math.max(MIN_SHIFT, 32 - Integer.numberOfLeadingZeros(wanted - 1));
    SlabSize size = sizes[shift - MIN_SHIFT];
    Slab slab = size.withRoom();
    if (slab == null) {
      IoMemory memory = allocate(size.slabBytes());
      if (memory == null) {
        return null;
      }
      slab = size.add(this, memory);
    }
    return lend(slab.lend());
  }

  private IoBuffer lend(IoBuffer buffer) {
    lent.add(1);
    return buffer;
  }

  /** Memory within the limit, else null. */
  private @Nullable IoMemory allocate(int wanted) {
    if (bytes.get() + wanted > limit && !makeRoom(limit - wanted)) {
      return null;
    }
    IoMemory memory = allocateOrMakeRoom(wanted);
    bytes.add(wanted);
    return memory;
  }

  private IoMemory allocateOrMakeRoom(int wanted) {
    try {
      return driver.allocate(wanted);
    } catch (OutOfMemoryError first) {
      checkIsOfDirectMemory(first);
      dropIdle(0);
      try {
        return driver.allocate(wanted);
      } catch (OutOfMemoryError again) {
        throw new BufferMemoryException(
            "no memory for "
                + wanted
                + " bytes of buffers: the virtual machine has no direct memory left; "
                + bytes.get()
                + " bytes are this executor's, for "
                + lent.get()
                + " buffers that are out"
                + "; raise -XX:MaxDirectMemorySize, or lower ExecutorPool.withBufferMemory so that"
                + " operations wait instead",
            again);
      }
    }
  }

  /** The heap is another matter; what {@code java.nio.Bits} refuses harms nobody else. */
  private static void checkIsOfDirectMemory(OutOfMemoryError error) {
    if (!String.valueOf(error.getMessage()).contains("direct")) {
      throw error;
    }
  }

  /** Gives kept slabs up until so much is used at most; none if all of them were not enough. */
  private boolean makeRoom(long target) {
    long least = bytes.get();
    for (SlabSize size : sizes) {
      least -= size.idleBytes();
    }
    if (least > target) {
      return false;
    }
    dropIdle(target);
    return true;
  }

  private void dropIdle(long target) {
    for (SlabSize size : sizes) {
      while (bytes.get() > target && dropIdle(size)) {}
    }
  }

  /** Gives one kept slab up; whether there was one. */
  private boolean dropIdle(SlabSize size) {
    Slab slab = size.dropIdle();
    if (slab == null) {
      return false;
    }
    bytes.add(-size.slabBytes());
    driver.free(slab.memory());
    return true;
  }

  /** Any thread. */
  void recycle(Slab slab, int index) {
    if (executor.isCurrent()) {
      giveBack(slab, index);
    } else {
      executor.send(new GiveBack(slab, index));
    }
  }

  private void recycleUnpooled(IoBuffer buffer) {
    if (executor.isCurrent()) {
      giveBackUnpooled(buffer.memory());
    } else {
      executor.send(new GiveBackUnpooled(buffer.memory()));
    }
  }

  private void giveBack(Slab slab, int index) {
    lent.add(-1);
    SlabSize size = slab.size();
    if (size.takeBack(slab, index) && size.idleBytes() > MAX_KEPT_BYTES) {
      dropIdle(size);
    }
    if (!line.isEmpty()) {
      serve();
    }
  }

  private void giveBackUnpooled(IoMemory memory) {
    driver.free(memory);
    lent.add(-1);
    bytes.add(-memory.bytes().capacity());
    if (!line.isEmpty()) {
      serve();
    }
  }

  private static final class GiveBack extends Command {
    private final Slab slab;
    private final int index;

    GiveBack(Slab slab, int index) {
      this.slab = slab;
      this.index = index;
    }

    @Override
    void run(CoreExecutor executor) {
      executor.buffers().giveBack(slab, index);
    }

    @Override
    void refused(CoreExecutor executor) {
      // The pool has ended with its executor; the memory is the garbage collector's.
    }
  }

  private static final class GiveBackUnpooled extends Command {
    private final IoMemory memory;

    GiveBackUnpooled(IoMemory memory) {
      this.memory = memory;
    }

    @Override
    void run(CoreExecutor executor) {
      executor.buffers().giveBackUnpooled(memory);
    }

    @Override
    void refused(CoreExecutor executor) {
      // As above.
    }
  }
}
