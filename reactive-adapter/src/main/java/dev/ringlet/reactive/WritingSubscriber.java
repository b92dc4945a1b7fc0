package dev.ringlet.reactive;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ActorExecutor;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Subscription;

/** The upstream's side of an output; spawns its actor with the subscription or the cancel. */
final class WritingSubscriber<T> implements OutputSubscriber<T> {
  private final ActorExecutor executor;
  private final Writing<T> writing;
  private final AtomicBoolean spawned = new AtomicBoolean();

  WritingSubscriber(ActorExecutor executor, Writing<T> writing) {
    this.executor = executor;
    this.writing = writing;
    // Who no longer waits for the result wants nothing written.
    var unused = writing.result().whenComplete((bytes, failure) -> cancelIfUnwanted());
  }

  private void cancelIfUnwanted() {
    if (writing.result().isCancelled()) {
      cancel();
    }
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    writing.inlet().onSubscribe(subscription);
    spawnOnce();
  }

  private void spawnOnce() {
    if (spawned.compareAndSet(false, true)) {
      spawn();
    }
  }

  private void spawn() {
    ActorOptions options = writing.options().actor();
    ActorOptions named =
        Names.numbered(options, Names.of(options, writing.target().kind()))
            .withSupervision(Supervision.stop())
            .withMailbox(Mailbox.unbounded());
    ActorRef<Object> actor;
    try {
      actor = executor.spawn(() -> new WritingActor<>(writing), named);
    } catch (RuntimeException failure) {
      refuse(failure);
      return;
    }
    SubscriberActor.Greeting.refuseIfLost(actor, this::refuse);
  }

  /** The actor of this subscription has not started and, after this, does nothing. */
  private void refuse(Throwable cause) {
    if (writing.own()) {
      writing.inlet().close();
      writing.result().completeExceptionally(cause);
    }
  }

  @Override
  public void onNext(T element) {
    writing.inlet().onNext(element);
  }

  @Override
  public void onError(Throwable failure) {
    writing.inlet().onError(failure);
  }

  @Override
  public void onComplete() {
    writing.inlet().onComplete();
  }

  @Override
  public CompletionStage<Long> result() {
    return writing.result();
  }

  @Override
  public void cancel() {
    if (writing.cancelled().compareAndSet(false, true)) {
      writing.waker().wake();
      spawnOnce();
    }
  }
}
