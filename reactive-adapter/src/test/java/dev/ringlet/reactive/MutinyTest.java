package dev.ringlet.reactive;

import io.smallrye.mutiny.Multi;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;

/**
 * With Mutiny, which speaks Java's own Flow. Not with its {@code disjoint} and {@code concatMap}:
 * in 2.9.4 these ask an inner stream twice when a request meets its start, so they give more than
 * they were asked for (rule 1.1), which a stage ends with a failure.
 */
final class MutinyTest extends RoundTripContract {
  private static ExecutorService threads;

  @BeforeAll
  static void startThreads() {
    threads = Executors.newCachedThreadPool();
  }

  @AfterAll
  static void stopThreads() {
    threads.shutdown();
  }

  @Override
  Publisher<Long> operate(Publisher<Long> upstream) {
    return FlowAdapters.toPublisher(
        Multi.createFrom()
            .publisher(FlowAdapters.toFlowPublisher(upstream))
            .onItem()
            .transform(Long::longValue)
            .emitOn(threads, 4));
  }
}
