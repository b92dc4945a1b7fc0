package dev.ringlet.reactive;

import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ActorExecutor;
import java.util.Objects;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;

/**
 * Stages between a publisher and a subscriber that run on a core.
 *
 * <p><b>Thread:</b> any thread, for the publishers and their subscriptions too. The upstream may
 * signal on any thread; it is subscribed to, asked and cancelled on the executor, so what it does
 * within these calls runs there and must not block. All signals to the subscriber come from the
 * executor, as with {@link Publishers}.
 */
public final class Processors {
  private Processors() {}

  /**
   * Moves the signals of an upstream onto a core, in their order. Each subscriber is a subscriber
   * of the upstream of its own.
   *
   * <p>The upstream is asked for a batch when the subscriber asks for the first time, and from then
   * on ahead of it, as the options say. The priority class of the actor options is the one that the
   * subscriber's time is charged to. An upstream that gives more than it was asked for, or throws,
   * is cancelled, and the subscriber gets {@code onError}.
   *
   * <pre>{@code
   * Flux.from(Processors.onExecutor(events, executor, DemandOptions.batch(256)))
   * }</pre>
   *
   * @param upstream where the elements come from
   * @param executor the core to go on with
   * @param options how many elements are asked for ahead, how those are given back that wait when
   *     the subscriber cancels, and how the actor of a subscriber is spawned
   * @param <T> the type of the elements
   * @return the publisher
   * @throws IllegalArgumentException if the options are for acknowledged elements
   */
  public static <T> Publisher<T> onExecutor(
      Publisher<? extends T> upstream, ActorExecutor executor, DemandOptions<T> options) {
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(executor, "executor");
    checkBatch(options);
    return new ActorPublisher<>(
        executor,
        options.actor().withSupervision(Supervision.stop()),
        Names.of(options.actor(), "transfer"),
        subscription -> () -> new TransferActor<>(upstream, options, subscription));
  }

  /**
   * Has an actor work on the elements: asks it about each, several at a time, and publishes the
   * replies. Each subscriber is a subscriber of the upstream of its own.
   *
   * <p>A question that fails, because no reply came in time or the actor has stopped, cancels the
   * upstream, and the subscriber gets its failure; a failure of the upstream itself comes behind
   * the replies. What the subscriber does not take is given back: elements that were not asked
   * about by the hook of the demand options, replies by the hook of the ask options. From the
   * question on the element is the asked actor's, also when the answer is a failure.
   *
   * <pre>{@code
   * Publisher<Price> prices =
   *     Processors.askEach(
   *         orders,
   *         executor,
   *         pricing,
   *         Pricing.Ask::new, // (order, replyTo) -> message
   *         AskOptions.ordered(16, Duration.ofSeconds(1)),
   *         DemandOptions.batch(32));
   * }</pre>
   *
   * @param upstream where the elements come from
   * @param executor where the questions are asked and the signals come from; best the asked actor's
   * @param actor whom to ask
   * @param message makes the question from the element and the address to reply to; called on the
   *     executor. If it throws, the element is given back and the stream fails
   * @param ask how many questions at a time, in which order, and how long
   * @param options how many elements are asked for ahead, how they are given back, and how the
   *     actor of a subscriber is spawned. After a cancel that actor lives until the open questions
   *     are answered
   * @param <T> the type of the elements
   * @param <M> the type of messages the asked actor accepts
   * @param <R> the type of the replies
   * @return the publisher
   * @throws IllegalArgumentException if the demand options are for acknowledged elements
   */
  public static <T, M, R> Publisher<R> askEach(
      Publisher<? extends T> upstream,
      ActorExecutor executor,
      ActorRef<M> actor,
      BiFunction<? super T, ? super ActorRef<R>, ? extends M> message,
      AskOptions<R> ask,
      DemandOptions<T> options) {
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(ask, "ask");
    checkBatch(options);
    AskEach<T, M, R> spec = new AskEach<>(actor, message, ask);
    return new ActorPublisher<>(
        executor,
        options.actor().withSupervision(Supervision.stop()),
        Names.of(options.actor(), "ask"),
        subscription -> () -> new AskActor<>(upstream, spec, options, subscription));
  }

  private static void checkBatch(DemandOptions<?> options) {
    if (options.isAcknowledged()) {
      throw new IllegalArgumentException(
          "options: acknowledged; nobody acknowledges here, use DemandOptions.batch(size)");
    }
  }
}
