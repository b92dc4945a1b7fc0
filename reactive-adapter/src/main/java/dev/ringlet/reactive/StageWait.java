package dev.ringlet.reactive;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;

/**
 * Those who wait for one stage. A value that comes when all of them have cancelled is given back.
 * Any thread: few come and go, so a lock does, and nothing is called under it.
 */
final class StageWait<T> implements BiConsumer<@Nullable T, @Nullable Throwable> {
  private final Discard<T> discard;

  /** Null once it has ended. */
  private @Nullable CompletionStage<? extends T> stage;

  /** In the order in which they came; all of them inlets, which are equal to themselves only. */
  private final Set<Subscriber<? super T>> subscribers = new LinkedHashSet<>();

  /** Owner executor. */
  private boolean begun;

  /** Those who were given the value and have not given it back. */
  private final AtomicInteger holders = new AtomicInteger();

  StageWait(CompletionStage<? extends T> stage, Subscriber<? super T> first, Discard<T> discard) {
    this.stage = stage;
    this.discard = discard;
    subscribers.add(first);
  }

  /** Waits, unless it does already; what has come is told at once. Owner executor. */
  void begin() {
    CompletionStage<? extends T> toBegin = begun ? null : stage;
    begun = true;
    if (toBegin != null) {
      var unused = toBegin.whenComplete(this);
    }
  }

  /** False if this is about another stage, or one that has ended. */
  synchronized boolean add(CompletionStage<? extends T> wanted, Subscriber<? super T> subscriber) {
    return stage == wanted && subscribers.add(subscriber);
  }

  synchronized void remove(Subscriber<? super T> subscriber) {
    if (stage != null) {
      subscribers.remove(subscriber);
    }
  }

  private synchronized List<Subscriber<? super T>> end() {
    stage = null;
    List<Subscriber<? super T>> left = List.copyOf(subscribers);
    subscribers.clear();
    return left;
  }

  /** One who was given the value did not take it; the last one gives it back, if nobody has. */
  void giveBack(T value) {
    if (holders.decrementAndGet() == 0) {
      discard.accept(value);
    }
  }

  @Override
  public void accept(@Nullable T value, @Nullable Throwable failure) {
    List<Subscriber<? super T>> left = end();
    holders.set(left.size());
    if (left.isEmpty()) {
      discard.accept(value);
    }
    for (Subscriber<? super T> subscriber : left) {
      if (failure != null) {
        subscriber.onError(causeOf(failure));
        continue;
      }
      if (value != null) {
        subscriber.onNext(value);
      }
      subscriber.onComplete();
    }
  }

  /** Stages that depend on others wrap what those have failed with. */
  private static Throwable causeOf(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
