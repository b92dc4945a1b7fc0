package dev.ringlet.reactive;

import org.testng.annotations.Test;

/**
 * A publisher that has one subscriber at a time, against the TCK. Skipped are the tests of rule
 * 1.11 for several subscribers.
 */
abstract class SingleSubscriberTck<T> extends PublisherTck<T> {
  private static final String ONE_AT_A_TIME =
      "it has one subscriber at a time; a second one gets onError";

  SingleSubscriberTck(String driver) {
    super(driver);
  }

  @Override
  @Test
  public void optional_spec111_maySupportMultiSubscribe() {
    notVerified(ONE_AT_A_TIME);
  }

  @Override
  @Test
  public void optional_spec111_registeredSubscribersMustReceiveOnNextOrOnCompleteSignals() {
    notVerified(ONE_AT_A_TIME);
  }

  @Override
  @Test
  public void
      optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingOneByOne() {
    notVerified(ONE_AT_A_TIME);
  }

  @Override
  @Test
  public void
      optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfront() {
    notVerified(ONE_AT_A_TIME);
  }

  @Override
  @Test
  public void
      optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfrontAndCompleteAsExpected() {
    notVerified(ONE_AT_A_TIME);
  }
}
