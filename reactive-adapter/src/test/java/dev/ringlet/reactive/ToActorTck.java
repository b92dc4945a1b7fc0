package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.Mailbox;
import org.reactivestreams.Subscriber;

/**
 * The subscriber of an actor; the probe is told by the actor, which acknowledges what it has taken.
 */
abstract class ToActorTck extends WhiteboxTck<Integer> {
  private static final Mailbox NARROW = Mailbox.bounded(1, Mailbox.Overflow.REJECT);

  private final DemandOptions<Integer> options;

  ToActorTck(String driver, DemandOptions<Integer> options) {
    super(driver);
    this.options = options;
  }

  @Override
  Subscriber<Integer> subscriber(TestSystem on, WhiteboxSubscriberProbe<Integer> probe) {
    ActorRef<StreamSignal<Integer>> actor =
        on.spawnForTest(
            () -> new Teller(probe),
            ActorOptions.defaults()
                .withMailbox(options.isMailboxRoom() ? NARROW : Mailbox.unbounded()));
    ActorSubscriber<Integer> subscriber =
        Subscribers.toActor(on.executor(), actor, signal -> signal, options);
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
        element.acknowledge();
      } else if (signal instanceof StreamSignal.Failed<Integer> failed) {
        probe.registerOnError(failed.failure());
      } else {
        probe.registerOnComplete();
      }
    }
  }
}
