package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.reactive.PushOptions.Overflow;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Many producers at once, and an end at any moment. Each element is a number of its own; of each is
 * counted how often it was accepted, and how often it was given to the subscriber or back.
 */
final class PushStressTest {
  private static final int PRODUCERS = 4;
  private static final int EACH = 50_000;
  private static final int ROUNDS = 100;
  private static final int EACH_OF_A_ROUND = 500;

  /** Each element comes once or is given back once, those of a producer in its order. */
  @ParameterizedTest
  @CsvSource({
    "REJECT, 1",
    "REJECT, 64",
    "DROP_NEWEST, 64",
    "DROP_OLDEST, 1",
    "DROP_OLDEST, 64",
  })
  void nothingIsLostDoubledOrReordered(Overflow policy, int capacity) {
    try (TestSystem system = TestSystem.open(ExecutorPool.AUTO)) {
      Ledger ledger = new Ledger(EACH);
      PushPublisher<Integer> source = source(system, capacity, policy, ledger);
      RandomReader reader = new RandomReader(ledger, capacity, Integer.MAX_VALUE);
      CompletableFuture<Void> producing = produce(source, ledger);
      source.subscribe(reader);
      TestSystem.get(producing);
      source.complete();
      reader.awaitEnd();
      assertNull(reader.failure);
      ledger.check();
      assertEquals(PRODUCERS * EACH, ledger.acceptedCount());
      if (policy == Overflow.REJECT) {
        assertEquals(PRODUCERS * EACH, reader.count);
      }
      system.awaitQuiescence();
    }
  }

  /** Four threads push and then end the stream together, one asks for an element at a time. */
  @Test
  void spec103_signalsAreSerialThoughManyThreadsPush() {
    try (TestSystem system = TestSystem.open(ExecutorPool.AUTO)) {
      Ledger ledger = new Ledger(EACH);
      PushPublisher<Integer> source = source(system, 64, Overflow.REJECT, ledger);
      InOrderOfEach watcher = new InOrderOfEach(ledger);
      source.subscribe(watcher);
      watcher.awaitSubscription();
      CompletableFuture<Void> producing = produce(source, ledger);
      for (int i = 0; i < PRODUCERS * EACH; i++) {
        watcher.request(1);
      }
      TestSystem.get(producing);
      TestSystem.get(inParallel(producer -> source.complete()));
      watcher.awaitEnd();
      system.awaitQuiescence();
      watcher.assertCompleted(PRODUCERS * EACH);
    }
  }

