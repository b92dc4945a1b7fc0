package dev.ringlet.reactive;

import dev.ringlet.actor.RingletException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.SubscriberBlackboxVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;

/**
 * The subscriber's side of a multicast against the TCK; its own subscriber wants all. All tests run
 * but the TCK's own {@code untested_} ones.
 */
abstract class MulticastSubscriberTck extends SubscriberBlackboxVerification<Integer> {
  private final String driver;
  private final ConcurrentLinkedQueue<Probe<Integer>> probes = new ConcurrentLinkedQueue<>();
  private TestSystem system;

  MulticastSubscriberTck(String driver) {
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
  }

  @AfterClass
  public void close() {
    if (system != null) {
      system.close();
    }
  }

  /** Also proves that the actors end with their subscribers. */
  @AfterMethod
  public void cancelAll() {
    for (Probe<Integer> probe = probes.poll(); probe != null; probe = probes.poll()) {
      probe.awaitSubscription().cancel();
    }
    system.awaitQuiescence();
  }

  @Override
  public Subscriber<Integer> createSubscriber() {
    CompletableFuture<Subscriber<? super Integer>> inner = new CompletableFuture<>();
    Probe<Integer> probe =
        new Probe<>() {
          @Override
          public void onSubscribe(Subscription given) {
            super.onSubscribe(given);
            given.request(Long.MAX_VALUE);
          }
        };
    probes.add(probe);
    Processors.<Integer>multicast(
            inner::complete, system.executor(), MulticastOptions.<Integer>slowest(4))
        .subscribe(probe);
    @SuppressWarnings("unchecked") // the multicast's own subscriber takes no other elements
    Subscriber<Integer> subscriber = (Subscriber<Integer>) TestSystem.get(inner);
    return subscriber;
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }
}
