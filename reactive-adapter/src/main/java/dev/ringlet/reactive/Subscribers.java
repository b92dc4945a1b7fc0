package dev.ringlet.reactive;

import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.RouterRef;
import dev.ringlet.actor.ShardedRef;
import dev.ringlet.executor.ActorExecutor;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Makes Reactive Streams subscribers of actors and stages.
 *
 * <p><b>Thread:</b> any thread, for the subscribers too: an upstream may signal on any, one signal
 * after the other. {@code request} and {@code cancel} of the upstream are called on the executor
 * named at creation, or else as {@link #first} tells; what the upstream does within them runs there
 * and must not block. Only an upstream that comes when the executor cannot serve it any more is
 * cancelled elsewhere.
 */
public final class Subscribers {
  private Subscribers() {}

  /**
   * Has the signals of an upstream sent to an actor as messages, in their order, with back
   * pressure: never more elements are on their way than the options say, in whatever queue.
   *
   * <pre>{@code
   * record Arrived(StreamSignal<Order> signal) {}
   *
   * // in an actor of Arrived
   * orders.subscribe(
   *     Subscribers.toActor(
   *         context.executor(), context.self(), Arrived::new, DemandOptions.batch(64)));
   *
   * public void receive(Arrived message, ActorContext<Arrived> context) {
   *   if (message.signal() instanceof StreamSignal.Element<Order> element) {
   *     Order order = element.take();
   *     ...
   *   }
   * }
   * }</pre>
   *
   * <p>When the actor stops, the upstream is cancelled; all elements that it has not taken are
   * given back by the discard hook, and so are those that come afterwards. A restart is no stop:
   * the new instance goes on with the stream, as with the messages in the mailbox.
   *
   * <p>If the actor's bounded mailbox has no room, the elements wait and are tried again every
   * millisecond. A mailbox that drops messages drops elements with them, and each of them counts as
   * on its way until the actor stops: give the elements room there, or use another one.
   *
   * @param executor where the subscription is kept; best the actor's own
   * @param actor who gets the messages: an actor of this system, or an {@linkplain
   *     dev.ringlet.actor.ActorContext#adapt adapter} of one. Of a sharded service, one shard
   * @param adapter makes the message of a signal; called on the executor. If it throws, the
   *     upstream is cancelled, and the actor gets the failure as {@link StreamSignal.Failed}
   * @param options how elements are asked for and given back
   * @param <T> the type of the elements
   * @param <M> the type of messages the actor accepts
   * @return the subscriber, for one subscription
   * @throws IllegalArgumentException if the address is that of a router or of a sharded service:
   *     they are several actors, and the stream has the life of one. Another address behind which
   *     there is no actor, as one that takes a reply, is told so as {@link StreamSignal.Failed}
   */
  public static <T, M> ActorSubscriber<T> toActor(
      ActorExecutor executor,
      ActorRef<M> actor,
      Function<? super StreamSignal<T>, ? extends M> adapter,
      DemandOptions<T> options) {
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(adapter, "adapter");
    Objects.requireNonNull(options, "options");
    if (actor instanceof RouterRef<?> || actor instanceof ShardedRef<?>) {
      throw new IllegalArgumentException(
          "actor: "
              + actor.path()
              + " is several actors; give one of its routees or shards, or have an actor in front"
              + " of it that passes the elements on");
    }
    return new RelaySubscriber<>(executor, new Relay<>(actor, adapter, options));
  }

  /**
   * Subscribes at once, asks for one element and cancels the upstream after it.
   *
   * @param upstream where the element comes from
   * @param discard gives back an element that comes when the future was completed or cancelled
   *     already; called on the upstream's thread
   * @param <T> the type of the element
   * @return the first element, or null if the upstream completes without one, or its failure;
   *     completed on the upstream's thread. A cancel of the future cancels the upstream, on the
   *     thread that cancels
   */
  public static <T> CompletableFuture<@Nullable T> first(
      Publisher<T> upstream, Consumer<? super T> discard) {
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(discard, "discard");
    FirstSubscriber<T> subscriber = new FirstSubscriber<>(new Discard<>(discard));
    subscriber.subscribeTo(upstream);
    return subscriber.first();
  }
}
