package dev.ringlet.uring;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.BufferRecycler;
import dev.ringlet.spi.IoMemory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that received bytes come in: lent to the kernel, leased to the receiver as an {@link
 * IoBuffer}, and back.
 *
 * <p>A release by the owner lends the buffer again at once. One by another thread goes onto a
 * stack, linked through {@link #nextReturned} by buffer id, which the owner takes as a whole; it
 * cannot suffer from ABA and allocates nothing. If a receive waits for memory that thread also
 * rouses the owner: it pushes and then reads {@link #wanted}, the owner sets {@code wanted} and
 * then looks at the stack, all of it volatile, so one of them sees the other.
 */
final class ReceiveBuffers implements BufferRecycler {
  private static final int NONE = -1;

  private final Thread owner = Thread.currentThread();
  private final BufferRing ring;
  private final IoMemory memory;
  private final WakeUp wakeUp;
  private final Counter leased = new Counter();
  private final Counter returnedByOwner = new Counter();
  private final AtomicLong returnedByOthers = new AtomicLong();
  private final int[] nextReturned;
  private final AtomicInteger lastReturned = new AtomicInteger(NONE);

  /** Owner only: how many buffers the kernel has not given out, or will be told about. */
  private int available;

  private boolean closed;
  private volatile boolean wanted;

  ReceiveBuffers(BufferRing ring, WakeUp wakeUp) {
    this.ring = ring;
    this.wakeUp = wakeUp;
    memory = new IoMemory(ring.slab(), ring.address(0));
    nextReturned = new int[ring.buffers()];
    available = ring.buffers();
  }

  int group() {
    return ring.group();
  }

  int bufferBytes() {
    return ring.bufferBytes();
  }

  boolean hasAvailable() {
    return available > 0;
  }

  /** Owner: the kernel has put {@code bytes} into buffer {@code id}. */
  IoBuffer lease(int id, int bytes) {
    available--;
    leased.increment();
    int size = ring.bufferBytes();
    return new IoBuffer(memory, id * size, size, this, id).setIndex(0, bytes);
  }

  /** A buffer without bytes, for what needs none of the kernel's. */
  IoBuffer empty() {
    return new IoBuffer(memory, 0, 0, buffer -> {}, 0);
  }

  /** Owner: the kernel has taken a buffer and put nothing into it. */
  void lendAgain(int id) {
    ring.add(id);
  }

  /** Owner: says whether a receive waits for memory. */
  void want(boolean nowWanted) {
    if (wanted != nowWanted) {
      wanted = nowWanted;
    }
  }

  /** Any thread, also after close. */
  @Override
  public void recycle(IoBuffer buffer) {
    if (Thread.currentThread() == owner) {
      returnedByOwner.increment();
      takeBack(buffer.slot());
      return;
    }
    returnedByOthers.incrementAndGet();
    push(buffer.slot());
    if (wanted) {
      wakeUp.signal();
    }
  }

  /** Owner: lends what other threads have released. */
  void collectReturned() {
    if (lastReturned.get() == NONE) {
      return;
    }
    int id = lastReturned.getAndSet(NONE);
    while (id != NONE) {
      // Read before the buffer can be leased, and returned, again.
      int next = nextReturned[id];
      takeBack(id);
      id = next;
    }
  }

  /** Any thread: leases that are out. */
  long lent() {
    long returned = returnedByOwner.get() + returnedByOthers.get();
    return Math.max(0, leased.get() - returned);
  }

  /**
   * Owner: the kernel gets no more buffers. Leases stay valid, their memory lives as long as they
   * do.
   */
  void close() {
    closed = true;
    ring.unregister();
  }

  private void takeBack(int id) {
    if (!closed) {
      available++;
      ring.add(id);
    }
  }

  private void push(int id) {
    int head;
    do {
      head = lastReturned.get();
      nextReturned[id] = head;
    } while (!lastReturned.compareAndSet(head, id));
  }
}
