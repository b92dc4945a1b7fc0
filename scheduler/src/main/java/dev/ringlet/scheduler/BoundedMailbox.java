package dev.ringlet.scheduler;

import dev.ringlet.actor.Mailbox;
import dev.ringlet.actor.Mailbox.Overflow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.unpadded.MpmcAtomicUnpaddedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Up to a number of messages. Senders of any thread put them straight into a ring, so that what is
 * on its way counts; what the runtime itself adds goes beside it and comes first.
 */
final class BoundedMailbox extends LocalMailbox {
  /** There is no room. */
  static final Object FULL = new Object();

  /** The ring rounds its size up to a power of two, of at least this. */
  private static final int LEAST_RING = 2;

  private final int capacity;
  private final Overflow overflow;
  private final MessagePassingQueue<Object> ring;

  /** How many have a place in the ring, or are about to take it. Any thread. */
  private final AtomicInteger places = new AtomicInteger();

  BoundedMailbox(Mailbox.Bounded settings) {
    this.capacity = settings.capacity();
    this.overflow = settings.overflow();
    this.ring = new MpmcAtomicUnpaddedArrayQueue<>(Math.max(LEAST_RING, capacity));
  }

  int capacity() {
    return capacity;
  }

  Overflow overflow() {
    return overflow;
  }

  // ---- any thread

  /**
   * Adds a message. Where the oldest makes room, its place is taken over, so nobody else gets it.
   *
   * @return null if it was taken without loss; the message that was dropped for it; or {@link
   *     #FULL}
   */
  @Nullable Object offer(Object entry) {
    Object dropped = null;
    while (!takePlace()) {
      if (overflow != Overflow.DROP_OLDEST) {
        return FULL;
      }
      dropped = ring.poll();
      if (dropped != null) {
        break;
      }
    }
    put(entry);
    return dropped;
  }

  /** Adds a message if no other one must go for it. */
  boolean offerInRoom(Object entry) {
    if (!takePlace()) {
      return false;
    }
    put(entry);
    return true;
  }

  private void put(Object entry) {
    if (!ring.offer(entry)) {
      throw new AssertionError("a place without room in the ring");
    }
  }

  private boolean takePlace() {
    for (int taken = places.get(); taken < capacity; taken = places.get()) {
      if (places.compareAndSet(taken, taken + 1)) {
        return true;
      }
    }
    return false;
  }

  /** The next message, taken out by whoever finds that nobody will handle it. */
  @Nullable Object pollMessage() {
    Object entry = ring.relaxedPoll();
    if (entry != null) {
      places.decrementAndGet();
    }
    return entry;
  }

  // ---- the owner

  @Override
  @Nullable Object poll() {
    Object own = super.poll();
    return own != null ? own : pollMessage();
  }

  @Override
  boolean isEmpty() {
    return super.isEmpty() && ring.isEmpty();
  }

  @Override
  int size() {
    return super.size() + ring.size();
  }
}
