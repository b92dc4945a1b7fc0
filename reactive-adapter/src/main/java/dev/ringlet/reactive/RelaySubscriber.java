package dev.ringlet.reactive;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ActorExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Subscription;

/** The upstream's side of a relay; spawns its actor with the subscription. */
final class RelaySubscriber<T, M> implements ActorSubscriber<T> {
  private static final System.Logger LOG = System.getLogger(RelaySubscriber.class.getName());

  private final ActorExecutor executor;
  private final Relay<T, M> relay;
  private final AtomicBoolean spawned = new AtomicBoolean();

  RelaySubscriber(ActorExecutor executor, Relay<T, M> relay) {
    this.executor = executor;
    this.relay = relay;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    relay.inlet().onSubscribe(subscription);
    spawn();
  }

  /**
   * The actor is there from the first signal on, which may be the end: an upstream that signals
   * before onSubscribe breaks rule 1.9, and the actor is told all the same.
   */
  private void spawn() {
    if (spawned.get() || !spawned.compareAndSet(false, true)) {
      return;
    }
    DemandOptions<T> options = relay.options();
    ActorOptions named =
        Names.numbered(options.actor(), Names.of(options.actor(), "relay"))
            .withSupervision(Supervision.stop())
            .withMailbox(Mailbox.unbounded());
    ActorRef<Object> actor;
    try {
      actor = executor.spawn(() -> new RelayActor<>(relay), named);
    } catch (RuntimeException failure) {
      refuse(failure);
      return;
    }
    SubscriberActor.Greeting.refuseIfLost(actor, this::refuse);
  }

  /** The actor of this subscription has not started and, after this, does nothing. */
  private void refuse(Throwable cause) {
    if (!relay.own()) {
      return;
    }
    relay.inlet().close();
    try {
      relay.target().tell(relay.adapter().apply(new StreamSignal.Failed<>(cause)));
    } catch (RuntimeException failure) {
      failure.addSuppressed(cause);
      LOG.log(
          System.Logger.Level.WARNING,
          relay.target().path() + " could not be told that its stream was refused",
          failure);
    }
  }

  @Override
  public void onNext(T element) {
    relay.inlet().onNext(element);
    spawn();
  }

  @Override
  public void onError(Throwable failure) {
    relay.inlet().onError(failure);
    spawn();
  }

  @Override
  public void onComplete() {
    relay.inlet().onComplete();
    spawn();
  }

  @Override
  public void cancel() {
    if (relay.cancelled().compareAndSet(false, true)) {
      relay.waker().wake();
    }
  }
}
