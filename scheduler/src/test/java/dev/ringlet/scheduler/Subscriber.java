package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoStream;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An actor that takes what a stream brings, for tests that look from outside. */
final class Subscriber<T> implements Actor<Object> {
  private record Ended(Object how) {}

  private final IoStream<T> stream;
  private final long demand;
  private final @Nullable Consumer<? super T> taker;
  private final CompletableFuture<Object> end = new CompletableFuture<>();
  private final CompletableFuture<T> first = new CompletableFuture<>();
  private @Nullable T firstElement;

  /** Without a taker it leaves with the first element. */
  private Subscriber(IoStream<T> stream, long demand, @Nullable Consumer<? super T> taker) {
    this.stream = stream;
    this.demand = demand;
    this.taker = taker;
  }

  /** Releases what comes; the end is {@code "regular end"} or the failure. */
  static CompletableFuture<Object> end(ActorExecutor executor, IoStream<IoBuffer> stream) {
    return all(executor, stream, IoBuffer::release);
  }

  /** Gives all elements to {@code taker}, on the executor. */
  static <T> CompletableFuture<Object> all(
      ActorExecutor executor, IoStream<T> stream, Consumer<? super T> taker) {
    return some(executor, stream, Long.MAX_VALUE, taker);
  }

  /** Gives so many elements to {@code taker}, on the executor, and stays. */
  static <T> CompletableFuture<Object> some(
      ActorExecutor executor, IoStream<T> stream, long demand, Consumer<? super T> taker) {
    Subscriber<T> subscriber = new Subscriber<>(stream, demand, taker);
    executor.spawn(() -> subscriber, ActorOptions.defaults());
    return subscriber.end;
  }

  /** Asks for one element; when it is known, nobody is subscribed any more. */
  static <T> CompletableFuture<T> first(ActorExecutor executor, IoStream<T> stream) {
    Subscriber<T> subscriber = new Subscriber<>(stream, 1, null);
    executor.spawn(() -> subscriber, ActorOptions.defaults());
    return subscriber.first;
  }

  @Override
  public void preStart(ActorContext<Object> context) {
    context.subscribe(
        stream,
        element -> element,
        failure -> new Ended(failure == null ? "regular end" : failure),
        demand);
  }

  @Override
  @SuppressWarnings("unchecked") // nobody else sends it anything
  public void receive(Object message, ActorContext<Object> context) {
    if (message instanceof Ended ended) {
      end.complete(ended.how());
      context.stop();
    } else if (taker == null) {
      firstElement = (T) message;
      context.stop();
    } else {
      taker.accept((T) message);
    }
  }

  @Override
  public void postStop(ActorContext<Object> context) {
    if (firstElement != null) {
      first.complete(firstElement);
    }
  }
}
