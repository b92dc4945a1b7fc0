package dev.ringlet.reactive;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ActorExecutor;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/**
 * Spawns a hub for the first subscriber, and again for the next one after a hub has ended, because
 * it had no subscribers and nothing to keep. Any thread, but for what says otherwise.
 */
final class MulticastPublisher<T> implements Multicast<T> {
  private final Publisher<? extends T> upstream;
  private final ActorExecutor executor;
  private final MulticastOptions<T> options;
  private final ActorOptions actor;

  /** The hub that was made last. */
  private final AtomicReference<@Nullable Hub<T>> current = new AtomicReference<>();

  /** Counted by one actor at a time, all on one executor. */
  private final AtomicLong dropped = new AtomicLong();

  /** How the upstream has ended; set by an actor before its hub ends. */
  private volatile @Nullable StreamEnd end;

  /** Set once, before the actor is woken. */
  private final AtomicReference<@Nullable StreamEnd> closing = new AtomicReference<>();

  MulticastPublisher(
      Publisher<? extends T> upstream, ActorExecutor executor, MulticastOptions<T> options) {
    this.upstream = upstream;
    this.executor = executor;
    this.options = options;
    this.actor =
        options.actor().withSupervision(Supervision.stop()).withMailbox(Mailbox.unbounded());
  }

  /** For an upstream that is subscribed at once. */
  void connect() {
    Hub<T> hub = new Hub<>();
    current.set(hub);
    spawn(hub);
  }

  @Override
  public void subscribe(Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber (Reactive Streams rule 1.9)");
    HubSubscription<T> subscription = new HubSubscription<>(subscriber);
    subscription.begin();
    while (!enter(subscription)) {
      // The hub has ended, and somebody else has replaced it.
    }
  }

  private boolean enter(HubSubscription<T> subscription) {
    Hub<T> hub = current.get();
    if (hub != null && subscription.enter(hub)) {
      return true;
    }
    // With the note in it, so that whatever becomes of the hub, the subscriber hears of it.
    Hub<T> next = new Hub<>();
    boolean unused = subscription.enter(next);
    if (!current.compareAndSet(hub, next)) {
      return false;
    }
    spawn(next);
    return true;
  }

  private void spawn(Hub<T> hub) {
    ActorRef<Object> ref;
    try {
      ref =
          executor.spawn(
              () -> new HubActor<>(this, hub),
              Names.numbered(actor, Names.of(options.actor(), "multicast")));
    } catch (RuntimeException failure) {
      hub.refuse(failure);
      return;
    }
    SubscriberActor.Greeting.refuseIfLost(ref, hub::refuse);
  }

  @Override
  public long dropped() {
    return dropped.get();
  }

  @Override
  public void close() {
    StreamEnd how = StreamEnd.atOnce(new CancellationException("the multicast was closed"));
    Hub<T> hub = closing.compareAndSet(null, how) ? current.get() : null;
    if (hub != null) {
      hub.waker().wake();
    }
  }

  Publisher<? extends T> upstream() {
    return upstream;
  }

  MulticastOptions<T> options() {
    return options;
  }

  /** How it was closed; null if it was not. */
  @Nullable StreamEnd closing() {
    return closing.get();
  }

  /** How the upstream has ended for good; null if it has not. */
  @Nullable StreamEnd end() {
    return end;
  }

  /** The upstream has ended. Actor only. */
  void end(StreamEnd how) {
    end = how;
  }

  /** A subscriber has lost an element. Actor only. */
  void countDropped() {
    dropped.lazySet(dropped.get() + 1);
  }
}
