package dev.ringlet.reactive;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;

/** One subscriber of a hub: how much it waits for, and how far it has come. */
final class HubSubscription<T> extends ActorSubscription<T> {
  private static final int NOWHERE = -1;

  /** Where it has come in; set before its demand has started, and nobody wakes it earlier. */
  private @Nullable Hub<T> hub;

  /** The note that was left before this one; of whoever has the note. */
  @Nullable HubSubscription<T> next;

  /** How many of the notes from this one on are first notes; of whoever has the note. */
  int newcomers;

  /** Its place among the subscribers. Actor only. */
  int index = NOWHERE;

  /** How many elements the subscriber waits for. Actor only. */
  long demand;

  /** The number of the element that it gets next. Actor only. */
  long position;

  HubSubscription(Subscriber<? super T> subscriber) {
    super(subscriber);
  }

  /** Comes into a hub, as its first note there; false if nobody reads it. */
  boolean enter(Hub<T> entered) {
    hub = entered;
    return entered.leaveNote(this, 1);
  }

  /** Whether the hub does not know it yet. Actor only. */
  boolean isNew() {
    return index == NOWHERE;
  }

  /** At most one note of it waits: {@link Demand} wakes again only when the demand was taken. */
  @Override
  void wake() {
    // A hub that reads no notes any more has ended all its subscriptions.
    boolean unused = Objects.requireNonNull(hub, "hub").leaveNote(this, 0);
  }
}
