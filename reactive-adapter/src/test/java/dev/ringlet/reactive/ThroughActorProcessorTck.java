package dev.ringlet.reactive;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.reactivestreams.Processor;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.IdentityProcessorVerification;

/**
 * Both sides of an actor that transforms a stream against the TCK, as a processor.
 *
 * <p>Skipped are the tests with several subscribers, because each of them subscribes to the
 * upstream by itself, and the processor around this one has one subscription to share out; and the
 * TCK's own {@code untested_} ones.
 */
abstract class ThroughActorProcessorTck extends IdentityProcessorVerification<Integer>
    implements OnDriver {
  private final DriverUnderTest driver;
  private ExecutorService threads;

  ThroughActorProcessorTck(String driver) {
    super(OnDriver.environment());
    this.driver = new DriverUnderTest(driver);
  }

  @Override
  public DriverUnderTest driver() {
    return driver;
  }

  @Override
  public void prepare(TestSystem on) {
    threads = Executors.newCachedThreadPool();
    on.atClose(threads::shutdownNow);
  }

  @Override
  public Processor<Integer, Integer> createIdentityProcessor(int bufferSize) {
    AsProcessor<Integer> processor =
        new AsProcessor<>(
            upstream ->
                Processors.throughActor(
                    upstream,
                    driver.system().executor(),
                    Passing<Integer>::new,
                    DemandOptions.<Integer>batch(bufferSize)));
    driver.system().atEndOfTest(processor::cancel);
    return processor;
  }

  @Override
  public Publisher<Integer> createFailedPublisher() {
    return Processors.throughActor(
        new ManualUpstream<Integer>(),
        driver.closedSystem().executor(),
        Passing<Integer>::new,
        DemandOptions.<Integer>batch(4));
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
