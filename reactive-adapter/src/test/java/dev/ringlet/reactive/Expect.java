package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.executor.ExecutorPool;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** What several tests expect of a stream. */
final class Expect {
  private Expect() {}

  /** The numbers from 0 in their order, and the end behind them. */
  static void numbers(int count, Publisher<Integer> stream) {
    StepVerifier.create(Flux.from(stream).collectList())
        .expectNext(IntStream.range(0, count).boxed().toList())
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  /** So many elements, each asked for in the signal of the one before; recursion would show. */
  static void oneByOne(long count, Publisher<?> stream) {
    StepVerifier.create(Flux.from(stream).limitRate(1).count())
        .expectNext(count)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  /** A failure that tells somebody of his mistake. */
  static void mistake(Throwable failure, String told) {
    assertInstanceOf(IllegalStateException.class, failure);
    assertTrue(failure.getMessage().contains(told), failure.getMessage());
  }

  /**
   * Subscribers that come while a system closes are served or refused, but never forgotten.
   *
   * @param publisher makes one that does not end by itself
   */
  static <T> void allToHearOfTheClose(Function<TestSystem, Publisher<T>> publisher) {
    List<Probe<T>> probes = IntStream.range(0, 500).mapToObj(i -> new Probe<T>()).toList();
    AtomicInteger subscribed = new AtomicInteger();
    CompletableFuture<Void> subscribing;
    try (TestSystem closing = TestSystem.open(ExecutorPool.AUTO)) {
      Publisher<T> endless = publisher.apply(closing);
      subscribing =
          CompletableFuture.runAsync(
              () -> {
                for (Probe<T> probe : probes) {
                  endless.subscribe(probe);
                  subscribed.incrementAndGet();
                }
              });
      TestSystem.awaitUntil(() -> subscribed.get() > 50);
    }
    TestSystem.get(subscribing);
    probes.forEach(Probe::awaitFailure);
  }
}
