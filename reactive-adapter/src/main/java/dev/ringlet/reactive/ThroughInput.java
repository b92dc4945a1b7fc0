package dev.ringlet.reactive;

import dev.ringlet.actor.ActorRef;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * What an actor between an upstream and a subscriber gets of the upstream, one signal in each turn.
 * Stays the same when the actor is restarted. Owner executor.
 *
 * <p>An element that was given to the actor holds its place in what was asked for until it is
 * settled: taken, or acknowledged, as the options say. A turn that fails settles its own element,
 * and a restart all those of the instance that goes; else places would be lost, and in the end the
 * upstream would not be asked any more. An element whose message is stashed is in the hands of no
 * instance.
 */
final class ThroughInput<T> {
  private final Publisher<? extends T> upstream;
  private final int ahead;
  private final boolean acknowledged;
  private final Waker waker = new Waker();
  private final Inlet<T> inlet;
  private final Intake<T> intake;

  /** What this instance was given, in this order; those at the front that are settled go. */
  private final Deque<StreamSignal.Element<T>> given = new ArrayDeque<>();

  /** By the messages in which they were. */
  private final IdentityHashMap<Object, Stashed<T>> stashed = new IdentityHashMap<>(4);

  private long stashes;

  /** What this turn is about, if it is an element. */
  private StreamSignal.@Nullable Element<T> current;

  private @Nullable Object currentMessage;

  /** This turn is about the end. */
  private boolean endIsCurrent;

  /** The message about the end, while it is stashed. */
  private @Nullable Object stashedEnd;

  private boolean started;
  private boolean wanted;
  private boolean asked;

  /** The actor was told of the end, or needs not to be. */
  private boolean endTold;

  /** What the stream ends with, unless the actor ends it in the turn in which it hears of it. */
  private @Nullable Throwable failure;

  private boolean over;

  /** An element and its place among those that were stashed. */
  private record Stashed<T>(long number, StreamSignal.Element<T> element) {}

  ThroughInput(Publisher<? extends T> upstream, DemandOptions<T> options) {
    Discard<T> discard = options.discard();
    this.upstream = upstream;
    this.ahead = options.ahead();
    this.acknowledged = options.isAcknowledged();
    this.inlet = new Inlet<>(ahead, discard, waker);
    this.intake = new Intake<>(options, discard, waker);
  }

  // ---- the upstream

  /** Subscribes, unless an earlier instance has. The actor is told to look. */
  void start(ActorRef<Object> self) {
    if (started) {
      return;
    }
    started = true;
    waker.start(self);
    try {
      upstream.subscribe(inlet);
    } catch (Throwable thrown) {
      fail(thrown);
    }
  }

  /** The subscriber wants something: from now on the upstream may be asked. */
  void want() {
    wanted = true;
    ask();
  }

  private void ask() {
    int more = intake.takeRefill();
    if (!asked && wanted && inlet.isSubscribed()) {
      asked = true;
      more = ahead;
    }
    if (more > 0) {
      try {
        inlet.request(more);
      } catch (Throwable thrown) {
        fail(thrown);
      }
    }
  }

  /** The upstream has thrown. */
  private void fail(Throwable thrown) {
    Fatal.rethrow(thrown);
    endTold = true;
    failure = thrown;
    waker.wake();
  }

  // ---- the turns

  /** The message to look has come. */
  void heard() {
    waker.heard();
  }

  /** Asks for what was used up, and gives what this turn is about; null if there is nothing. */
  @Nullable StreamSignal<T> next() {
    inlet.cancelIfOverflown();
    ask();
    T element = endTold ? null : inlet.poll();
    if (element == null && (endTold || !inlet.isDone())) {
      return null;
    }
    if (element == null || inlet.hasMore()) {
      // For the next signal, or for what is left to do after the end.
      waker.wake();
    }
    return element == null ? end() : give(new StreamSignal.Element<>(element, intake));
  }

  private StreamSignal<T> end() {
    endIsCurrent = true;
    endTold = true;
    failure = inlet.failure();
    return failure == null ? new StreamSignal.Completed<>() : new StreamSignal.Failed<>(failure);
  }

  private StreamSignal.Element<T> give(StreamSignal.Element<T> element) {
    while (!given.isEmpty() && isSettled(given.getFirst())) {
      given.removeFirst();
    }
    if (given.size() >= 2 * ahead) {
      given.removeIf(this::isSettled);
    }
    given.addLast(element);
    current = element;
    return element;
  }

  private boolean isSettled(StreamSignal.Element<T> element) {
    return acknowledged ? !element.isOpen() : !element.waits();
  }

  /** What the stream has to end with now; null if it goes on, or the actor ends it. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** The message in which the signal of this turn goes to the actor. */
  void goesInto(Object message) {
    currentMessage = message;
  }

  void turnBegins() {
    current = null;
    currentMessage = null;
    endIsCurrent = false;
  }

  /** Nobody will settle the element of this turn, and nobody knows of the end any more. */
  void turnFailed(Throwable thrown) {
    if (endIsCurrent && failure == null) {
      failure = thrown;
      waker.wake();
    }
    StreamSignal.Element<T> lost = current;
    if (lost != null) {
      current = null;
      lost.acknowledge();
    }
  }

  void stash(Object message) {
    if (message != currentMessage) {
      return;
    }
    if (endIsCurrent) {
      endIsCurrent = false;
      stashedEnd = message;
    } else if (current != null) {
      given.removeLastOccurrence(current);
      stashed.put(message, new Stashed<>(++stashes, current));
      current = null;
    }
  }

  /** A message that is no signal, or one that was stashed. */
  void receive(Object message) {
    if (message == stashedEnd) {
      stashedEnd = null;
      endIsCurrent = true;
      currentMessage = message;
    } else if (!stashed.isEmpty()) {
      Stashed<T> back = stashed.remove(message);
      if (back != null) {
        var unused = give(back.element());
        currentMessage = message;
      }
    }
  }

  /** The next instance knows nothing of what this one was told. */
  void instanceGoes() {
    given.forEach(StreamSignal.Element::acknowledge);
    given.clear();
    endTold &= failure != null || stashedEnd != null;
    if (started) {
      waker.wake();
    }
  }

  // ---- the end

  boolean isOver() {
    return over;
  }

  /**
   * Cancels what has not ended and gives back what nobody has taken; true, once, if one more
   * message to look comes.
   */
  boolean close() {
    over = true;
    boolean letter = waker.close();
    inlet.close();
    given.forEach(this::takeBack);
    given.clear();
    stashed.values().stream()
        .sorted(Comparator.comparingLong(Stashed::number))
        .forEach(one -> takeBack(one.element()));
    stashed.clear();
    return letter;
  }

  private void takeBack(StreamSignal.Element<T> element) {
    T left = element.withdraw();
    if (left != null) {
      intake.giveBack(left);
    }
  }
}
