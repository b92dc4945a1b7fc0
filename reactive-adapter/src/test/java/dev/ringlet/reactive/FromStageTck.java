package dev.ringlet.reactive;

import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Publisher;

/**
 * A publisher of a stage against the TCK; another thread completes it. Skipped are the tests that
 * need more than one element.
 */
abstract class FromStageTck extends PublisherTck<Long> {
  FromStageTck(String driver) {
    super(driver);
  }

  @Override
  public long maxElementsFromPublisher() {
    return 1;
  }

  @Override
  Publisher<Long> publisher(TestSystem on, long elements) {
    return Publishers.fromStage(
        on.executor(),
        () -> CompletableFuture.supplyAsync(() -> elements == 0 ? null : elements),
        DemandOptions.<Long>batch(1));
  }
}
