package dev.ringlet.reactive;

import dev.ringlet.actor.ActorRef;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is asked about one element: makes the message, takes the answer, and then is the message
 * that tells of it, in one object. Owner executor only.
 */
final class Question<T, M, R> implements Function<ActorRef<R>, M> {
  private final AskEach<T, M, R> spec;

  /** Null once it is in a message. */
  private @Nullable T element;

  private @Nullable R reply;
  private @Nullable Throwable failure;

  Question(T element, AskEach<T, M, R> spec) {
    this.element = element;
    this.spec = spec;
  }

  @Override
  public M apply(ActorRef<R> replyTo) {
    T asked = Objects.requireNonNull(element);
    M message =
        Objects.requireNonNull(
            spec.message().apply(asked, replyTo), "the function that makes the question gave null");
    element = null;
    return message;
  }

  /** Takes the answer; gives the message that tells of it. */
  Object answered(@Nullable R given, @Nullable Throwable thrown) {
    reply = given;
    failure = thrown;
    return this;
  }

  /** The element, if it was not asked about. */
  @Nullable T element() {
    return element;
  }

  /** Null before the answer, or if that is a failure. */
  @Nullable R reply() {
    return reply;
  }

  @Nullable Throwable failure() {
    return failure;
  }
}
