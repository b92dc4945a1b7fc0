package dev.ringlet.reactive;

import dev.ringlet.actor.ActorRef;
import java.time.Duration;
import org.reactivestreams.Publisher;

/** A stage that asks an actor, seen by its upstream. */
abstract class AskEachSubscriberTck extends ProcessorSubscriberTck {
  private ActorRef<Squares.Ask> echo;

  AskEachSubscriberTck(String driver) {
    super(driver);
  }

  @Override
  public void prepare(TestSystem on) {
    echo = on.spawnResident(() -> (ask, context) -> ask.replyTo().tell(ask.number()));
  }

  @Override
  Publisher<Integer> processor(TestSystem on, Publisher<Integer> upstream) {
    return Processors.askEach(
        upstream,
        on.executor(),
        echo,
        Squares.Ask::new,
        AskOptions.<Integer>unordered(4, Duration.ofSeconds(20)),
        DemandOptions.<Integer>batch(4));
  }
}
