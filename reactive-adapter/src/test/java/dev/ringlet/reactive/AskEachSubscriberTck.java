package dev.ringlet.reactive;

import dev.ringlet.actor.ActorRef;
import java.time.Duration;
import org.reactivestreams.Publisher;

/** A stage that asks an actor, seen by its upstream. */
abstract class AskEachSubscriberTck extends ProcessorSubscriberTck {
  private ActorRef<Squares.Ask> squares;

  AskEachSubscriberTck(String driver) {
    super(driver);
  }

  @Override
  public void prepare(TestSystem on) {
    squares = on.spawnResident(Squares::new);
  }

  @Override
  Publisher<Integer> processor(TestSystem on, Publisher<Integer> upstream) {
    return Processors.askEach(
        upstream,
        on.executor(),
        squares,
        Squares.Ask::new,
        AskOptions.<Integer>unordered(4, Duration.ofSeconds(20)),
        DemandOptions.<Integer>batch(4));
  }
}
