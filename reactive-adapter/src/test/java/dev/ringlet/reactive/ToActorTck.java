package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.RingletException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;

/**
 * The subscriber of an actor against the TCK, seen from inside: the probe is told by the actor, and
 * asks and cancels through it. All tests run; the TCK itself skips its {@code untested_} ones.
 */
abstract class ToActorTck extends SubscriberWhiteboxVerification<Integer> {
  private final String driver;
  private final ConcurrentLinkedQueue<ActorRef<?>> actors = new ConcurrentLinkedQueue<>();
  private TestSystem system;

  ToActorTck(String driver) {
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

  /** Also proves that the relays end with their actors. */
  @AfterMethod
  public void stopActors() {
    for (ActorRef<?> actor = actors.poll(); actor != null; actor = actors.poll()) {
      system.system().stop(actor);
    }
    system.awaitQuiescence();
  }

  @Override
  public Subscriber<Integer> createSubscriber(WhiteboxSubscriberProbe<Integer> probe) {
    ActorRef<StreamSignal<Integer>> actor =
        system.executor().spawn(() -> new Teller(probe), ActorOptions.defaults());
    actors.add(actor);
    return new Probed<>(
        Subscribers.toActor(
            system.executor(), actor, signal -> signal, DemandOptions.<Integer>batch(2)),
        probe);
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }

  private record Teller(WhiteboxSubscriberProbe<Integer> probe)
      implements Actor<StreamSignal<Integer>> {
    @Override
    public void receive(StreamSignal<Integer> signal, ActorContext<StreamSignal<Integer>> context) {
      if (signal instanceof StreamSignal.Element<Integer> element) {
        probe.registerOnNext(element.take());
      } else if (signal instanceof StreamSignal.Failed<Integer> failed) {
        probe.registerOnError(failed.failure());
      } else {
        probe.registerOnComplete();
      }
    }
  }

  /** Tells the probe of the subscription. What it asks for is asked for by the batch anyway. */
  private record Probed<T>(ActorSubscriber<T> subscriber, WhiteboxSubscriberProbe<T> probe)
      implements Subscriber<T> {
    @Override
    public void onSubscribe(Subscription subscription) {
      subscriber.onSubscribe(subscription);
      probe.registerOnSubscribe(
          new SubscriberPuppet() {
            @Override
            public void triggerRequest(long elements) {
              // A batch asks by itself.
            }

            @Override
            public void signalCancel() {
              subscriber.cancel();
            }
          });
    }

    @Override
    public void onNext(T element) {
      subscriber.onNext(element);
    }

    @Override
    public void onError(Throwable failure) {
      subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
      subscriber.onComplete();
    }
  }
}
