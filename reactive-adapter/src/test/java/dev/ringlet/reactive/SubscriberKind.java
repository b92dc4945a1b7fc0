package dev.ringlet.reactive;

import dev.ringlet.actor.ActorRef;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;

/**
 * The kinds of subscribers, those of processors included, for the tests of what holds for each of
 * them: a line each. A probe is told of what comes out; it wants all of it.
 */
@SuppressWarnings("ImmutableEnumChecker") // its lambdas keep nothing
enum SubscriberKind {
  ON_EXECUTOR(ProcessorKind.ON_EXECUTOR),
  ASK_EACH(ProcessorKind.ASK_EACH),
  THROUGH_ACTOR(ProcessorKind.THROUGH_ACTOR),
  TO_ACTOR(32, SubscriberKind::toActor),
  /** Cancels behind the first element. */
  FIRST(1, SubscriberKind::first);

  private final int ahead;
  private final Way way;

  SubscriberKind(ProcessorKind processor) {
    this(
        ProcessorKind.AHEAD,
        (on, upstream, discard, probe) -> processor.of(on, upstream, discard).subscribe(probe));
  }

  SubscriberKind(int ahead, Way way) {
    this.ahead = ahead;
    this.way = way;
  }

  /** How many elements it asks for before it gets one. */
  int ahead() {
    return ahead;
  }

  /**
   * Subscribes to the upstream.
   *
   * @param discard gets the elements that nobody takes
   */
  Probe<Long> subscribe(TestSystem on, Publisher<Long> upstream, Consumer<? super Long> discard) {
    Probe<Long> probe = Probe.greedy();
    way.subscribe(on, upstream, discard, probe);
    return probe;
  }

  private interface Way {
    void subscribe(
        TestSystem on, Publisher<Long> upstream, Consumer<? super Long> discard, Probe<Long> probe);
  }

  private static void toActor(
      TestSystem on, Publisher<Long> upstream, Consumer<? super Long> discard, Probe<Long> probe) {
    ActorRef<StreamSignal<Long>> teller =
        on.<StreamSignal<Long>>spawnForTest(() -> (signal, context) -> tell(signal, probe));
    ActorSubscriber<Long> subscriber =
        Subscribers.toActor(
            on.executor(),
            teller,
            signal -> signal,
            DemandOptions.<Long>batch(TO_ACTOR.ahead).withDiscard(discard));
    probe.onSubscribe(cancelling(subscriber::cancel));
    upstream.subscribe(subscriber);
  }

  private static void tell(StreamSignal<Long> signal, Probe<Long> probe) {
    if (signal instanceof StreamSignal.Element<Long> element) {
      Long taken = element.take();
      if (taken != null) {
        probe.onNext(taken);
      }
    } else if (signal instanceof StreamSignal.Failed<Long> failed) {
      probe.onError(failed.failure());
    } else {
      probe.onComplete();
    }
  }

  private static void first(
      TestSystem on, Publisher<Long> upstream, Consumer<? super Long> discard, Probe<Long> probe) {
    CompletableFuture<Long> first = Subscribers.first(upstream, discard);
    probe.onSubscribe(cancelling(() -> first.cancel(false)));
    var unused =
        first.whenComplete(
            (element, failure) -> {
              if (failure != null) {
                probe.onError(failure);
                return;
              }
              if (element != null) {
                probe.onNext(element);
              }
              probe.onComplete();
            });
  }

  private static Subscription cancelling(Runnable cancel) {
    return new Subscription() {
      @Override
      public void request(long count) {
        // It asks by itself.
      }

      @Override
      public void cancel() {
        cancel.run();
      }
    };
  }
}
