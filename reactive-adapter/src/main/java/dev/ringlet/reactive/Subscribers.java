package dev.ringlet.reactive;

import dev.ringlet.actor.ActorRef;
import dev.ringlet.executor.ActorExecutor;
import java.util.Objects;
import java.util.function.Function;

/**
 * Makes Reactive Streams subscribers of actors.
 *
 * <p><b>Thread:</b> any thread, for the subscribers too: an upstream may signal on any, one signal
 * after the other. {@code request} and {@code cancel} of the upstream are called on the executor
 * named at creation; what the upstream does within them runs there and must not block. Only an
 * upstream that comes when the executor cannot serve it any more is cancelled elsewhere.
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
   * @param actor who gets the messages; an actor of this system, neither a router nor an adapter
   * @param adapter makes the message of a signal; called on the executor. If it throws, the
   *     upstream is cancelled, and the actor gets the failure as {@link StreamSignal.Failed}
   * @param options how elements are asked for and given back
   * @param <T> the type of the elements
   * @param <M> the type of messages the actor accepts
   * @return the subscriber, for one subscription
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
    return new RelaySubscriber<>(executor, new Relay<>(actor, adapter, options));
  }
}
