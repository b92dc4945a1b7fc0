package dev.ringlet.reactive;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.RingletException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.SubscriberBlackboxVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;

/**
 * The subscriber of an actor that acknowledges each element against the TCK, seen from outside. All
 * tests run; the TCK itself skips its {@code untested_} ones.
 */
abstract class ToActorBlackboxTck extends SubscriberBlackboxVerification<Integer> {
  private final String driver;
  private final ConcurrentLinkedQueue<ActorRef<?>> actors = new ConcurrentLinkedQueue<>();
  private TestSystem system;

  ToActorBlackboxTck(String driver) {
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
  public Subscriber<Integer> createSubscriber() {
    ActorRef<Reader.Arrived<Integer>> actor =
        system.executor().spawn(() -> new Reader<Integer>(), ActorOptions.defaults());
    actors.add(actor);
    return Subscribers.toActor(
        system.executor(),
        actor,
        Reader.Arrived<Integer>::new,
        DemandOptions.<Integer>acknowledged(1));
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }
}
