package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends the signals of an upstream to an actor, asks for more as the actor uses them up, and lives
 * until the actor has taken the last of them or has stopped.
 */
final class RelayActor<T, M> implements Actor<Object> {
  private static final System.Logger LOG = System.getLogger(RelayActor.class.getName());

  /**
   * How long a message waits at most that found a mailbox full. The actor's next take ends the
   * pause, and so the clock matters only where others fill the mailbox, or nothing is taken.
   */
  private static final Duration RETRY_PAUSE = Duration.ofMillis(1);

  private final Relay<T, M> relay;
  private final Inlet<T> inlet;

  /** What was sent, in this order; those at the front that were taken are forgotten. */
  private final Deque<StreamSignal.Element<T>> onTheirWay = new ArrayDeque<>();

  /** What the mailbox had no room for. */
  private @Nullable M held;

  /** What the adapter or the upstream threw. */
  private @Nullable Throwable broken;

  /** When so many are on their way, those that were taken are looked for behind the first. */
  private int manyOnTheirWay;

  /** What must arrive before this actor stops, or it would become a dead letter. */
  private int letters = 1;

  private boolean owner;
  private boolean asked;
  private boolean endSent;

  /** No message is sent any more; what was sent may still be taken. */
  private boolean leaving;

  /** All is done but the last letters. */
  private boolean over;

  RelayActor(Relay<T, M> relay) {
    this.relay = relay;
    this.inlet = relay.inlet();
    this.manyOnTheirWay = 2 * relay.options().ahead();
  }

  @Override
  public void preStart(ActorContext<Object> context) {
    owner = relay.own();
    if (!owner) {
      context.stop();
      return;
    }
    try {
      context.watch(relay.target(), Event.TARGET_STOPPED);
    } catch (IllegalArgumentException noActor) {
      fail(noActor);
    }
    relay.waker().start(context.self());
    look(context);
  }

  @Override
  public void receive(Object message, ActorContext<Object> context) {
    if (message == Waker.Look.LOOK) {
      if (over) {
        letterHasCome(context);
      } else {
        relay.waker().heard();
        look(context);
      }
    } else if (message instanceof SubscriberActor.Greeting greeting) {
      greeting.replyTo().tell(greeting);
      letterHasCome(context);
    } else if (!over) {
      if (message == Event.TARGET_STOPPED) {
        leave();
        takeBack();
      }
      look(context);
    }
  }

  private void look(ActorContext<Object> context) {
    if (!leaving && relay.cancelled().get()) {
      leave();
    }
    if (!leaving) {
      inlet.cancelIfOverflown();
      ask();
      deliver(context);
    }
    if (leaving && !anyOnTheirWay()) {
      finish(context);
    }
  }

  private void ask() {
    int more = relay.intake().takeRefill();
    if (!asked && inlet.isSubscribed() && broken == null) {
      asked = true;
      more = relay.options().ahead();
    }
    if (more > 0) {
      try {
        inlet.request(more);
      } catch (Throwable thrown) {
        fail(thrown);
      }
    }
  }

  /** Sends what waits, the end too, until the core or the mailbox is wanted by others. */
  private void deliver(ActorContext<Object> context) {
    if (held != null && !send(held, context)) {
      return;
    }
    for (int sent = 0; !endSent; sent++) {
      if (sent > 0 && context.needPreempt()) {
        relay.waker().wake();
        return;
      }
      M message = nextMessage();
      if (message == null ? !endSent : !send(message, context)) {
        return;
      }
    }
    leave();
  }

  private @Nullable M nextMessage() {
    T value = broken == null ? inlet.poll() : null;
    if (value == null) {
      return broken != null || inlet.isDone() ? endMessage() : null;
    }
    StreamSignal.Element<T> element = new StreamSignal.Element<>(value, relay.intake());
    track(element);
    try {
      return adapted(element);
    } catch (Throwable thrown) {
      takeBackLast();
      fail(thrown);
      return endMessage();
    }
  }

  private @Nullable M endMessage() {
    endSent = true;
    Throwable failure = broken != null ? broken : inlet.failure();
    if (failure != null) {
      return failedMessage(failure);
    }
    try {
      return adapted(new StreamSignal.Completed<>());
    } catch (Throwable thrown) {
      fail(thrown);
      return failedMessage(thrown);
    }
  }

