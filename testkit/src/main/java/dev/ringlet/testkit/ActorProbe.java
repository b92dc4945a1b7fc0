package dev.ringlet.testkit;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An actor whose messages a test takes and judges.
 *
 * <p><b>Thread:</b> the address, any thread; all else, the test's. What is expected and does not
 * come is an {@link AssertionError} that tells what has come instead. Where no time is given, a
 * probe waits for three seconds, or as long as {@link #within} leaves. With a {@link SteppedSystem}
 * it is the time of that system, which goes on while the probe waits.
 *
 * <pre>{@code
 * ActorProbe<Integer> probe = ActorProbe.create(system);
 * counter.tell(new Counter.Get(probe.ref()));
 * probe.expect(2);
 * }</pre>
 *
 * @param <M> the type of messages the probe takes
 */
public final class ActorProbe<M> implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final ActorSystem system;
  private final Waiting waiting;
  private final ActorRef<Object> actor;
  private final LinkedBlockingDeque<M> messages = new LinkedBlockingDeque<>();
  private final Set<ActorRef<?>> ended = ConcurrentHashMap.newKeySet();

  /** When the innermost {@link #within} is over. */
  private @Nullable Long deadline;

  private ActorProbe(ActorSystem system, Waiting waiting, ActorOptions options) {
    this.system = system;
    this.waiting = waiting;
    this.actor = system.spawn(Body::new, options);
  }

  /**
   * Spawns a probe.
   *
   * @param system where it lives
   * @param <M> the type of messages the probe takes
   * @return the probe
   */
  public static <M> ActorProbe<M> create(ActorSystem system) {
    return create(system, ActorOptions.defaults());
  }

  /**
   * Spawns a probe.
   *
   * @param system where it lives
   * @param options name, executor, class, mailbox
   * @param <M> the type of messages the probe takes
   * @return the probe
   */
  public static <M> ActorProbe<M> create(ActorSystem system, ActorOptions options) {
    return new ActorProbe<>(system, Waiting.on(system), options);
  }

  /**
   * Spawns a probe that steps its system while it waits.
   *
   * @param stepped where it lives
   * @param <M> the type of messages the probe takes
   * @return the probe
   */
  public static <M> ActorProbe<M> create(SteppedSystem stepped) {
    return new ActorProbe<>(stepped.system(), Waiting.on(stepped), ActorOptions.defaults());
  }

  /**
   * The address that messages come to.
   *
   * @return the address
   */
  @SuppressWarnings("unchecked") // it takes any message
  public ActorRef<M> ref() {
    return (ActorRef<M>) (ActorRef<?>) actor;
  }

  /**
   * Takes the next message.
   *
   * @return the message
   */
  public M receive() {
    return receive(patience());
  }

  /**
   * Takes the next message.
   *
   * @param atMost how long to wait for it
   * @return the message
   */
  public M receive(Duration atMost) {
    var unused = waiting.until(() -> !messages.isEmpty(), atMost);
    M next = messages.poll();
    if (next == null) {
      throw new AssertionError("no message within " + millis(atMost));
    }
    return next;
  }

  /**
   * Takes the next message, which must be equal to one.
   *
   * @param expected what must come
   * @return the message
   */
  public M expect(M expected) {
    Duration atMost = patience();
    var unused = waiting.until(() -> !messages.isEmpty(), atMost);
    M next = messages.poll();
    if (!expected.equals(next)) {
      throw new AssertionError(
          "expected "
              + expected
              + (next == null
                  ? ", but nothing came within " + millis(atMost)
                  : ", but " + next + " came; after it: " + messages));
    }
    return next;
  }

  /**
   * Takes the next message, which must be of a class.
   *
   * @param type the class
   * @param <T> the type
   * @return the message
   */
  public <T extends M> T expect(Class<T> type) {
    Duration atMost = patience();
    var unused = waiting.until(() -> !messages.isEmpty(), atMost);
    M next = messages.poll();
    if (!type.isInstance(next)) {
      throw new AssertionError(
          "expected a "
              + type.getName()
              + (next == null
                  ? ", but nothing came within " + millis(atMost)
                  : ", but " + next + " came; after it: " + messages));
    }
    return type.cast(next);
  }

  /**
   * Takes so many messages.
   *
   * @param count how many
   * @return the messages, in the order in which they came
   */
  public List<M> receive(int count) {
    Duration atMost = patience();
    var unused = waiting.until(() -> messages.size() >= count, atMost);
    if (messages.size() < count) {
      throw new AssertionError(
          "expected " + count + " messages within " + millis(atMost) + ", but got " + messages);
    }
    List<M> taken = new ArrayList<>();
    var drained = messages.drainTo(taken, count);
    assert drained == count;
    return taken;
  }

  /**
   * Sees that no message comes.
   *
   * @param window for how long
   */
  public void expectNone(Duration window) {
    var unused = waiting.until(() -> !messages.isEmpty(), window);
    if (!messages.isEmpty()) {
      throw new AssertionError(
          "expected no message within " + millis(window) + ", but got " + messages);
    }
  }

  /**
   * Sees that an actor stops, or has stopped.
   *
   * @param other the actor's address
   */
  public void expectTerminated(ActorRef<?> other) {
    expectTerminated(other, patience());
  }

  /**
   * Sees that an actor stops, or has stopped.
   *
   * @param other the actor's address
   * @param atMost how long to wait for it
   */
  public void expectTerminated(ActorRef<?> other, Duration atMost) {
    if (!hasTerminated(other, atMost)) {
      throw new AssertionError(other.path() + " has not stopped within " + millis(atMost));
    }
  }

  boolean hasTerminated(ActorRef<?> other, Duration atMost) {
    actor.tell(new Watch(Objects.requireNonNull(other, "other")));
    boolean over = waiting.until(() -> ended.contains(other), atMost);
    if (!over) {
      actor.tell(new Unwatch(other));
    }
    return over;
  }

  /**
   * Has a block be over in time; what it expects waits no longer than that.
   *
   * @param atMost how long the block may take
   * @param block what the test does
   * @param <T> what the block gives
   * @return what the block gives
   */
  public <T extends @Nullable Object> T within(Duration atMost, Supplier<T> block) {
    Long outer = deadline;
    long start = waiting.nanos();
    long end = start + atMost.toNanos();
    deadline = outer == null || end - outer < 0 ? end : outer;
    try {
      T value = block.get();
      long took = waiting.nanos() - start;
      if (took > atMost.toNanos()) {
        throw new AssertionError(
            "took " + millis(Duration.ofNanos(took)) + ", more than " + millis(atMost));
      }
      return value;
    } finally {
      deadline = outer;
    }
  }

  private Duration patience() {
    Long end = deadline;
    return end == null ? PATIENCE : Duration.ofNanos(Math.max(0, end - waiting.nanos()));
  }

  private static String millis(Duration duration) {
    return duration.toMillis() + " ms";
  }

  /** Stops the probe. */
  @Override
  public void close() {
    system.stop(actor);
  }

  @Override
  public String toString() {
    return "probe " + actor.path() + " with " + messages;
  }

  private record Watch(ActorRef<?> other) {}

  private record Unwatch(ActorRef<?> other) {}

  private record Ended(ActorRef<?> other) {}

  private final class Body implements Actor<Object> {
    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message instanceof Watch watch) {
        context.watch(watch.other(), new Ended(watch.other()));
      } else if (message instanceof Unwatch unwatch) {
        context.unwatch(unwatch.other());
      } else if (message instanceof Ended end) {
        ended.add(end.other());
        waiting.changed();
      } else {
        @SuppressWarnings("unchecked") // ref() lets only these in
        M typed = (M) message;
        messages.add(typed);
        waiting.changed();
      }
    }
  }
}
