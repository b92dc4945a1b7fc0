package dev.ringlet.reactive;

import dev.ringlet.actor.ActorRef;
import java.time.Duration;
import org.reactivestreams.Publisher;

/** A stage that asks an actor, seen by its subscriber. */
abstract class AskEachTck extends ProcessorTck<Integer> {
  private final AskOptions<Integer> options;
  private ActorRef<Squares.Ask> squares;

  AskEachTck(String driver, AskOptions<Integer> options) {
    super(driver);
    this.options = options;
  }

  AskEachTck(String driver) {
    this(driver, AskOptions.ordered(4, Duration.ofSeconds(20)));
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
        options,
        DemandOptions.<Integer>batch(8));
  }
}
