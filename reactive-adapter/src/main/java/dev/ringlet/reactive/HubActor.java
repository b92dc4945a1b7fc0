package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.RingletException;
import org.jspecify.annotations.Nullable;

/**
 * Serves all subscribers of a multicast, and asks its upstream for them.
 *
 * <p>Subscribers have no actors of their own. So an element for all of them costs no message and no
 * count that is shared, who has room is known without asking, and a subscriber is a few words. The
 * price is that all of them are served on one executor; who wants another one goes on with {@link
 * Processors#onExecutor}.
 */
final class HubActor<T> implements Actor<Object> {
  /** How many elements are taken over between two rounds, so that notes are read in time. */
  private static final int BATCH = 64;

  private final MulticastPublisher<T> publisher;
  private final MulticastOptions<T> options;
  private final Hub<T> hub;
  private final Waker waker;
  private final Inlet<T> inlet;
  private final Audience<T> audience;

  /** Notes that were taken and not read. */
  private @Nullable HubSubscription<T> notes;

  /** How many elements were asked for and not taken over. */
  private int outstanding;

  /** How the stream has ended, once nothing is taken over any more. */
  private @Nullable StreamEnd end;

  private boolean connected;

  /** Elements are wanted, so that the upstream may be asked. */
  private boolean wanted;

  /** There were subscribers, and the last of them has left. */
  private boolean deserted;

  private boolean owner;

  /** All is done but the last letters. */
  private boolean over;

  /** What must arrive before this actor stops, or it would become a dead letter. */
  private int letters = 1;

  HubActor(MulticastPublisher<T> publisher, Hub<T> hub) {
    this.publisher = publisher;
    this.options = publisher.options();
    this.hub = hub;
    this.waker = hub.waker();
    this.inlet = new Inlet<>(options.buffer(), options.discard(), waker);
    this.audience = new Audience<>(publisher);
    this.end = publisher.end();
    this.wanted = options.connectAt() == 0;
  }

  @Override
  public void preStart(ActorContext<Object> context) {
    owner = hub.own();
    if (!owner) {
      context.stop();
      return;
    }
    waker.start(context.self());
    look(context);
  }

  @Override
  public void receive(Object message, ActorContext<Object> context) {
    if (message instanceof SubscriberActor.Greeting greeting) {
      greeting.replyTo().tell(greeting);
      letterHasCome(context);
    } else if (over) {
      letterHasCome(context);
    } else {
      waker.heard();
      look(context);
    }
  }

  private void look(ActorContext<Object> context) {
    if (!advance(context)) {
      waker.wake();
    } else if (mayLeave() && hub.closeIfEmpty()) {
      leave(context);
    }
  }

  /** Does all that can be done now; false if others want the core before. */
  private boolean advance(ActorContext<Object> context) {
    for (; ; ) {
      hearOfClose();
      if (!readNotes(context)) {
        return false;
      }
      connect();
      if (mayLeave()) {
        // At once: what the upstream gives may never end.
        return true;
      }
      if (!audience.serveAll(end, context)) {
        return false;
      }
      ask();
      if (!takeOver(context)) {
        return true;
      }
      if (context.needPreempt()) {
        return false;
      }
    }
  }

  private void hearOfClose() {
    StreamEnd closing = publisher.closing();
    if (closing != null && (end == null || !end.atOnce())) {
      end = closing;
      inlet.close();
    }
  }

  /** Those left over first. What has come since then nobody would wake this actor for again. */
  private boolean readNotes(ActorContext<Object> context) {
    if (!readTaken(context)) {
      return false;
    }
    notes = hub.takeNotes();
    return readTaken(context);
  }

  private boolean readTaken(ActorContext<Object> context) {
    for (boolean first = true; notes != null; first = false) {
      if (!first && context.needPreempt()) {
        return false;
      }
      HubSubscription<T> note = notes;
      // Before it is read, because from then on it may be left again.
      notes = note.next;
      note.next = null;
      read(note, context);
    }
    return true;
  }

  private void read(HubSubscription<T> note, ActorContext<Object> context) {
    if (note.isNew()) {
      deserted = false;
      audience.add(note, context.self());
      return;
    }
    long more = note.takeDemand();
    if (more > 0) {
      wanted = true;
      note.demand = Demand.saturatedSum(note.demand, more);
    } else {
      audience.remove(note);
      deserted = audience.size() == 0;
    }
  }

  private void connect() {
    if (connected || end != null || audience.size() < options.connectAt()) {
      return;
    }
    connected = true;
    try {
      publisher.upstream().subscribe(inlet);
    } catch (Throwable thrown) {
      failWith(thrown);
    }
  }

  /** At least a quarter of the buffer, so that the upstream is not asked for each element. */
  private void ask() {
    if (end != null || !wanted || !inlet.isSubscribed()) {
      return;
    }
    int behind = options.isDropping() ? 0 : audience.behind();
    int room = options.buffer() - outstanding - behind;
    if (room < Math.max(1, options.buffer() / 4)) {
      return;
    }
    outstanding += room;
    try {
      inlet.request(room);
    } catch (Throwable thrown) {
      failWith(thrown);
      // The subscribers are told in the next look.
      waker.wake();
    }
  }

  /** Takes over what has come, the end too; false if that was nothing. */
  private boolean takeOver(ActorContext<Object> context) {
    if (end != null) {
      return false;
    }
    int most = Math.min(BATCH, options.buffer());
    for (int taken = 0; taken < most; taken++) {
      if (taken > 0 && context.needPreempt()) {
        return true;
      }
      if (!inlet.hasMore()) {
        return taken > 0;
      }
      if (hub.hasNewcomers()) {
        // In this order: what comes after somebody has subscribed is for him too.
        return true;
      }
      T element = inlet.poll();
      if (element == null) {
        endWith(inlet.failure());
        return true;
      }
      outstanding--;
      audience.take(element);
    }
    return true;
  }

  /** The upstream has thrown. */
  private void failWith(Throwable thrown) {
    Fatal.rethrow(thrown);
    endWith(thrown);
  }

  private void endWith(@Nullable Throwable failure) {
    end = StreamEnd.of(failure);
    publisher.end(end);
    inlet.close();
  }

  /** Whether nobody is served and nothing is kept for those who come later. */
  private boolean mayLeave() {
    if (audience.size() > 0) {
      return false;
    }
    if (end != null) {
      return end.atOnce() || audience.replayed() == 0;
    }
    return !connected || (deserted && !options.isStayConnected());
  }

  private void leave(ActorContext<Object> context) {
    over = true;
    inlet.close();
    audience.clear();
    if (waker.close()) {
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
    if (!owner || over) {
      return;
    }
    HubSubscription<T> left = hub.close();
    boolean unused = waker.close();
    RingletException cause =
        new RingletException(
            context.self().path()
                + ": the multicast's actor stopped before the stream has ended, because the system"
                + " was closed");
    Fatal.runAll(
        inlet::close,
        audience::clear,
        () -> audience.fail(cause),
        () -> Hub.refuse(notes, cause),
        () -> Hub.refuse(left, cause));
  }
}
