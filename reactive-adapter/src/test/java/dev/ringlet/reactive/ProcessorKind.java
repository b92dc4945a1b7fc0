package dev.ringlet.reactive;

import dev.ringlet.actor.ActorRef;
import java.time.Duration;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;

/**
 * The kinds of processors, for the tests of what holds for each of them: a line each. They publish
 * what the upstream gives, in its order.
 */
@SuppressWarnings("ImmutableEnumChecker") // its lambdas keep nothing
enum ProcessorKind {
  ON_EXECUTOR((on, upstream, demand) -> Processors.onExecutor(upstream, on.executor(), demand)),
  ASK_EACH(
      (on, upstream, demand) ->
          Processors.<Long, Echo, Long>askEach(
              upstream,
              on.executor(),
              on.<Echo>spawnForTest(() -> (echo, context) -> echo.replyTo().tell(echo.number())),
              Echo::new,
              AskOptions.<Long>ordered(16, Duration.ofMinutes(1)),
              demand)),
  THROUGH_ACTOR(
      (on, upstream, demand) ->
          Processors.throughActor(upstream, on.executor(), Passing<Long>::new, demand));

  /** How many elements are asked for ahead unless a test says so. */
  static final int AHEAD = 32;

  private final Factory factory;

  ProcessorKind(Factory factory) {
    this.factory = factory;
  }

  Publisher<Long> of(TestSystem on, Publisher<Long> upstream) {
    return of(on, upstream, AHEAD);
  }

  Publisher<Long> of(TestSystem on, Publisher<Long> upstream, int ahead) {
    return factory.of(on, upstream, DemandOptions.batch(ahead));
  }

  /**
   * Makes a processor.
   *
   * @param discard gets the elements that nobody takes
   */
  Publisher<Long> of(TestSystem on, Publisher<Long> upstream, Consumer<? super Long> discard) {
    return factory.of(on, upstream, DemandOptions.<Long>batch(AHEAD).withDiscard(discard));
  }

  private interface Factory {
    Publisher<Long> of(TestSystem on, Publisher<Long> upstream, DemandOptions<Long> demand);
  }

  private record Echo(long number, ActorRef<Long> replyTo) {}
}
