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
  ON_EXECUTOR(
      (on, upstream, demand, discard) ->
          Processors.<Long>onExecutor(hidden(upstream), on.executor(), demand)),
  ASK_EACH(
      (on, upstream, demand, discard) ->
          Processors.<Long, Echo, Long>askEach(
              upstream,
              on.executor(),
              on.<Echo>spawnForTest(() -> (echo, context) -> echo.replyTo().tell(echo.number())),
              Echo::new,
              AskOptions.<Long>ordered(16, Duration.ofMinutes(1)).withDiscard(discard),
              demand)),
  THROUGH_ACTOR(
      (on, upstream, demand, discard) ->
          Processors.throughActor(
              upstream,
              on.executor(),
              sink ->
                  new Passing<Long>(sink) {
                    @Override
                    void dropped(Long element) {
                      discard.accept(element);
                    }
                  },
              demand));

  /** How many elements are asked for ahead unless a test says so. */
  static final int AHEAD = 32;

  private final Factory factory;

  ProcessorKind(Factory factory) {
    this.factory = factory;
  }

  /** One that is on the executor already would not be moved. */
  @SuppressWarnings("UnnecessaryMethodReference") // what it refers to shall not be seen
  private static Publisher<Long> hidden(Publisher<Long> upstream) {
    return upstream::subscribe;
  }

  Publisher<Long> of(TestSystem on, Publisher<Long> upstream) {
    return of(on, upstream, AHEAD);
  }

  Publisher<Long> of(TestSystem on, Publisher<Long> upstream, int ahead) {
    return of(on, upstream, ahead, element -> {});
  }

  /**
   * Makes a processor.
   *
   * @param discard gets the elements that nobody takes
   */
  Publisher<Long> of(TestSystem on, Publisher<Long> upstream, Consumer<? super Long> discard) {
    return of(on, upstream, AHEAD, discard);
  }

  /**
   * Makes a processor.
   *
   * @param ahead how many elements are asked for ahead
   * @param discard gets the elements that nobody takes
   */
  Publisher<Long> of(
      TestSystem on, Publisher<Long> upstream, int ahead, Consumer<? super Long> discard) {
    DemandOptions<Long> demand = DemandOptions.<Long>batch(ahead).withDiscard(discard);
    return factory.of(on, upstream, demand, discard);
  }

  private interface Factory {
    Publisher<Long> of(
        TestSystem on,
        Publisher<Long> upstream,
        DemandOptions<Long> demand,
        Consumer<? super Long> discard);
  }

  private record Echo(long number, ActorRef<Long> replyTo) {}
}
