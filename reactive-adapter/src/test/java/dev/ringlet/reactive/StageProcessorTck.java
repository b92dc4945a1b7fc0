package dev.ringlet.reactive;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.reactivestreams.Processor;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.IdentityProcessorVerification;
import org.testng.annotations.Test;
import reactor.core.publisher.Flux;

/**
 * Both sides of a stage against the TCK, as a processor that passes on what it gets.
 *
 * <p>Skipped are the TCK's own {@code untested_} tests, and those with several subscribers for all
 * kinds of processors: each of these subscribes to the upstream by itself, and the processor around
 * the stage has one subscription to share out.
 */
abstract class StageProcessorTck extends IdentityProcessorVerification<Long> implements OnDriver {
  private final DriverUnderTest driver;
  private final Stage stage;
  private final int subscribers;
  private ExecutorService threads;

  StageProcessorTck(String driver, ProcessorKind kind) {
    this(driver, kind::of, 1);
  }

  /**
   * Has a stage tested.
   *
   * @param subscribers how many the stage has for one subscription to its upstream
   */
  StageProcessorTck(String driver, Stage stage, int subscribers) {
    super(OnDriver.environment());
    this.driver = new DriverUnderTest(driver);
    this.stage = stage;
    this.subscribers = subscribers;
  }

  /** Makes a stage of what is before it, which is asked for so many elements ahead. */
  interface Stage {
    Publisher<Long> of(TestSystem on, Publisher<Long> upstream, int ahead);
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
  public Processor<Long, Long> createIdentityProcessor(int bufferSize) {
    TestSystem on = driver.system();
    AsProcessor<Long> processor =
        new AsProcessor<>(upstream -> stage.of(on, upstream, bufferSize), subscribers);
    on.atEndOfTest(processor::cancel);
    return processor;
  }

  @Override
  public Publisher<Long> createFailedPublisher() {
    return stage.of(driver.system(), Flux.error(new RuntimeException("made by the test")), 4);
  }

  @Override
  public long maxSupportedSubscribers() {
    return subscribers;
  }

  @Override
  @Test
  public void
      required_spec313_cancelMustMakeThePublisherEventuallyDropAllReferencesToTheSubscriber()
          throws Throwable {
    OnDriver.untilForgotten(
        super
            ::required_spec313_cancelMustMakeThePublisherEventuallyDropAllReferencesToTheSubscriber,
        this::setUp);
  }

  @Override
  public ExecutorService publisherExecutorService() {
    return threads;
  }

  @Override
  public Long createElement(int element) {
    return (long) element;
  }
}
