package dev.ringlet.reactive;

import dev.ringlet.actor.RingletException;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;

/**
 * A publisher of a stage against the TCK; another thread completes it. Skipped are the tests that
 * need more than one element, and the TCK's own {@code untested_} ones.
 */
abstract class FromStageTck extends PublisherVerification<Long> {
  private final String driver;
  private TestSystem system;

  FromStageTck(String driver) {
    super(new TestEnvironment(2_000, 200));
    this.driver = driver;
  }

  @BeforeClass
  public void open() {
    try {
      system = TestSystem.open(driver);
    } catch (RingletException unavailable) {
      throw new SkipException(unavailable.getMessage(), unavailable);
    }
  }

  @AfterClass
  public void close() {
    if (system != null) {
      system.close();
    }
  }

  @AfterMethod
  public void awaitQuiescence() {
    system.awaitQuiescence();
  }

  @Override
  public long maxElementsFromPublisher() {
    return 1;
  }

  @Override
  public Publisher<Long> createPublisher(long elements) {
    return fromStage(system, elements);
  }

  @Override
  public Publisher<Long> createFailedPublisher() {
    try (TestSystem closed = TestSystem.open(driver)) {
      return fromStage(closed, 1);
    }
  }

  private static Publisher<Long> fromStage(TestSystem on, long elements) {
    return Publishers.fromStage(
        on.executor(),
        () -> CompletableFuture.supplyAsync(() -> elements == 0 ? null : elements),
        DemandOptions.<Long>batch(1));
  }
}
