package dev.ringlet.reactive;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.IoSubscription;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Passes the elements of an I/O stream on to a subscriber, and its demand back. */
final class StreamActor<T> extends SubscriberActor<T> {
  private final IoStream<T> stream;
  private @Nullable IoSubscription source;

  StreamActor(IoStream<T> stream, ActorSubscription<T> subscription) {
    super(subscription, false);
    this.stream = stream;
  }

  /** Claims the stream at once, so that a second subscriber is told at once. */
  @Override
  void onStart(ActorContext<Object> context) {
    try {
      source = context.subscribe(stream, Objects::requireNonNull, StreamEnd::new, 0);
    } catch (RuntimeException failure) {
      subscription.fail(failure);
    }
  }

  @Override
  void onRequest(long count, ActorContext<Object> context) {
    // Without a source the stream was refused; the message to stop is on its way.
    if (source != null) {
      source.request(count);
    }
  }

  @Override
  void onCancel(ActorContext<Object> context) {
    // At once, since the stop waits for the greeting and elements may be on their way.
    if (source != null) {
      source.cancel();
    }
  }

  @Override
  void onMessage(Object message, ActorContext<Object> context) {
    if (message instanceof StreamEnd end) {
      onEnd(end.failure());
    } else {
      onElement(message);
    }
  }

  private void onElement(Object message) {
    @SuppressWarnings("unchecked") // elements are their own messages, and nobody else sends any
    T element = (T) message;
    if (!subscription.next(element)) {
      stream.discard(element);
    }
  }

  private void onEnd(@Nullable IoException failure) {
    if (failure == null) {
      subscription.complete();
    } else {
      subscription.fail(failure);
    }
  }

  private record StreamEnd(@Nullable IoException failure) {}
}
