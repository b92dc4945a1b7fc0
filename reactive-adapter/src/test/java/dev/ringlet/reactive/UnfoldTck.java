package dev.ringlet.reactive;

import dev.ringlet.actor.RingletException;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/**
 * A publisher that unfolds a seed against the TCK. All tests run but the TCK's own {@code
 * untested_} ones.
 */
abstract class UnfoldTck extends PublisherVerification<Long> {
  private final String driver;
  private TestSystem system;

  UnfoldTck(String driver) {
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

  @Override
  public Publisher<Long> createPublisher(long elements) {
    return publisher(system, elements);
  }

  @Override
  public Publisher<Long> createFailedPublisher() {
    try (TestSystem closed = TestSystem.open(driver)) {
      return publisher(closed, 1);
    }
  }

  private static Publisher<Long> publisher(TestSystem on, long elements) {
    return Publishers.unfold(
        on.executor(), 0L, next -> next < elements ? new Unfolded<>(next, next + 1) : null);
  }
}
