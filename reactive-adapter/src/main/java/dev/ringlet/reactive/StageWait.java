package dev.ringlet.reactive;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
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

  private final Set<Subscriber<? super T>> subscribers =
      Collections.newSetFromMap(new IdentityHashMap<>());

  StageWait(CompletionStage<? extends T> stage, Subscriber<? super T> first, Discard<T> discard) {
    this.stage = stage;
    this.discard = discard;
    subscribers.add(first);
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

  /** From now on the set belongs to the caller. */
  private synchronized Set<Subscriber<? super T>> end() {
    stage = null;
    return subscribers;
  }

  @Override
  public void accept(@Nullable T value, @Nullable Throwable failure) {
    Set<Subscriber<? super T>> left = end();
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
