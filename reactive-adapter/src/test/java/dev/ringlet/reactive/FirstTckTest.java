package dev.ringlet.reactive;

import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;
import org.testng.annotations.Test;

/**
 * The subscriber behind a future against the TCK; it runs on the upstream's thread, on no driver.
 * Skipped are the tests that give it two elements.
 */
public final class FirstTckTest extends SubscriberWhiteboxVerification<Integer> {
  private static final String ONE_ELEMENT = "it asks for one element";

  public FirstTckTest() {
    super(OnDriver.environment());
  }

  @Override
  public Subscriber<Integer> createSubscriber(WhiteboxSubscriberProbe<Integer> probe) {
    CompletableFuture<Subscriber<? super Integer>> inner = new CompletableFuture<>();
    CompletableFuture<Integer> first = Subscribers.<Integer>first(inner::complete, element -> {});
    var unused =
        first.whenComplete(
            (element, failure) -> {
              if (failure != null) {
                probe.registerOnError(failure);
              } else if (element != null) {
                probe.registerOnNext(element);
              } else {
                probe.registerOnComplete();
              }
            });
    @SuppressWarnings("unchecked") // it takes no other elements
    Subscriber<Integer> subscriber = (Subscriber<Integer>) inner.join();
    return new Probed<>(subscriber, () -> first.cancel(false), probe);
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }

  @Override
  @Test
  public void required_exerciseWhiteboxHappyPath() {
    notVerified(ONE_ELEMENT);
  }

  @Override
  @Test
  public void required_spec308_requestMustRegisterGivenNumberElementsToBeProduced() {
    notVerified(ONE_ELEMENT);
  }
}
