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
 * The publisher's side of an actor that transforms a stream and acknowledges its elements against
 * the TCK; the upstream signals on a thread of its own. All tests run but the TCK's own {@code
 * untested_} ones.
 */
abstract class ThroughActorTck extends PublisherVerification<Integer> {
  private final String driver;
  private TestSystem system;

  ThroughActorTck(String driver) {
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
  public Publisher<Integer> createPublisher(long elements) {
    return through(Flux.range(0, (int) elements).publishOn(Schedulers.single()));
  }

  @Override
  public Publisher<Integer> createFailedPublisher() {
    return through(Flux.error(new RuntimeException("made by the test")));
  }

  private Publisher<Integer> through(Publisher<Integer> upstream) {
    return Processors.throughActor(
        upstream, system.executor(), Passing<Integer>::new, DemandOptions.<Integer>acknowledged(4));
  }
}
