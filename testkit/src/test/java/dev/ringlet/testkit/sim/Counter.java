package dev.ringlet.testkit.sim;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import java.time.Duration;

/** A number that others read and write: whoever reads, adds and writes may overwrite another. */
final class Counter implements Actor<Counter.Message> {
  sealed interface Message {}

  record Get(ActorRef<Integer> replyTo) implements Message {}

  record Set(int value) implements Message {}

  private int value;

  @Override
  public void receive(Message message, ActorContext<Message> context) {
    if (message instanceof Get get) {
      get.replyTo().tell(value);
    } else if (message instanceof Set set) {
      value = set.value();
    }
  }

  static ActorRef<Message> spawn(ActorSystem system, int executor) {
    return system.executors().get(executor).spawn(Counter::new, ActorOptions.named("counter"));
  }

  /** Adds one, when it is told to, the wrong way. */
  static final class Adder implements Actor<String> {
    private final ActorRef<Message> counter;

    Adder(ActorRef<Message> counter) {
      this.counter = counter;
    }

    @Override
    public void receive(String message, ActorContext<String> context) {
      if (message.equals("add")) {
        context.<Message, Integer>ask(
            counter, Get::new, Duration.ofSeconds(1), (value, failure) -> "" + value);
      } else {
        counter.tell(new Set(Integer.parseInt(message) + 1));
      }
    }
  }
}
