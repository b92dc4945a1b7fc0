package dev.ringlet.testkit;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorFailure;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One actor, run by hand: a message is handled when {@link #tell} returns, with all that comes of
 * it, time stands still, and what the actor does through its context is recorded. It is the real
 * runtime, so children are spawned, timers tick when time passes, and failures are supervised.
 *
 * <p><b>Thread:</b> the test's; no other one is there.
 *
 * <pre>{@code
 * try (var run = BehaviorRun.of(Session::new)) {
 *   run.tell(new Login("ada"));
 *   assertEquals(List.of(new Effect.ReceiveTimeout(IDLE, Logout.INSTANCE)), run.takeEffects());
 *   run.advance(IDLE);
 *   assertFalse(run.isAlive());
 * }
 * }</pre>
 *
 * @param <M> the type of messages the actor accepts
 */
public final class BehaviorRun<M> implements AutoCloseable {
  private final SteppedSystem stepped = SteppedSystem.create(1);
  private final List<Effect> effects = new ArrayList<>();
  private final List<ActorFailure> failures = new ArrayList<>();
  private final ActorRef<M> actor;
  private final ActorProbe<Object> end;

  private BehaviorRun(Supplier<? extends Actor<M>> factory, ActorOptions options) {
    Objects.requireNonNull(factory, "factory");
    ActorRef<ActorFailure> failureLog =
        stepped
            .system()
            .spawn(() -> (failure, context) -> failures.add(failure), ActorOptions.defaults());
    stepped.system().subscribe(ActorFailure.class, failureLog);
    end = ActorProbe.create(stepped);
    actor = stepped.system().spawn(() -> new RecordedActor<>(factory.get(), effects::add), options);
    stepped.runUntilIdle();
  }

  /**
   * Starts an actor with all defaults.
   *
   * @param factory makes the actor
   * @param <M> the type of messages the actor accepts
   * @return the run; the actor has started
   */
  public static <M> BehaviorRun<M> of(Supplier<? extends Actor<M>> factory) {
    return of(factory, ActorOptions.named("actor"));
  }

  /**
   * Starts an actor.
   *
   * @param factory makes the actor
   * @param options name, supervision, mailbox
   * @param <M> the type of messages the actor accepts
   * @return the run; the actor has started
   */
  public static <M> BehaviorRun<M> of(Supplier<? extends Actor<M>> factory, ActorOptions options) {
    return new BehaviorRun<>(factory, options);
  }

  /**
   * The actor's address. What is sent to it is handled with the next {@link #runUntilIdle}.
   *
   * @return the address
   */
  public ActorRef<M> ref() {
    return actor;
  }

  /**
   * Has a message handled, and all that comes of it at the present time.
   *
   * @param message the message
   */
  public void tell(M message) {
    actor.tell(message);
    stepped.runUntilIdle();
  }

  /**
   * Has a question handled.
   *
   * @param message builds the question from the address to reply to
   * @param <R> the type of the reply
   * @return the reply
   * @throws AssertionError if there is no reply at the present time
   */
  public <R> R ask(Function<? super ActorRef<R>, ? extends M> message) {
    try (ActorProbe<R> asker = probe()) {
      tell(message.apply(asker.ref()));
      return asker.receive(Duration.ZERO);
    }
  }

  /** Has handled what is there, at the present time. */
  public void runUntilIdle() {
    stepped.runUntilIdle();
  }

  /**
   * Lets time pass.
   *
   * @param duration how much; zero or more
   */
  public void advance(Duration duration) {
    stepped.advance(duration);
  }

  /**
   * What the actor has done through its context since this was last asked.
   *
   * @return the effects, in their order
   */
  public List<Effect> takeEffects() {
    List<Effect> taken = List.copyOf(effects);
    effects.clear();
    return taken;
  }

  /**
   * What the actor, or a child, has failed with last.
   *
   * @return the failure; null if there was none
   */
  public @Nullable Throwable failure() {
    return failures.isEmpty() ? null : failures.get(failures.size() - 1).failure();
  }

  /**
   * Whether the actor has not stopped.
   *
   * @return true if it lives
   */
  public boolean isAlive() {
    return !end.hasTerminated(actor, Duration.ZERO);
  }

  /**
   * An actor to talk to the one that runs.
   *
   * @param <T> the type of messages the probe takes
   * @return the probe
   */
  public <T> ActorProbe<T> probe() {
    return ActorProbe.create(stepped);
  }

  /**
   * The system around the actor.
   *
   * @return the system
   */
  public SteppedSystem stepped() {
    return stepped;
  }

  /** Stops the actor. */
  @Override
  public void close() {
    stepped.close();
  }
}
