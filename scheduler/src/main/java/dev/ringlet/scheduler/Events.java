package dev.ringlet.scheduler;

import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.SystemEvent;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Who is told what happens in a system. Any thread. */
final class Events {
  private final CopyOnWriteArrayList<Subscriber> subscribers = new CopyOnWriteArrayList<>();

  /** Hears of everything, at once; set before the system runs. */
  private @Nullable Sink sink;

  /** Takes events on the thread that publishes them; must not throw. */
  interface Sink {
    void accept(SystemEvent event);

    void close();
  }

  private record Subscriber(Class<?> type, Recipient<SystemEvent> address) {
    ActorCell<?> cell() {
      return address instanceof Adapter<?> adapter ? adapter.cell() : (ActorCell<?>) address;
    }
  }

  void sendTo(Sink all) {
    sink = all;
  }

  void close() {
    if (sink != null) {
      sink.close();
    }
  }

  /** The address takes events of this type. */
  void subscribe(Class<?> type, Recipient<SystemEvent> address) {
    subscribers.addIfAbsent(new Subscriber(type, address));
  }

  void unsubscribe(ActorRef<?> address) {
    subscribers.removeIf(subscriber -> subscriber.address == address);
  }

  /** Whether an event of this type is worth making. */
  boolean areWanted(Class<? extends SystemEvent> type) {
    if (sink != null) {
      return true;
    }
    for (Subscriber subscriber : subscribers) {
      if (subscriber.type.isAssignableFrom(type)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Tells those who want to know. What comes of a turn of a subscriber is told to none: else
   * failures of handling failures would go round for ever.
   */
  void publish(SystemEvent event, @Nullable Task origin) {
    if (sink != null) {
      sink.accept(event);
    }
    if (origin != null && isSubscriber(origin)) {
      return;
    }
    for (Subscriber subscriber : subscribers) {
      if (subscriber.type.isInstance(event) && isFirst(subscriber, event)) {
        send(subscriber.address, event);
      }
    }
  }

  private boolean isSubscriber(Task task) {
    for (Subscriber subscriber : subscribers) {
      if (subscriber.cell() == task) {
        return true;
      }
    }
    return false;
  }

  private boolean isFirst(Subscriber subscriber, SystemEvent event) {
    for (Subscriber other : subscribers) {
      if (other.address == subscriber.address && other.type.isInstance(event)) {
        return other.equals(subscriber);
      }
    }
    return false;
  }

  private void send(Recipient<SystemEvent> address, SystemEvent event) {
    ActorCell<?> cell = address.cellFor(event);
    if (cell.executor().hasEnded()) {
      unsubscribe(address);
    } else {
      cell.postWhereRoom(new Notice(this, address, address.entryFor(event)));
    }
  }
}
