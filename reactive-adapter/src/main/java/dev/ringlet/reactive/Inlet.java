package dev.ringlet.reactive;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Where signals of an upstream come in and wait for an actor. The signals come on any threads, one
 * after the other (rule 1.3); the rest is for the actor, or for whoever finds that it is not there.
 *
 * <p>Elements wait in a ring with room for all that may be asked for. The upstream's index is
 * handed on from signal to signal by the rule that makes them serial; the actor has an index of its
 * own. An element belongs to the actor from {@link #poll} on. Once closed, elements are given back:
 * by {@link #close}, or by the signal that has brought them too late, and each of them once,
 * because both take them out of their slot.
 */
final class Inlet<T> implements Subscriber<T> {
  private static final System.Logger LOG = System.getLogger(Inlet.class.getName());

  private final AtomicReferenceArray<@Nullable T> ring;
  private final int mask;
  private final Discard<T> discard;
  private final Waker waker;
  private final AtomicReference<@Nullable Subscription> upstream = new AtomicReference<>();
  private final AtomicBoolean cancelled = new AtomicBoolean();

  /** Of the next element. Upstream only. */
  private int tail;

  /** Of the next element. Actor only. */
  private int head;

  /** How many elements may still come. Actor only. */
  private long expected;

  /** Made when an element was polled that nobody has asked for. Actor only. */
  private @Nullable Throwable overrun;

  /** All that comes was polled. Actor only. */
  private boolean done;

  /** Published by {@link #ended}. */
  private @Nullable Throwable failure;

  /** The upstream has given more than was asked for. Published by {@link #ended}. */
  private boolean overflown;

  /** No element comes any more. */
  private volatile boolean ended;

  /** Nobody takes an element any more. */
  private volatile boolean closed;

  /**
   * @param capacity how many elements may be asked for and not taken, at most
   */
  Inlet(int capacity, Discard<T> discard, Waker waker) {
    int slots = capacity == 1 ? 1 : Integer.highestOneBit(capacity - 1) << 1;
    this.ring = new AtomicReferenceArray<>(slots);
    this.mask = slots - 1;
    this.discard = discard;
    this.waker = waker;
  }

  // ---- the upstream's side

  @Override
  public void onSubscribe(Subscription subscription) {
    Objects.requireNonNull(subscription, "subscription (Reactive Streams rule 2.13)");
    if (!upstream.compareAndSet(null, subscription)) {
      // Rule 2.5.
      subscription.cancel();
    } else if (closed) {
      cancelOnce();
    } else {
      waker.wake();
    }
  }

  @Override
  public void onNext(T element) {
    Objects.requireNonNull(element, "element (Reactive Streams rule 2.13)");
    int slot = tail & mask;
    if (closed || ended || ring.get(slot) != null) {
      refuse(element);
      return;
    }
    tail++;
    if (waker.isHome()) {
      // As when the upstream gives elements within request. The costly store is for other threads.
      ring.lazySet(slot, element);
      waker.wake();
      return;
    }
    ring.set(slot, element);
    if (!closed) {
      waker.wake();
    } else {
      discard.accept(ring.getAndSet(slot, null));
    }
  }

  /** One that comes too late is a matter of timing, one that has no room is not. */
  private void refuse(T element) {
    discard.accept(element);
    if (!closed && !ended) {
      overflown = true;
      end(tooMany());
    }
  }

  private static IllegalStateException tooMany() {
    return new IllegalStateException(
        "the upstream has given more elements than it was asked for (Reactive Streams rule 1.1); it"
            + " was cancelled, and what came too much was given back");
  }

  @Override
  public void onError(Throwable thrown) {
    Objects.requireNonNull(thrown, "failure (Reactive Streams rule 2.13)");
    if (!ended) {
      end(thrown);
    }
  }

  @Override
  public void onComplete() {
    if (!ended) {
      end(null);
    }
  }

  private void end(@Nullable Throwable with) {
    failure = with;
    ended = true;
    waker.wake();
  }

  // ---- the actor's side

  /** Whether the upstream may be asked. */
  boolean isSubscribed() {
    return upstream.get() != null;
  }

  /** Asks for more; with the others at most as many as there is room for. */
  void request(long count) {
    if (!ended) {
      expected += count;
      Objects.requireNonNull(upstream.get()).request(count);
    }
  }

  /** The next element; null if none waits, and {@link #isDone} tells whether one may come. */
  @Nullable T poll() {
    if (closed) {
      // What still comes is given back by the signal that brings it.
      done |= ended;
      return null;
    }
    // Read before the slot, which is written before it.
    boolean last = ended;
    int slot = head & mask;
    T element = ring.get(slot);
    if (element == null) {
      done |= last;
      return null;
    }
    ring.lazySet(slot, null);
    head++;
    if (expected == 0) {
      discard.accept(element);
      overrun = tooMany();
      done = true;
      close();
      return null;
    }
    expected--;
    return element;
  }

  /** Whether a poll finds something now: an element, or the end. */
  boolean hasMore() {
    return ended || ring.get(head & mask) != null;
  }

  /** Gives a polled element back. */
  void giveBack(T element) {
    discard.accept(element);
  }

  /** Whether the upstream has ended and all elements were polled, as the last poll has found. */
  boolean isDone() {
    return done;
  }

  /** The same, without a poll: for those who may not take an element now. */
  boolean checkDone() {
    done |= ended && ring.get(head & mask) == null;
    return done;
  }

  /** Why it has ended; null if regularly. Only once it is done. */
  @Nullable Throwable failure() {
    return overrun != null ? overrun : failure;
  }

  /** Ends an upstream that gives more than it was asked for; what waits may still be polled. */
  void cancelIfOverflown() {
    if (ended && overflown && isSubscribed()) {
      cancelOnce();
    }
  }

  /** Takes no element any more, gives back those that wait, and cancels what has not ended. */
  void close() {
    closed = true;
    try {
      if (upstream.get() != null) {
        cancelOnce();
      }
    } finally {
      for (int slot = 0; slot <= mask; slot++) {
        discard.accept(ring.getAndSet(slot, null));
      }
    }
  }

  /** By the actor, or by an onSubscribe that comes after the end. */
  private void cancelOnce() {
    if ((!ended || overflown) && cancelled.compareAndSet(false, true)) {
      try {
        Objects.requireNonNull(upstream.get()).cancel();
      } catch (Throwable thrown) {
        Fatal.rethrow(thrown);
        LOG.log(
            System.Logger.Level.WARNING,
            "an upstream threw from cancel (Reactive Streams rule 3.15)",
            thrown);
      }
    }
  }
}
