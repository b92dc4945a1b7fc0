package dev.ringlet.reactive;

import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Elements that several subscribers take, each at its own pace, numbered from 0. Each slot counts
 * by whom its element is needed: the subscribers that have not taken it, and the replay as one
 * more. The last of them gets the element itself, or has it given back; the others get what sharing
 * makes of it. Owner executor.
 */
final class SharedRing<T> {
  private final @Nullable T[] elements;
  private final int[] needed;
  private final int mask;
  private final int replay;
  private final UnaryOperator<T> share;
  private final Discard<T> discard;
  private long tail;

  @SuppressWarnings("unchecked") // the array is never seen from outside
  SharedRing(MulticastOptions<T> options) {
    this.replay = options.replay();
    // Who comes later is behind by what is replayed, while a whole buffer may be on its way.
    int capacity = options.buffer() + replay;
    int slots = capacity == 1 ? 1 : Integer.highestOneBit(capacity - 1) << 1;
    this.elements = (T[]) new Object[slots];
    this.needed = new int[slots];
    this.mask = slots - 1;
    this.share = options.share();
    this.discard = options.discard();
  }

  /** The number of the element that comes next. */
  long tail() {
    return tail;
  }

  /** How many elements are kept for those who come later. */
  int replayed() {
    return (int) Math.min(replay, tail);
  }

  /** Adds an element that so many subscribers will take or release. */
  void add(T element, int subscribers) {
    int slot = slotOf(tail++);
    elements[slot] = element;
    needed[slot] = subscribers + 1;
    // The replay lets go of its oldest element; without replay, of this one.
    if (tail > replay) {
      release(tail - 1 - replay);
    }
  }

  /** Where one begins who comes now; it will take or release all from there. */
  long enter() {
    long from = tail - replayed();
    for (long number = from; number < tail; number++) {
      needed[slotOf(number)]++;
    }
    return from;
  }

  /** Releases all that one has not taken who has come this far. */
  void leave(long from) {
    for (long number = from; number < tail; number++) {
      release(number);
    }
  }

  /** Takes an element on behalf of one. Nothing has happened if sharing it throws. */
  T take(long number) {
    int slot = slotOf(number);
    T element = Objects.requireNonNull(elements[slot]);
    if (needed[slot] == 1) {
      elements[slot] = null;
    } else {
      element = Objects.requireNonNull(share.apply(element), "the share hook gave null");
    }
    needed[slot]--;
    return element;
  }

  /** The element, which stays. */
  T peek(long number) {
    return Objects.requireNonNull(elements[slotOf(number)]);
  }

  /** One does not take the element. */
  void release(long number) {
    int slot = slotOf(number);
    if (--needed[slot] == 0) {
      T last = elements[slot];
      elements[slot] = null;
      discard.accept(last);
    }
  }

  /** Gives back all that is left. */
  void clear() {
    for (int slot = 0; slot <= mask; slot++) {
      T left = elements[slot];
      elements[slot] = null;
      discard.accept(left);
    }
  }

  private int slotOf(long number) {
    return (int) number & mask;
  }
}
