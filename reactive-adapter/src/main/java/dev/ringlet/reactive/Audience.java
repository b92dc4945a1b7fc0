package dev.ringlet.reactive;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The subscribers of a hub, and the elements that not all of them have taken. Owner executor.
 *
 * <p>Elements come between two rounds of giving, and so do and go subscribers: one that comes,
 * cancels or throws while somebody is served has only left a note by then.
 */
final class Audience<T> {
  private static final System.Logger LOG = System.getLogger(Audience.class.getName());

  private final MulticastPublisher<T> publisher;
  private final MulticastOptions<T> options;
  private final Discard<T> discard;
  private final SharedRing<T> ring;
  private final List<HubSubscription<T>> subscribers = new ArrayList<>();

  /** Who is served next. */
  private int turn;

  /** Somebody was served in this call. */
  private boolean served;

  /** The least position of all subscribers after the last round. */
  private long slowest;

  Audience(MulticastPublisher<T> publisher) {
    this.publisher = publisher;
    this.options = publisher.options();
    this.discard = options.discard();
    this.ring = new SharedRing<>(options);
  }

  int size() {
    return subscribers.size();
  }

  /** How many elements are kept for subscribers that come later. */
  int replayed() {
    return ring.replayed();
  }

  /** How far the slowest one was behind when the last round ended. */
  int behind() {
    return (int) (ring.tail() - slowest);
  }

  void add(HubSubscription<T> subscription, ActorRef<Object> hub) {
    subscription.position = ring.enter();
    subscription.index = subscribers.size();
    subscribers.add(subscription);
    // Nobody else could have ended it, so a last note comes in any case.
    boolean unused = subscription.start(hub);
  }

  /** The last one takes the place of the one that goes. */
  void remove(HubSubscription<T> gone) {
    HubSubscription<T> last = subscribers.remove(subscribers.size() - 1);
    if (last != gone) {
      last.index = gone.index;
      subscribers.set(last.index, last);
    }
    ring.leave(gone.position);
  }

  /**
   * Gives everybody what it has asked for and what is there, the end too; false if others want the
   * core before. The next call goes on with whose turn it was.
   */
  boolean serveAll(@Nullable StreamEnd end, ActorContext<Object> context) {
    served = false;
    long least = ring.tail();
    for (int left = subscribers.size(); left > 0; left--) {
      if (turn >= subscribers.size()) {
        turn = 0;
      }
      HubSubscription<T> subscription = subscribers.get(turn);
      if (!serve(subscription, end, context)) {
        return false;
      }
      turn++;
      least = Math.min(least, subscription.position);
    }
    slowest = least;
    return true;
  }

  private boolean serve(
      HubSubscription<T> subscription, @Nullable StreamEnd end, ActorContext<Object> context) {
    boolean gives = end == null || !end.atOnce();
    while (!subscription.isClosed()) {
      boolean waits = gives && subscription.position < ring.tail();
      if (waits ? subscription.demand == 0 : end == null) {
        return true;
      }
      if (served && context.needPreempt()) {
        return false;
      }
      served = true;
      if (waits) {
        give(subscription);
      } else if (end != null) {
        end.signal(subscription);
      }
    }
    return true;
  }

  private void give(HubSubscription<T> subscription) {
    T element;
    try {
      element = ring.take(subscription.position);
    } catch (Throwable thrown) {
      Fatal.rethrow(thrown);
      subscription.fail(thrown);
      return;
    }
    subscription.position++;
    if (subscription.demand != Long.MAX_VALUE) {
      subscription.demand--;
    }
    if (!subscription.next(element)) {
      discard.accept(element);
    }
  }

  /** Takes an element over from the upstream. Between two rounds. */
  void take(T element) {
    if (options.isDropping() && behind() >= options.buffer()) {
      makeRoom();
    }
    ring.add(element, subscribers.size());
  }

  /** Those who have no room lose an element. They had asked for none when the round ended. */
  private void makeRoom() {
    long least = ring.tail();
    for (int i = 0; i < subscribers.size(); i++) {
      HubSubscription<T> subscription = subscribers.get(i);
      if (ring.tail() - subscription.position >= options.buffer()) {
        drop(subscription);
      }
      least = Math.min(least, subscription.position);
    }
    slowest = least;
  }

  private void drop(HubSubscription<T> subscription) {
    if (!subscription.isClosed()) {
      publisher.countDropped();
      try {
        options.onDropped().accept(ring.peek(subscription.position));
      } catch (Throwable thrown) {
        Fatal.rethrow(thrown);
        LOG.log(System.Logger.Level.WARNING, "a hook for dropped elements threw", thrown);
      }
    }
    ring.release(subscription.position++);
  }

  /** Gives back all elements; nothing is given any more. */
  void clear() {
    ring.clear();
  }

  /** Fails all, from an actor that stops. */
  void fail(Throwable cause) {
    Fatal.forAll(subscribers, subscription -> subscription.failFromStopped(cause));
  }
}
