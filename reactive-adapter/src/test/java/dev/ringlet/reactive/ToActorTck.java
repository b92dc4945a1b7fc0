package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import org.reactivestreams.Subscriber;

/**
 * The subscriber of an actor, seen from inside: the probe is told by the actor, and asks and
 * cancels through it.
 */
abstract class ToActorTck extends WhiteboxTck<Integer> {
  ToActorTck(String driver) {
    super(driver);
  }

  @Override
  Subscriber<Integer> subscriber(TestSystem on, WhiteboxSubscriberProbe<Integer> probe) {
    ActorRef<StreamSignal<Integer>> actor = on.spawnForTest(() -> new Teller(probe));
    ActorSubscriber<Integer> subscriber =
        Subscribers.toActor(
            on.executor(), actor, signal -> signal, DemandOptions.<Integer>batch(2));
    return new Probed<>(subscriber, subscriber::cancel, probe);
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
}
