package dev.ringlet.reactive;

import dev.ringlet.actor.RingletException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.reactivestreams.Processor;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.IdentityProcessorVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;

/**
 * Both sides of an actor that transforms a stream against the TCK, as a processor.
 *
 * <p>Skipped are the tests with several subscribers, because each of them subscribes to the
 * upstream by itself, and the processor around this one has one subscription to share out; and the
 * TCK's own {@code untested_} ones.
 */
abstract class ThroughActorProcessorTck extends IdentityProcessorVerification<Integer> {
  private final String driver;
  private final Queue<AsProcessor<Integer>> processors = new ConcurrentLinkedQueue<>();
  private ExecutorService threads;
  private TestSystem system;

  ThroughActorProcessorTck(String driver) {
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
    threads = Executors.newCachedThreadPool();
  }

  @AfterClass
  public void close() {
    if (system != null) {
      system.close();
      threads.shutdownNow();
    }
  }

  /** Also proves that the actors end with their subscribers. */
  @AfterMethod
  public void cancelAll() {
    for (AsProcessor<Integer> one = processors.poll(); one != null; one = processors.poll()) {
      one.cancel();
    }
    system.awaitQuiescence();
  }

  @Override
  public Processor<Integer, Integer> createIdentityProcessor(int bufferSize) {
    AsProcessor<Integer> processor =
        new AsProcessor<>(
            upstream ->
                Processors.throughActor(
                    upstream,
                    system.executor(),
                    Passing<Integer>::new,
                    DemandOptions.<Integer>batch(bufferSize)));
    processors.add(processor);
    return processor;
  }

  @Override
  public Publisher<Integer> createFailedPublisher() {
    try (TestSystem closed = TestSystem.open(driver)) {
      return Processors.throughActor(
          new ManualUpstream<Integer>(),
          closed.executor(),
          Passing<Integer>::new,
          DemandOptions.<Integer>batch(4));
    }
  }

  @Override
  public long maxSupportedSubscribers() {
    return 1;
  }

  @Override
  public ExecutorService publisherExecutorService() {
    return threads;
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }
}
