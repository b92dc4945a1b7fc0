package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.Placement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Upstream, relay and actor each on a thread of their own, and an end at any moment. */
final class RelayStressTest {
  private static final int ROUNDS = 100;
  private static final int ELEMENTS = 500;

  /** By what the upstream is asked for more. */
  @SuppressWarnings("ImmutableEnumChecker") // options and mailboxes are
  private enum Mode {
    TAKEN(Mailbox.unbounded(), DemandOptions.batch(8)),
    MAILBOX_ROOM(Mailbox.bounded(4, Mailbox.Overflow.REJECT), DemandOptions.mailboxRoom(8));

    private final Mailbox mailbox;
    private final DemandOptions<Integer> options;

    Mode(Mailbox mailbox, DemandOptions<Integer> options) {
      this.mailbox = mailbox;
      this.options = options;
    }
  }

  /** Each element that the upstream has given is taken or given back, once. */
  @ParameterizedTest
  @EnumSource
  void nothingIsLostOrGivenTwiceWhenTheActorStops(Mode mode) {
    try (ActorSystem system =
        ActorSystem.create("test", ExecutorPool.of(2).withPlacement(Placement.unbound()))) {
      for (int round = 0; round < ROUNDS; round++) {
        stopAt(round * ELEMENTS / ROUNDS, mode, system);
      }
      TestSystem.awaitUntil(
          () -> system.executors().stream().allMatch(one -> one.stats().actors() == 0));
      assertEquals(0, system.stats().failures());
    }
  }

  private static void stopAt(int stop, Mode mode, ActorSystem system) {
    AtomicIntegerArray seen = new AtomicIntegerArray(ELEMENTS);
    Reader<Integer> reader =
        new Reader<>() {
          @Override
          void onElement(StreamSignal.Element<Integer> element) {
            Integer taken = element.take();
            if (taken != null) {
              seen.incrementAndGet(taken);
            }
          }
        };
    ActorRef<Reader.Arrived<Integer>> actor =
        system.spawn(
            () -> reader,
            ActorOptions.defaults()
                .withMailbox(mode.mailbox)
                .onExecutor(system.executors().get(1)));
    Subscriber<Integer> subscriber =
        Subscribers.toActor(
            system.executors().get(0),
            actor,
            Reader.Arrived<Integer>::new,
            mode.options.withDiscard(seen::incrementAndGet));
    int given =
        TestSystem.get(
            CompletableFuture.supplyAsync(() -> run(subscriber, () -> system.stop(actor), stop)));
    TestSystem.awaitUntil(
        () -> {
          for (int i = 0; i < given; i++) {
            if (seen.get(i) == 0) {
              return false;
            }
          }
          return true;
        });
    for (int i = 0; i < ELEMENTS; i++) {
      assertEquals(i < given ? 1 : 0, seen.get(i), "element " + i + " of " + given);
    }
  }

  /** Gives what is asked for until it is cancelled; has the actor stopped on the way. */
  private static int run(Subscriber<Integer> subscriber, Runnable stop, int stopAt) {
    Pace pace = new Pace();
    subscriber.onSubscribe(pace);
    int next = 0;
    while (next < ELEMENTS && !pace.cancelled) {
      if (next < pace.requested()) {
        if (next == stopAt) {
          stop.run();
        }
        subscriber.onNext(next++);
      } else {
        Thread.onSpinWait();
      }
    }
    subscriber.onComplete();
    return next;
  }

  private static final class Pace implements Subscription {
    private final AtomicLong requested = new AtomicLong();
    private volatile boolean cancelled;

    long requested() {
      return requested.get();
    }

    @Override
    public void request(long count) {
      requested.addAndGet(count);
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}
