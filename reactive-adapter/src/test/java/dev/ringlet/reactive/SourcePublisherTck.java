package dev.ringlet.reactive;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.RingletException;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/**
 * A publisher over source actors against the TCK. All tests run, the optional ones too; the TCK
 * itself skips its {@code untested_} ones, which are notes on rules that no test can see.
 */
abstract class SourcePublisherTck extends PublisherVerification<Long> {
  private final String driver;
  private TestSystem system;

  SourcePublisherTck(String driver) {
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

  private static Publisher<Long> publisher(TestSystem system, long elements) {
    return Publishers.of(
        system.executor(), sink -> new Counting(sink, elements), ActorOptions.defaults());
  }
}
