package dev.ringlet.reactive;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Starts an operation with the first demand, and signals its outcome. */
final class OpActor<T> extends SubscriberActor<T> {
  private final Supplier<? extends IoOp<T>> supplier;
  private final Discard<T> discard;
  private @Nullable IoOp<T> op;

  OpActor(
      Supplier<? extends IoOp<T>> supplier, Discard<T> discard, ActorSubscription<T> subscription) {
    super(subscription, false);
    this.supplier = supplier;
    this.discard = discard;
  }

  @Override
  void onStart(ActorContext<Object> context) {
    // It waits for demand.
  }

  @Override
  void onRequest(long count, ActorContext<Object> context) {
    if (op != null) {
      return;
    }
    try {
      IoOp<T> made =
          Objects.requireNonNull(supplier.get(), "the supplier of the operation gave null");
      op = made;
      start(made, context);
    } catch (RuntimeException failure) {
      subscription.fail(failure);
    }
  }

  private static <T> void start(IoOp<T> op, ActorContext<Object> context) {
    try {
      context.<T>pipe(op, Outcome::new);
    } catch (RuntimeException refused) {
      op.cancel();
      throw refused;
    }
  }

  /** The runtime gives the value back if it comes after the stop. */
  @Override
  void onCancel(ActorContext<Object> context) {
    if (op != null) {
      op.cancel();
    }
  }

  @Override
  void onMessage(Object message, ActorContext<Object> context) {
    @SuppressWarnings("unchecked") // nobody else sends any
    Outcome<T> outcome = (Outcome<T>) message;
    if (outcome.failure() != null) {
      subscription.fail(outcome.failure());
      return;
    }
    T value = outcome.value();
    if (value != null && !subscription.next(value)) {
      discard.accept(value);
    }
    subscription.complete();
  }

  private record Outcome<T>(@Nullable T value, @Nullable IoException failure) {}
}
