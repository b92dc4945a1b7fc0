package dev.ringlet.reactive;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.RingletException;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.Assert;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/**
 * A publisher that steps a state against the TCK. All tests run but the TCK's own {@code untested_}
 * ones.
 */
abstract class GenerateTck extends PublisherVerification<Long> {
  private final String driver;
  private final AtomicInteger openStates = new AtomicInteger();
  private TestSystem system;

  GenerateTck(String driver) {
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
      Assert.assertEquals(openStates.get(), 0);
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

  private Publisher<Long> publisher(TestSystem on, long elements) {
    return Publishers.generate(
        on.executor(),
        () -> {
          openStates.incrementAndGet();
          return new long[1];
        },
        (next, sink) -> {
          if (next[0] == elements) {
            sink.complete();
          } else {
            sink.next(next[0]++);
          }
        },
        state -> openStates.decrementAndGet(),
        ActorOptions.defaults());
  }
}
