package dev.ringlet.reactive;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.RingletException;
import java.time.Duration;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;
import reactor.core.publisher.Flux;

/**
 * The publisher's side of a stage that asks an actor against the TCK. All tests run but the TCK's
 * own {@code untested_} ones.
 */
abstract class AskEachTck extends PublisherVerification<Integer> {
  private final String driver;
  private TestSystem system;
  private ActorRef<Squares.Ask> squares;

  AskEachTck(String driver) {
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
    squares = system.executor().spawn(Squares::new, ActorOptions.defaults());
  }

  @AfterClass
  public void close() {
    if (system != null) {
      system.close();
    }
  }

  /** Only the actor that answers is left. */
  @AfterMethod
  public void awaitQuiescence() {
    TestSystem.awaitUntil(() -> system.executor().stats().actors() == 1);
  }

  @Override
  public Publisher<Integer> createPublisher(long elements) {
    return askEach(Flux.range(0, (int) elements));
  }

  @Override
  public Publisher<Integer> createFailedPublisher() {
    return askEach(Flux.error(new RuntimeException("made by the test")));
  }

  private Publisher<Integer> askEach(Publisher<Integer> upstream) {
    return Processors.askEach(
        upstream,
        system.executor(),
        squares,
        Squares.Ask::new,
        AskOptions.<Integer>ordered(4, Duration.ofSeconds(20)),
        DemandOptions.<Integer>batch(8));
  }
}
