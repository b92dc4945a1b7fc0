package dev.ringlet.reactive;

import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.SubscriberBlackboxVerification;
import org.reactivestreams.tck.TestEnvironment;

/**
 * The subscriber behind a future against the TCK; it runs on the upstream's thread, on no driver.
 */
public final class FirstTckTest extends SubscriberBlackboxVerification<Integer> {
  public FirstTckTest() {
    super(new TestEnvironment(2_000, 200));
  }

  @Override
  public Subscriber<Integer> createSubscriber() {
    CompletableFuture<Subscriber<? super Integer>> inner = new CompletableFuture<>();
    var unused = Subscribers.<Integer>first(inner::complete, element -> {});
    @SuppressWarnings("unchecked") // it takes no other elements
    Subscriber<Integer> subscriber = (Subscriber<Integer>) inner.join();
    return subscriber;
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }
}