  /** The end of a producer that has not waited for the others. */
  @Test
  void spec103_endIsSerialThoughManyThreadsPush() {
    try (TestSystem system = TestSystem.open(ExecutorPool.AUTO)) {
      for (int round = 0; round < 20; round++) {
        Ledger ledger = new Ledger(EACH_OF_A_ROUND);
        PushPublisher<Integer> source = source(system, 8, Overflow.REJECT, ledger);
        InOrderOfEach watcher = new InOrderOfEach(ledger);
        source.subscribe(watcher);
        watcher.awaitSubscription().request(Long.MAX_VALUE);
        CompletableFuture<Void> producing = produce(source, ledger);
        watcher.awaitCount(round * PRODUCERS * EACH_OF_A_ROUND / 20);
        RuntimeException failure = new RuntimeException("made by the test");
        TestSystem.get(inParallel(producer -> source.fail(failure)));
        TestSystem.get(producing);
        watcher.awaitEnd();
        system.awaitQuiescence();
        watcher.assertKeptRules();
        assertSame(failure, watcher.failure());
        assertEquals(ledger.acceptedCount(), watcher.count());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsLostWhenTheSubscriberCancelsAtAnyMoment(Overflow policy) {
    try (TestSystem system = TestSystem.open(ExecutorPool.AUTO)) {
      for (int round = 0; round < ROUNDS; round++) {
        Ledger ledger = new Ledger(EACH_OF_A_ROUND);
        PushPublisher<Integer> source = source(system, 8, policy, ledger);
        CompletableFuture<Void> producing = produce(source, ledger);
        RandomReader reader = new RandomReader(ledger, round, 1 + round);
        source.subscribe(reader);
        TestSystem.get(producing);
        source.complete();
        TestSystem.get(source.whenOver().toCompletableFuture());
        reader.checkOrder();
        ledger.check();
      }
      system.awaitQuiescence();
      assertEquals(0, system.system().stats().failures());
    }
  }

  @Test
  void nothingIsLostWhenTheSourceIsClosedAtAnyMoment() {
    try (TestSystem system = TestSystem.open(ExecutorPool.AUTO)) {
      for (int round = 0; round < ROUNDS; round++) {
        Ledger ledger = new Ledger(EACH_OF_A_ROUND);
        PushPublisher<Integer> source = source(system, 8, Overflow.REJECT, ledger);
        RandomReader reader = new RandomReader(ledger, round, Integer.MAX_VALUE);
        CompletableFuture<Void> producing = produce(source, ledger);
        source.subscribe(reader);
        int closeAt = round * PRODUCERS * EACH_OF_A_ROUND / ROUNDS;
        TestSystem.awaitUntil(() -> reader.count >= closeAt);
        source.close();
        TestSystem.get(producing);
        reader.awaitEnd();
        ledger.check();
      }
      system.awaitQuiescence();
    }
  }

  /** Producers that never pause, so that the close finds some in the middle of an offer. */
  @Test
  void nothingIsLostWhenOffersRaceWithTheClose() {
    try (TestSystem system = TestSystem.open(ExecutorPool.AUTO)) {
      for (int round = 0; round < 3 * ROUNDS; round++) {
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger givenBack = new AtomicInteger();
        PushPublisher<Integer> source =
            Publishers.push(
                system.executor(),
                PushOptions.<Integer>latest().withDiscard(element -> givenBack.incrementAndGet()));
        CompletableFuture<Void> producing =
            inParallel(
                producer -> {
                  while (source.offer(producer)) {
                    accepted.incrementAndGet();
                  }
                });
        TestSystem.awaitUntil(() -> accepted.get() > ROUNDS);
        source.close();
        TestSystem.get(producing);
        assertEquals(accepted.get(), givenBack.get());
      }
      system.awaitQuiescence();
    }
  }

  @Test
  void nothingIsLostWhenTheSystemClosesAtAnyMoment() {
    for (int round = 0; round < 20; round++) {
      Ledger ledger = new Ledger(EACH_OF_A_ROUND);
      RandomReader reader = new RandomReader(ledger, round, Integer.MAX_VALUE);
      PushPublisher<Integer> source;
      CompletableFuture<Void> producing;
      try (TestSystem system = TestSystem.open(ExecutorPool.AUTO)) {
        source = source(system, 8, Overflow.REJECT, ledger);
        producing = produce(source, ledger);
        if (round % 2 == 0) {
          source.subscribe(reader);
          int closeAt = round * EACH_OF_A_ROUND / 10;
          TestSystem.awaitUntil(() -> reader.count >= closeAt);
        }
      }
      TestSystem.get(producing);
      TestSystem.get(source.whenOver().toCompletableFuture());
      ledger.check();
      if (round % 2 == 0) {
        reader.awaitEnd();
      }
    }
  }

  /** Nobody takes any, so that the number that waits is known. */
  @ParameterizedTest
  @CsvSource({"REJECT, 1", "REJECT, 100", "DROP_NEWEST, 100", "DROP_OLDEST, 1", "DROP_OLDEST, 100"})
  void neverMoreWaitThanThereIsRoomFor(Overflow policy, int capacity) {
    try (TestSystem system = TestSystem.open(ExecutorPool.AUTO)) {
      AtomicInteger accepted = new AtomicInteger();
      AtomicInteger givenBack = new AtomicInteger();
      PushPublisher<Integer> source =
          Publishers.push(
              system.executor(),
              PushOptions.<Integer>bounded(capacity)
                  .withOverflow(policy)
                  .withDiscard(element -> givenBack.incrementAndGet()));
      TestSystem.get(
          inParallel(
              producer -> {
                for (int i = 0; i < 10_000; i++) {
                  if (source.offer(i)) {
                    accepted.incrementAndGet();
                  }
                }
              }));
      assertEquals(capacity, accepted.get() - givenBack.get());
      source.close();
      assertEquals(accepted.get(), givenBack.get());
      system.awaitQuiescence();
    }
  }

  private static PushPublisher<Integer> source(
      TestSystem system, int capacity, Overflow policy, Ledger ledger) {
    return Publishers.push(
        system.executor(),
        PushOptions.<Integer>bounded(capacity).withOverflow(policy).withDiscard(ledger::settled));
  }

  /** Offers until each element is accepted, or the source is closed. */
  private static CompletableFuture<Void> produce(PushPublisher<Integer> source, Ledger ledger) {
    return inParallel(
        producer -> {
          for (int i = 0; i < ledger.each; i++) {
            int element = producer * ledger.each + i;
            while (!source.offer(element)) {
              if (source.isClosed()) {
                return;
              }
              PushRing.giveWay();
            }
            ledger.accepted(element);
          }
        });
  }

  private static CompletableFuture<Void> inParallel(IntConsumer work) {
    return CompletableFuture.allOf(
        IntStream.range(0, PRODUCERS)
            .mapToObj(
                producer -> {
                  CompletableFuture<Void> done = new CompletableFuture<>();
                  Thread thread =
                      new Thread(
                          () -> {
                            try {
                              work.accept(producer);
                              done.complete(null);
                            } catch (Throwable thrown) {
                              done.completeExceptionally(thrown);
                            }
                          },
                          "producer-" + producer);
                  thread.setDaemon(true);
                  thread.start();
                  return done;
                })
            .toArray(CompletableFuture[]::new));
  }

  /** Expects of each producer all of its elements in their order. */
  private static final class InOrderOfEach extends Watcher<Integer> {
    private final int each;
    private final int[] next = new int[PRODUCERS];

    InOrderOfEach(Ledger ledger) {
      this.each = ledger.each;
    }

    @Override
    boolean isExpected(Integer element, long number) {
      return element % each == next[element / each]++;
    }
  }

  /** What has become of the elements. */
  private static final class Ledger {
    private final int each;
    private final AtomicIntegerArray accepted;
    private final AtomicIntegerArray settled;

    Ledger(int each) {
      this.each = each;
      this.accepted = new AtomicIntegerArray(PRODUCERS * each);
      this.settled = new AtomicIntegerArray(PRODUCERS * each);
    }

    void accepted(int element) {
      accepted.incrementAndGet(element);
    }

    void settled(int element) {
      settled.incrementAndGet(element);
    }

    int acceptedCount() {
      return IntStream.range(0, accepted.length()).map(accepted::get).sum();
    }

    void check() {
      for (int element = 0; element < accepted.length(); element++) {
        assertEquals(accepted.get(element), settled.get(element), "element " + element);
      }
    }
  }

  /** Asks for a few at a time, and cancels behind so many elements. */
  private static final class RandomReader implements Subscriber<Integer> {
    private final Ledger ledger;
    private final SplittableRandom random;
    private final int cancelAt;
    private final int[] last = new int[PRODUCERS];
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private Subscription subscription;
    private long open;
    private volatile int count;
    private volatile Throwable failure;
    private volatile String disorder;

    RandomReader(Ledger ledger, long seed, int cancelAt) {
      this.ledger = ledger;
      this.random = new SplittableRandom(seed);
      this.cancelAt = cancelAt;
      Arrays.fill(last, -1);
    }

    @Override
    public void onSubscribe(Subscription given) {
      subscription = given;
      ask();
    }

    private void ask() {
      open = random.nextInt(1, 100);
      subscription.request(open);
    }

    @Override
    public void onNext(Integer element) {
      int producer = element / ledger.each;
      if (element <= last[producer]) {
        disorder = element + " behind " + last[producer];
      }
      last[producer] = element;
      ledger.settled(element);
      int seen = count + 1;
      count = seen;
      if (seen == cancelAt) {
        subscription.cancel();
      } else if (--open == 0) {
        ask();
      }
    }

    @Override
    public void onError(Throwable thrown) {
      failure = thrown;
      ended.complete(null);
    }

    @Override
    public void onComplete() {
      ended.complete(null);
    }

    void awaitEnd() {
      TestSystem.get(ended);
      checkOrder();
    }

    void checkOrder() {
      assertNull(disorder);
    }
  }
}
