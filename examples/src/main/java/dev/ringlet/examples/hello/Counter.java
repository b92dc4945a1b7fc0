package dev.ringlet.examples.hello;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;

/** An actor that adds up what it is told. */
final class Counter implements Actor<Counter.Command> {
  /** What it is told. */
  sealed interface Command {}

  /**
   * Add something.
   *
   * @param amount how much
   */
  record Add(int amount) implements Command {}

  /**
   * Tell the total.
   *
   * @param replyTo whom
   */
  record Get(ActorRef<Integer> replyTo) implements Command {}

  private int total;

  @Override
  public void receive(Command command, ActorContext<Command> context) {
    if (command instanceof Add add) {
      total += add.amount();
    } else if (command instanceof Get get) {
      get.replyTo().tell(total);
    }
  }
}
