package dev.ringlet.reactive;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.io.AsyncFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
  MULTICAST(32, SubscriberKind::multicast),
  TO_ACTOR(
      32,
      (on, upstream, discard, probe) ->
          toActor(on, Mailbox.unbounded(), upstream, DemandOptions.batch(32), discard, probe)),
  TO_ACTOR_BY_MAILBOX_ROOM(
      32,
      (on, upstream, discard, probe) ->
          toActor(
              on,
              Mailbox.bounded(2, Mailbox.Overflow.REJECT),
              upstream,
              DemandOptions.mailboxRoom(32),
              discard,
              probe)),
  TO_OUTPUT(1, true, SubscriberKind::toOutput),
  TO_FILE(1, true, SubscriberKind::toFile),
  /** Cancels behind the first element. */
  FIRST(1, true, SubscriberKind::first);

  private final int ahead;
  private final boolean future;
  private final Way way;

  SubscriberKind(ProcessorKind processor) {
    this(
        ProcessorKind.AHEAD,
        (on, upstream, discard, probe) -> processor.of(on, upstream, discard).subscribe(probe));
  }

  SubscriberKind(int ahead, Way way) {
    this(ahead, false, way);
  }

  SubscriberKind(int ahead, boolean future, Way way) {
    this.ahead = ahead;
    this.future = future;
    this.way = way;
  }

  /** How many elements it asks for before it gets one. */
  int ahead() {
    return ahead;
  }

  /** Whether its end shows as a future, which ends with a cancel too. */
  boolean isFuture() {
    return future;
  }

  /**
   * Subscribes to the upstream.
   *
   * @param discard gets the elements that nobody takes
   */
  Probe<Long> subscribe(TestSystem on, Publisher<Long> upstream, Consumer<? super Long> discard) {
    Probe<Long> probe = Probe.greedy();
    try {
      way.subscribe(on, upstream, discard, probe);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return probe;
  }

  private interface Way {
    void subscribe(
        TestSystem on, Publisher<Long> upstream, Consumer<? super Long> discard, Probe<Long> probe)
        throws IOException;
  }

  private static void multicast(
      TestSystem on, Publisher<Long> upstream, Consumer<? super Long> discard, Probe<Long> probe) {
    MulticastOptions<Long> options = MulticastOptions.slowest(MULTICAST.ahead);
    Processors.multicast(upstream, on.executor(), options.withDiscard(discard)).subscribe(probe);
  }

  private static void toActor(
      TestSystem on,
      Mailbox mailbox,
      Publisher<Long> upstream,
      DemandOptions<Long> options,
      Consumer<? super Long> discard,
      Probe<Long> probe) {
    ActorRef<StreamSignal<Long>> teller =
        on.<StreamSignal<Long>>spawnForTest(
            () -> (signal, context) -> tell(signal, probe),
            ActorOptions.defaults().withMailbox(mailbox));
    ActorSubscriber<Long> subscriber =
        Subscribers.toActor(on.executor(), teller, signal -> signal, options.withDiscard(discard));
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

  private static void toOutput(
      TestSystem on, Publisher<Long> upstream, Consumer<? super Long> discard, Probe<Long> probe)
      throws IOException {
    Wire wire = Wire.connect(on.io());
    on.atEndOfTest(wire);
    write(
        upstream,
        Subscribers.toOutput(on.executor(), wire.stream(), writing(discard, probe)),
        probe);
  }

  private static void toFile(
      TestSystem on, Publisher<Long> upstream, Consumer<? super Long> discard, Probe<Long> probe)
      throws IOException {
    Path path = Files.createTempFile("kind", ".bin");
    on.atEndOfTest(() -> Files.delete(path));
    AsyncFile file = TestSystem.get(on.io().open(path, StandardOpenOption.WRITE));
    write(
        upstream, Subscribers.toFile(on.executor(), file.output(), writing(discard, probe)), probe);
  }

  /** The probe is told of an element when it is encoded. */
  private static WriteOptions<Long> writing(Consumer<? super Long> discard, Probe<Long> probe) {
    return WriteOptions.<Long>encoded(
            element -> 1,
            (element, buffer) -> {
              buffer.write(new byte[1]);
              probe.onNext(element);
            })
        .withAhead(TO_OUTPUT.ahead)
        .withDiscard(discard);
  }

  private static void write(
      Publisher<Long> upstream, OutputSubscriber<Long> output, Probe<Long> probe) {
    probe.onSubscribe(cancelling(output::cancel));
    var unused =
        output
            .result()
            .whenComplete(
                (bytes, failure) -> {
                  if (failure != null) {
                    probe.onError(failure);
                  } else {
                    probe.onComplete();
                  }
                });
    upstream.subscribe(output);
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
