package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.executor.ActorExecutor;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/** Spawns an actor for each subscriber. Any thread. */
final class ActorPublisher<T> implements Publisher<T> {
  private final ActorExecutor executor;
  private final ActorOptions options;
  private final String name;
  private final Function<ActorSubscription<T>, Supplier<? extends Actor<Object>>> actors;

  ActorPublisher(
      ActorExecutor executor,
      ActorOptions options,
      String name,
      Function<ActorSubscription<T>, Supplier<? extends Actor<Object>>> actors) {
    this.executor = executor;
    // Its control messages must neither be dropped nor overtaken.
    this.options = options.withMailbox(Mailbox.unbounded());
    this.name = name;
    this.actors = actors;
  }

  /** Whether its signals come from this executor, and its time goes to the class of the options. */
  boolean isOn(ActorExecutor other, ActorOptions as) {
    return executor == other && Objects.equals(options.priorityClass(), as.priorityClass());
  }

  @Override
  public void subscribe(Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber (Reactive Streams rule 1.9)");
    ActorSubscription<T> subscription = new ActorSubscription<>(subscriber);
    subscription.begin();
    ActorRef<Object> actor;
    try {
      actor = executor.spawn(actors.apply(subscription), Names.numbered(options, name));
    } catch (RuntimeException failure) {
      subscription.refuse(failure);
      return;
    }
    SubscriberActor.Greeting.refuseIfLost(actor, subscription::refuse);
  }
}
