package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * A million elements through publishers, operators of Reactor, processors and subscribers, with
 * random demand, cancels and failures. {@code -Dringlet.seed=} runs a case again.
 */
final class RandomStreamsTest extends SystemTest {
  private static final long ELEMENTS = 1_000_000;
  private static final int LONGEST = 40_000;

  private final AtomicLong given = new AtomicLong();
  private final AtomicLong givenBack = new AtomicLong();

  @Test
  void processorLosesDoublesAndReordersNothing() {
    runAll(this::throughProcessor);
  }

  @Test
  void subscriberOfAnActorLosesDoublesAndReordersNothing() {
    runAll(this::toActor);
  }

  private void runAll(ToLongFunction<Plan> way) {
    long seed = Long.getLong("ringlet.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    long sum = 0;
    for (int round = 0; sum < ELEMENTS; round++) {
      Plan plan = Plan.of(random);
      given.set(0);
      givenBack.set(0);
      try {
        sum += way.applyAsLong(plan);
      } catch (Throwable thrown) {
        throw new AssertionError(
            "-Dringlet.seed=" + seed + ", round " + round + ": " + plan, thrown);
      }
    }
  }

  /** Gives how many elements have come through. */
  private long throughProcessor(Plan plan) {
    RandomSubscriber subscriber = new RandomSubscriber(plan);
    Processors.onExecutor(
            operated(plan),
            system.executor(),
            DemandOptions.<Long>batch(plan.batch()).withDiscard(this::giveBack))
        .subscribe(subscriber);
    TestSystem.awaitUntil(subscriber::isOver);
    system.endTest();
    awaitBalance(subscriber.count());
    subscriber.assertKeptRules();
    if (plan.cancels()) {
      assertEquals(plan.cancelAt(), subscriber.count());
      assertFalse(subscriber.hasEnded());
    } else {
      assertEquals(plan.length(), subscriber.count());
      assertSame(plan.failure(), subscriber.failure());
    }
    return subscriber.count();
  }

  /** The same; what was sent before a cancel still comes to the actor. */
  private long toActor(Plan plan) {
    RandomTaker taker = new RandomTaker(plan);
    ActorSubscriber<Long> subscriber =
        Subscribers.toActor(
            system.executor(),
            system.<StreamSignal<Long>>spawnForTest(() -> taker),
            signal -> signal,
            plan.demand().withDiscard(this::giveBack));
    taker.subscriber = subscriber;
    operated(plan).subscribe(subscriber);
    TestSystem.awaitUntil(() -> taker.over);
    system.endTest();
    awaitBalance(taker.count.get());
    assertFalse(taker.disordered);
    if (!plan.cancels()) {
      assertEquals(plan.length(), taker.count.get());
      assertSame(plan.failure(), taker.failure);
    }
    return taker.count.get();
  }

  private Publisher<Long> operated(Plan plan) {
    Publisher<Long> source =
        Publishers.of(
            system.executor(),
            sink -> new Counting(sink, plan.length(), plan.failure()),
            ActorOptions.defaults());
    return Flux.from(source)
        .publishOn(Schedulers.parallel(), plan.prefetch())
        .doOnNext(element -> given.incrementAndGet());
  }

  private void giveBack(Long element) {
    givenBack.incrementAndGet();
  }

  /** The upstream may be about to give an element after the cancel, which comes back then. */
  private void awaitBalance(long taken) {
    TestSystem.awaitUntil(() -> given.get() == taken + givenBack.get());
  }

  /**
   * One stream.
   *
   * @param cancelAt how many elements the subscriber takes before it cancels
   */
  private record Plan(
      long seed,
      long length,
      RuntimeException failure,
      long cancelAt,
      int prefetch,
      int batch,
      boolean acknowledged) {
    static Plan of(SplittableRandom random) {
      long length = random.nextLong(LONGEST);
      return new Plan(
          random.nextLong(),
          length,
          random.nextInt(4) == 0 ? new RuntimeException("made by the test") : null,
          random.nextInt(3) == 0 ? random.nextLong(1, length + 2) : Long.MAX_VALUE,
          random.nextInt(1, 300),
          random.nextInt(1, 300),
          random.nextBoolean());
    }

    boolean cancels() {
      return cancelAt <= length;
    }

    DemandOptions<Long> demand() {
      return acknowledged ? DemandOptions.acknowledged(batch) : DemandOptions.batch(batch);
    }
  }

  /** Asks for random numbers of elements, more or fewer than are open, and cancels as planned. */
  private static final class RandomSubscriber extends Watcher<Long> {
    private final Plan plan;
    private final SplittableRandom random;
    private long open;

    RandomSubscriber(Plan plan) {
      this.plan = plan;
      this.random = new SplittableRandom(plan.seed());
    }

    @Override
    void subscribed() {
      ask();
    }

    @Override
    void next() {
      open--;
      if (count() == plan.cancelAt()) {
        subscription().cancel();
      } else if (open == 0 || random.nextInt(50) == 0) {
        ask();
      }
    }

    private void ask() {
      long more = random.nextLong(1, 500);
      open += more;
      request(more);
    }

    boolean isOver() {
      return hasEnded() || count() == plan.cancelAt();
    }
  }

  /** Takes what it gets, and cancels as planned. */
  private static final class RandomTaker implements Actor<StreamSignal<Long>> {
    private final Plan plan;
    private ActorSubscriber<Long> subscriber;
    private final AtomicLong count = new AtomicLong();
    private volatile boolean disordered;
    private volatile Throwable failure;
    private volatile boolean over;

    RandomTaker(Plan plan) {
      this.plan = plan;
    }

    @Override
    public void receive(StreamSignal<Long> signal, ActorContext<StreamSignal<Long>> context) {
      if (signal instanceof StreamSignal.Element<Long> element) {
        long number = count.getAndIncrement();
        if (element.take() != number) {
          disordered = true;
        }
        element.acknowledge();
        if (number + 1 == plan.cancelAt()) {
          subscriber.cancel();
          over = true;
        }
      } else {
        failure = signal instanceof StreamSignal.Failed<Long> failed ? failed.failure() : null;
        over = true;
      }
    }
  }
}