  /** Null if the adapter makes no message of it: then the actor keeps what it has got. */
  private @Nullable M failedMessage(Throwable failure) {
    try {
      return adapted(new StreamSignal.Failed<>(failure));
    } catch (Throwable thrown) {
      fail(thrown);
      LOG.log(
          System.Logger.Level.WARNING,
          relay.target().path() + " could not be told of the end of its stream",
          thrown);
      return null;
    }
  }

  /** The adapter or the upstream has thrown; the actor is told, and no element comes any more. */
  private void fail(Throwable thrown) {
    Fatal.rethrow(thrown);
    broken = thrown;
    inlet.close();
  }

  private M adapted(StreamSignal<T> signal) {
    return Objects.requireNonNull(
        relay.adapter().apply(signal), "the adapter gave null; give a message for each signal");
  }

  /** False if it has to be tried again. */
  private boolean send(M message, ActorContext<Object> context) {
    boolean sent;
    try {
      sent = relay.target().tryTell(message) || (held == null && sendOnceMore(message));
    } catch (RuntimeException thrown) {
      held = null;
      sendFailed(thrown);
      return true;
    }
    if (sent) {
      wasSent();
      return true;
    }
    held = message;
    context.timers().once(Event.RETRY, RETRY_PAUSE, Event.RETRY);
    return false;
  }

  /** The mailbox was full; from now on a take wakes this actor, but one may have come just now. */
  private boolean sendOnceMore(M message) {
    relay.intake().letTakesWake(true);
    return relay.target().tryTell(message);
  }

  private void wasSent() {
    held = null;
    relay.intake().letTakesWake(false);
    if (!endSent) {
      relay.intake().inMailbox();
    }
  }

  /**
   * A context carrier has thrown, as nothing else does; the end is told in place of the element.
   */
  private void sendFailed(RuntimeException thrown) {
    if (endSent) {
      LOG.log(
          System.Logger.Level.WARNING,
          relay.target().path() + " could not be told of the end of its stream",
          thrown);
    } else {
      takeBackLast();
      fail(thrown);
    }
  }

  /** Ends the upstream, unless it has ended. */
  private void leave() {
    leaving = true;
    relay.intake().letTakesWake(true);
    inlet.close();
    if (held != null) {
      held = null;
      if (!endSent) {
        takeBackLast();
      }
    }
  }

  /** Those in front may wait long. */
  private void track(StreamSignal.Element<T> element) {
    if (anyOnTheirWay() && onTheirWay.size() >= manyOnTheirWay) {
      onTheirWay.removeIf(other -> !other.waits());
      manyOnTheirWay = 2 * Math.max(relay.options().ahead(), onTheirWay.size());
    }
    onTheirWay.addLast(element);
  }

  /** Whether the actor has still to take something. */
  private boolean anyOnTheirWay() {
    StreamSignal.Element<T> first = onTheirWay.peekFirst();
    while (first != null && !first.waits()) {
      onTheirWay.removeFirst();
      first = onTheirWay.peekFirst();
    }
    return first != null;
  }

  private void takeBack() {
    while (!onTheirWay.isEmpty()) {
      takeBackLast();
    }
  }

  private void takeBackLast() {
    T left = onTheirWay.removeLast().withdraw();
    if (left != null) {
      relay.intake().giveBack(left);
    }
  }

  private void finish(ActorContext<Object> context) {
    over = true;
    if (relay.waker().close()) {
      letters++;
    }
    stopAfterLastLetter(context);
  }

  private void letterHasCome(ActorContext<Object> context) {
    letters--;
    stopAfterLastLetter(context);
  }

  private void stopAfterLastLetter(ActorContext<Object> context) {
    if (over && letters == 0) {
      context.stop();
    }
  }

  @Override
  public void postStop(ActorContext<Object> context) {
    if (owner && !over) {
      inlet.close();
      boolean unused = relay.waker().close();
      takeBack();
    }
  }

  private enum Event {
    TARGET_STOPPED,
    RETRY
  }
}
