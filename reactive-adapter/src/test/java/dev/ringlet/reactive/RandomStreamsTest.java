package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
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

  /** What a push publisher has accepted. */
  private final AtomicLong pushed = new AtomicLong();

  private final AtomicLong pushedBack = new AtomicLong();

  /** What has left the source. */
  private final AtomicLong made = new AtomicLong();

  /** What has come to the stage, which has taken it or given it back. */
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
      for (AtomicLong count : List.of(pushed, pushedBack, made, given, givenBack)) {
        count.set(0);
      }
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
    plan.processor().of(system, operated(plan), plan.batch(), this::giveBack).subscribe(subscriber);
    TestSystem.awaitUntil(subscriber::isOver);
    awaitBalance(subscriber::count);
    subscriber.assertKeptRules();
    if (subscriber.hasEnded()) {
      assertSame(plan.failure(), subscriber.failure());
      // A failure need not wait for what an actor still has.
      boolean all = plan.failure() == null || plan.processor() != ProcessorKind.THROUGH_ACTOR;
      assertEquals(plan.length(), all ? subscriber.count() : given.get());
    } else {
      assertEquals(plan.cancelAt(), subscriber.count());
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
    awaitBalance(taker.count::get);
    assertFalse(taker.disordered);
    if (!plan.cancels()) {
      assertEquals(plan.length(), taker.count.get());
      assertSame(plan.failure(), taker.failure);
    }
    return taker.count.get();
  }

  private Publisher<Long> operated(Plan plan) {
    return Flux.from(source(plan))
        .doOnNext(element -> made.incrementAndGet())
        .publishOn(Schedulers.parallel(), plan.prefetch())
        .doOnNext(element -> given.incrementAndGet());
  }

  private Publisher<Long> source(Plan plan) {
    return switch (plan.origin()) {
      case ACTOR ->
          Publishers.of(
              system.executor(),
              sink -> new Counting(sink, plan.length(), plan.failure()),
              ActorOptions.defaults());
      case GENERATE ->
          Publishers.generate(
              system.executor(), () -> new long[1], (next, sink) -> step(plan, next, sink));
      case PUSH -> pushed(plan);
    };
  }

  private static void step(Plan plan, long[] next, Sink<Long> sink) {
    if (next[0] < plan.length()) {
      sink.next(next[0]++);
    } else if (plan.failure() == null) {
      sink.complete();
    } else {
      sink.fail(plan.failure());
    }
  }

  private Publisher<Long> pushed(Plan plan) {
    PushPublisher<Long> source =
        Pushed.empty(
            system,
            PushOptions.<Long>bounded(256).withDiscard(element -> pushedBack.incrementAndGet()));
    Pushed.offer(
        source,
        plan.length(),
        number -> pushed.incrementAndGet(),
        () -> {
          if (plan.failure() == null) {
            source.complete();
          } else {
            source.fail(plan.failure());
          }
        });
    return source;
  }

  private void giveBack(Long element) {
    givenBack.incrementAndGet();
  }

  /**
   * However the stream has ended, each element has gone one way, and goes no other one later. The
   * upstream may be about to give an element after the cancel, which comes back then.
   */
  private void awaitBalance(LongSupplier taken) {
    TestSystem.awaitUntil(() -> isBalanced(taken));
    system.endTest();
    TestSystem.awaitUntil(() -> isBalanced(taken));
  }

  private boolean isBalanced(LongSupplier taken) {
    boolean ofThePush = pushed.get() == 0 || pushed.get() == made.get() + pushedBack.get();
    return ofThePush && given.get() == taken.getAsLong() + givenBack.get();
  }

  /** Who makes the elements. */
  private enum Origin {
    ACTOR,
    GENERATE,
    PUSH
  }

  /**
   * One stream.
   *
   * @param cancelAt how many elements the subscriber takes before it cancels
   */
  private record Plan(
      long seed,
      Origin origin,
      ProcessorKind processor,
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
          oneOf(Origin.values(), random),
          oneOf(ProcessorKind.values(), random),
          length,
          random.nextInt(4) == 0 ? new RuntimeException("made by the test") : null,
          random.nextInt(3) == 0 ? random.nextLong(1, length + 2) : Long.MAX_VALUE,
          random.nextInt(1, 300),
          random.nextInt(1, 300),
          random.nextBoolean());
    }

    private static <T> T oneOf(T[] all, SplittableRandom random) {
      return all[random.nextInt(all.length)];
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
