package dev.ringlet.testkit;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.executor.PriorityClass;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Something that an actor has done through its context, as {@link BehaviorRun} records it. */
public sealed interface Effect {
  /**
   * It has spawned a child; also a router.
   *
   * @param path the child's path
   * @param options what it was spawned with
   */
  record Spawned(String path, ActorOptions options) implements Effect {}

  /**
   * It has stopped a child, or itself.
   *
   * @param path whom
   */
  record Stopped(String path) implements Effect {}

  /**
   * It watches an actor.
   *
   * @param path whom
   * @param message what it wants to get
   */
  record Watched(String path, Object message) implements Effect {}

  /**
   * It does not watch an actor any more.
   *
   * @param path whom
   */
  record Unwatched(String path) implements Effect {}

  /**
   * Another object handles its messages.
   *
   * @param behavior the object
   */
  record Became(Actor<?> behavior) implements Effect {}

  /**
   * It has put a message aside.
   *
   * @param message the message
   */
  record Stashed(Object message) implements Effect {}

  /** It has taken back what was put aside. */
  record Unstashed() implements Effect {}

  /** How often a timer ticks. */
  enum Repetition {
    /** Once. */
    ONCE,
    /** Each time the interval after the last tick was handled. */
    FIXED_DELAY,
    /** The interval apart on the average. */
    FIXED_RATE
  }

  /**
   * It has started a timer.
   *
   * @param key the timer's key; null if it has none
   * @param delay the delay, or the interval
   * @param message what it wants to get
   * @param repetition how often
   */
  record TimerStarted(@Nullable Object key, Duration delay, Object message, Repetition repetition)
      implements Effect {}

  /**
   * It has cancelled a timer.
   *
   * @param key the timer's key; null if it has none
   */
  record TimerCancelled(@Nullable Object key) implements Effect {}

  /**
   * It wants to hear when no message comes for a time; a timeout of zero: it does not any more.
   *
   * @param timeout how long
   * @param message what it wants to get; null with zero
   */
  record ReceiveTimeout(Duration timeout, @Nullable Object message) implements Effect {}

  /**
   * It has asked an actor.
   *
   * @param path whom
   * @param message the question
   * @param timeout how long it waits for the answer
   */
  record Asked(String path, Object message, Duration timeout) implements Effect {}

  /** It has yielded. */
  record Yielded() implements Effect {}

  /**
   * It awaits an operation.
   *
   * @param operation what it awaits
   */
  record Awaited(String operation) implements Effect {}

  /**
   * It has piped an operation or a stage to itself.
   *
   * @param what the operation, or the stage
   */
  record Piped(String what) implements Effect {}

  /** It has offloaded work, which was done at once. */
  record Offloaded() implements Effect {}

  /**
   * It has subscribed to a stream.
   *
   * @param stream the stream
   * @param demand how many elements may come
   */
  record Subscribed(String stream, long demand) implements Effect {}

  /**
   * It has changed its class.
   *
   * @param priorityClass its class now
   */
  record ClassChanged(PriorityClass priorityClass) implements Effect {}
}
