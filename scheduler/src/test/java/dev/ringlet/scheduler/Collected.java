package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.IoSubscription;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an actor got from a stream. The actor asks for a number of elements at a time. */
final class Collected<R> {
  final List<R> elements;
  final @Nullable IoException failure;

  private Collected(List<R> elements, @Nullable IoException failure) {
    this.elements = elements;
    this.failure = failure;
  }

  /** Takes a stream to its end, with a demand of so many at a time. */
  static <T, R> Collected<R> all(
      ActorExecutor executor, IoStream<T> stream, long demand, Function<T, R> take) {
    CompletableFuture<Collected<R>> outcome = new CompletableFuture<>();
    executor.spawn(
        () -> new Taker<>(stream, demand, Long.MAX_VALUE, take, outcome), ActorOptions.defaults());
    return Systems.get(outcome);
  }

  /**
   * Takes some elements of a stream, asks for nothing more and stays; returns the actor, which
   * cancels when it is told so.
   */
  static <T> ActorRef<Object> some(
      ActorExecutor executor, IoStream<T> stream, long count, Function<T, Object> take) {
    CompletableFuture<Collected<Object>> outcome = new CompletableFuture<>();
    ActorRef<Object> taker =
        executor.spawn(
            () -> new Taker<>(stream, count, count, take, outcome), ActorOptions.defaults());
    Systems.get(outcome);
    return taker;
  }

  /** Asks a taker to cancel its subscription, and to go on living. */
  static final Object CANCEL = "cancel";

  /** Asks a taker to stop. */
  static final Object STOP = "stop";

  private record Element<T>(T value) {}

  private record End(@Nullable IoException failure) {}

  private static final class Taker<T, R> implements Actor<Object> {
    private final IoStream<T> stream;
    private final long demand;
    private final long limit;
    private final Function<T, R> take;
    private final CompletableFuture<Collected<R>> outcome;
    private final List<R> elements = new ArrayList<>();
    private long left;
    private @Nullable IoSubscription subscription;

    Taker(
        IoStream<T> stream,
        long demand,
        long limit,
        Function<T, R> take,
        CompletableFuture<Collected<R>> outcome) {
      this.stream = stream;
      this.demand = demand;
      this.limit = limit;
      this.take = take;
      this.outcome = outcome;
    }

    @Override
    public void preStart(ActorContext<Object> context) {
      try {
        subscription = context.subscribe(stream, Element::new, End::new, demand);
        left = demand;
        if (limit == 0) {
          outcome.complete(new Collected<>(elements, null));
        }
      } catch (RuntimeException refused) {
        outcome.completeExceptionally(refused);
      }
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message instanceof Element<?> element) {
        @SuppressWarnings("unchecked") // made of this stream's elements
        T value = (T) element.value();
        elements.add(take.apply(value));
        if (elements.size() == limit) {
          outcome.complete(new Collected<>(elements, null));
        } else if (--left == 0) {
          left = demand;
          subscription().request(demand);
        }
      } else if (message instanceof End end) {
        outcome.complete(new Collected<>(elements, end.failure()));
        context.stop();
      } else if (message.equals(CANCEL)) {
        subscription().cancel();
      } else {
        context.stop();
      }
    }

    private IoSubscription subscription() {
      if (subscription == null) {
        throw new AssertionError("no subscription");
      }
      return subscription;
    }
  }
}
