package dev.ringlet.reactive;

import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;

/**
 * A subscriber against the TCK, seen from inside. All tests run but the TCK's own {@code untested_}
 * ones.
 */
abstract class WhiteboxTck<T> extends SubscriberWhiteboxVerification<T> implements OnDriver {
  private final DriverUnderTest driver;

  WhiteboxTck(String driver) {
    super(OnDriver.environment());
    this.driver = new DriverUnderTest(driver);
  }

  /**
   * Makes the subscriber under test and has the probe told of what it gets; {@link
   * TestSystem#atEndOfTest} is told what has to end.
   */
  abstract Subscriber<T> subscriber(TestSystem on, WhiteboxSubscriberProbe<T> probe);

  @Override
  public final DriverUnderTest driver() {
    return driver;
  }

  @Override
  public final Subscriber<T> createSubscriber(WhiteboxSubscriberProbe<T> probe) {
    return subscriber(driver.system(), probe);
  }
}
