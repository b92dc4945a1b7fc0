package dev.ringlet.reactive;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where the subscribers of a multicast and the actor that serves them meet. Who comes, asks or
 * cancels leaves its subscription as a note, and the actor is woken. Any thread, but for what says
 * otherwise.
 */
final class Hub<T> {
  /** Stands in the place of the notes once nobody reads them any more. */
  private static final Object CLOSED = new Object();

  /** The note that was left last, with the others behind it; null if none waits. */
  private final AtomicReference<@Nullable Object> notes = new AtomicReference<>();

  private final AtomicBoolean owned = new AtomicBoolean();
  private final Waker waker = new Waker();

  Waker waker() {
    return waker;
  }

  /** True for the first who asks: the actor, or who finds that it does not start. */
  boolean own() {
    return owned.compareAndSet(false, true);
  }

  /**
   * Leaves a note; false if nobody reads it any more. Not while one of it waits.
   *
   * @param newcomers one for the first note of a subscription, else zero
   */
  boolean leaveNote(HubSubscription<T> subscription, int newcomers) {
    Object before;
    do {
      before = notes.get();
      if (before == CLOSED) {
        return false;
      }
      HubSubscription<T> older = subscriptionOf(before);
      subscription.next = older;
      subscription.newcomers = newcomers + (older == null ? 0 : older.newcomers);
    } while (!notes.compareAndSet(before, subscription));
    waker.wake();
    return true;
  }

  /** Whether the first note of somebody waits. Actor only, before it has closed the hub. */
  boolean hasNewcomers() {
    HubSubscription<T> last = subscriptionOf(notes.get());
    return last != null && last.newcomers > 0;
  }

  /** Takes the notes, the oldest first; null is none. Actor only, before it has closed the hub. */
  @Nullable HubSubscription<T> takeNotes() {
    return notes.get() == null ? null : oldestFirst(notes.getAndSet(null));
  }

  /** Takes no note any more, unless one waits; false if so. */
  boolean closeIfEmpty() {
    return notes.compareAndSet(null, CLOSED);
  }

  /** Takes no note any more; gives those that wait, as {@link #takeNotes}. */
  @Nullable HubSubscription<T> close() {
    Object last = notes.getAndSet(CLOSED);
    return last == CLOSED ? null : oldestFirst(last);
  }

  /** The actor has not started and, after this, does nothing. */
  void refuse(Throwable cause) {
    if (own()) {
      refuse(close(), cause);
    }
  }

  /** Refuses those of some notes that the actor does not know. */
  static void refuse(@Nullable HubSubscription<?> first, Throwable cause) {
    List<HubSubscription<?>> refused = new ArrayList<>();
    for (HubSubscription<?> note = first; note != null; note = note.next) {
      if (note.isNew()) {
        refused.add(note);
      }
    }
    Fatal.forAll(refused, note -> note.refuse(cause));
  }

  private static <T> @Nullable HubSubscription<T> oldestFirst(@Nullable Object last) {
    HubSubscription<T> first = null;
    HubSubscription<T> note = subscriptionOf(last);
    while (note != null) {
      HubSubscription<T> older = note.next;
      note.next = first;
      first = note;
      note = older;
    }
    return first;
  }

  @SuppressWarnings("unchecked") // all notes but CLOSED are subscriptions of this hub
  private static <T> @Nullable HubSubscription<T> subscriptionOf(@Nullable Object note) {
    return (HubSubscription<T>) note;
  }
}
