package dev.ringlet.reactive;

import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ActorExecutor;
import java.util.Objects;
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

  private static void checkBatch(DemandOptions<?> options) {
    if (options.isAcknowledged()) {
      throw new IllegalArgumentException(
          "options: acknowledged; nobody acknowledges here, use DemandOptions.batch(size)");
    }
  }
}
