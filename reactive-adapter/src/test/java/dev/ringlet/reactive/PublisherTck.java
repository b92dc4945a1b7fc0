package dev.ringlet.reactive;

import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.testng.annotations.Test;

/**
 * A publisher against the TCK; the publisher's side of a processor too. All tests run but the TCK's
 * own {@code untested_} ones, which are notes on rules that no test can see, and those whose reason
 * a subclass gives.
 */
abstract class PublisherTck<T> extends PublisherVerification<T> implements OnDriver {
  private final DriverUnderTest driver;

  PublisherTck(String driver) {
    super(OnDriver.environment());
    this.driver = new DriverUnderTest(driver);
  }

  /**
   * Makes the publisher under test.
   *
   * @param elements how many it has; {@link Integer#MAX_VALUE} for more than a test takes
   */
  abstract Publisher<T> publisher(TestSystem on, long elements);

  @Override
  public final DriverUnderTest driver() {
    return driver;
  }

  @Override
  public final Publisher<T> createPublisher(long elements) {
    return publisher(driver.system(), elements);
  }

  /** One whose system was closed; a processor overrides it, with an upstream that fails. */
  @Override
  public Publisher<T> createFailedPublisher() {
    return publisher(driver.closedSystem(), 1);
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
}
