package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.actor.RingletException;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ActorExecutor;

/**
 * Lives on the executor until a push source is over, with a subscriber or without, and so sees to
 * it that the source does not outlive the executor.
 */
final class PushKeeper implements Actor<Object> {
  private final PushSource<?> source;

  /** The greeting, and that the source is over: else they would become dead letters. */
  private int lettersOnTheirWay = 2;

  private PushKeeper(PushSource<?> source) {
    this.source = source;
  }

  /** Spawns one; a source whose executor has ended is cut off. */
  static void spawn(PushSource<?> source, ActorExecutor executor, ActorOptions options) {
    ActorOptions named =
        Names.numbered(options, Names.of(options, "push"))
            .withSupervision(Supervision.stop())
            .withMailbox(Mailbox.unbounded());
    ActorRef<Object> keeper;
    try {
      keeper = executor.spawn(() -> new PushKeeper(source), named);
    } catch (IllegalStateException closed) {
      source.cutOff(closed);
      return;
    }
    SubscriberActor.Greeting.refuseIfLost(keeper, source::cutOff);
  }

  @Override
  public void preStart(ActorContext<Object> context) {
    context.pipe(source.whenOver(), (nothing, failure) -> Event.SOURCE_OVER);
  }

  @Override
  public void receive(Object message, ActorContext<Object> context) {
    if (message instanceof SubscriberActor.Greeting greeting) {
      greeting.replyTo().tell(greeting);
    }
    lettersOnTheirWay--;
    if (lettersOnTheirWay == 0) {
      context.stop();
    }
  }

  @Override
  public void postStop(ActorContext<Object> context) {
    if (lettersOnTheirWay > 0) {
      source.cutOff(
          new RingletException(
              context.self().path() + ": the system was closed before the stream was over"));
    }
  }

  private enum Event {
    SOURCE_OVER
  }
}
