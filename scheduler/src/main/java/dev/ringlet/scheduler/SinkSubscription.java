package dev.ringlet.scheduler;

import dev.ringlet.io.IoException;
import org.jspecify.annotations.Nullable;

/** A stream that runs for another one; it ends when that does. Owner executor only. */
final class SinkSubscription<T> extends Subscription<T> {
  private final ElementSink<T> sink;

  SinkSubscription(CoreExecutor executor, StreamSource<T> stream, ElementSink<T> sink) {
    super(executor, stream);
    this.sink = sink;
  }

  @Override
  void checkTurn(String method) {
    executor().checkCurrent(method);
  }

  @Override
  void handOn(T element) {
    sink.element(element);
  }

  @Override
  void handOnEnd(@Nullable IoException failure) {
    end();
    sink.ended(failure);
  }
}
