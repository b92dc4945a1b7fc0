package dev.ringlet.reactive;

import dev.ringlet.actor.ActorRef;
import java.time.Duration;
import org.reactivestreams.Publisher;

/** A stage that asks an actor, seen by its subscriber. */
abstract class AskEachTck extends ProcessorTck<Integer> {
  private ActorRef<Squares.Ask> squares;

  AskEachTck(String driver) {
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
        AskOptions.<Integer>ordered(4, Duration.ofSeconds(20)),
        DemandOptions.<Integer>batch(8));
  }
}
