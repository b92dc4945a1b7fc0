package dev.ringlet.reactive;

import dev.ringlet.actor.RingletException;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * A publisher for several subscribers against the TCK; the upstream signals on a thread of its own.
 * All tests run, those of rule 1.11 too, but the TCK's own {@code untested_} ones.
 */
abstract class MulticastTck extends PublisherVerification<Integer> {
  private final String driver;
  private final MulticastOptions<Integer> options;
  private TestSystem system;

  MulticastTck(String driver, MulticastOptions<Integer> options) {
    super(new TestEnvironment(2_000, 200));
    this.driver = driver;
    this.options = options;
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

  /** Also proves that nothing is left of a multicast without subscribers. */
  @AfterMethod
  public void awaitQuiescence() {
    system.awaitQuiescence();
  }

  @Override
  public Publisher<Integer> createPublisher(long elements) {
    return multicast(Flux.range(0, (int) elements).publishOn(Schedulers.single()));
  }

  @Override
  public Publisher<Integer> createFailedPublisher() {
    return multicast(Flux.error(new RuntimeException("made by the test")));
  }

  private Publisher<Integer> multicast(Publisher<Integer> upstream) {
    return Processors.multicast(upstream, system.executor(), options);
  }
}
