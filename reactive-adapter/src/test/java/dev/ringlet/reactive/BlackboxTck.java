package dev.ringlet.reactive;

import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.SubscriberBlackboxVerification;

/**
 * A subscriber against the TCK, seen from outside. All tests run but the TCK's own {@code
 * untested_} ones.
 */
abstract class BlackboxTck<T> extends SubscriberBlackboxVerification<T> implements OnDriver {
  private final DriverUnderTest driver;

  BlackboxTck(String driver) {
    super(OnDriver.environment());
    this.driver = new DriverUnderTest(driver);
  }

  /** Makes the subscriber under test; {@link TestSystem#atEndOfTest} is told what has to end. */
  abstract Subscriber<T> subscriber(TestSystem on);

  @Override
  public final DriverUnderTest driver() {
    return driver;
  }

  @Override
  public final Subscriber<T> createSubscriber() {
    return subscriber(driver.system());
  }
}
