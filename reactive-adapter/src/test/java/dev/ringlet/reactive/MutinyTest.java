package dev.ringlet.reactive;

import io.smallrye.mutiny.Multi;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;

/** With Mutiny, which speaks Java's own Flow. */
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
            .group()
            .intoLists()
            .of(10)
            .emitOn(threads, 4)
            .onItem()
            .<Long>disjoint());
  }
}
