package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.executor.ExecutorPool;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Subscribers that come and go on several threads while an upstream on another one goes on. */
final class MulticastStressTest {
  private static final int THREADS = 4;
  private static final int VISITS = 200;

  private enum Kind {
    /** The upstream is subscribed anew when nobody was there. */
    SLOWEST,
    STAYING,
    DROPPING;

    MulticastOptions<Leases.Lease> options() {
      return switch (this) {
        case SLOWEST -> MulticastOptions.slowest(8);
        case STAYING ->
            MulticastOptions.<Leases.Lease>slowest(16).withReplay(3).withStayConnected(true);
        case DROPPING -> MulticastOptions.<Leases.Lease>dropping(4).withReplay(2);
      };
    }
  }

  /** Each of them gets a part of the stream, in order and without a gap unless it may lose some. */
  @ParameterizedTest
  @EnumSource
  void subscribersThatComeAndGoGetTheirPartAndLeaveNothingBehind(Kind kind) {
    Leases leases = new Leases();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (TestSystem system = TestSystem.open(ExecutorPool.AUTO)) {
      Multicast<Leases.Lease> multicast =
          Processors.multicast(
              Flux.range(0, Integer.MAX_VALUE).publishOn(Schedulers.single(), 16).map(leases::lend),
              system.executor(),
              leases.handledBy(kind.options()));
      CompletableFuture<?>[] visitors =
          IntStream.range(0, THREADS)
              .mapToObj(
                  thread ->
                      CompletableFuture.runAsync(
                          () -> {
                            for (int visit = 0; visit < VISITS; visit++) {
                              visit(multicast, visit * THREADS + thread, kind);
                            }
                          },
                          threads))
              .toArray(CompletableFuture<?>[]::new);
      TestSystem.get(CompletableFuture.allOf(visitors));
      multicast.close();
      system.awaitQuiescence();
      TestSystem.awaitUntil(() -> leases.out.get() == 0);
      assertEquals(0, leases.misused.get());
      assertEquals(0, system.system().stats().failures());
      assertEquals(0, system.system().stats().deadLetters());
    } finally {
      threads.shutdown();
    }
  }

  /** From when subscribe returns, whatever the hub is just doing. */
  @Test
  void whoeverHasSubscribedGetsWhatIsGivenAfterwards() {
    AtomicLong given = new AtomicLong();
    AtomicBoolean over = new AtomicBoolean();
    ManualUpstream<Long> upstream = new ManualUpstream<>();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
    try (TestSystem system = TestSystem.open(ExecutorPool.AUTO)) {
      Multicast<Long> multicast =
          Processors.multicast(upstream, system.executor(), MulticastOptions.slowest(64));
      Disposable listener = Flux.from(multicast).subscribe();
      CompletableFuture<Void> giving =
          CompletableFuture.runAsync(
              () -> {
                while (!over.get()) {
                  if (upstream.requested.get() > given.get()) {
                    upstream.send(given.incrementAndGet());
                  }
                }
              },
              threads);
      CompletableFuture<?>[] visitors =
          IntStream.range(0, THREADS)
              .mapToObj(
                  thread -> CompletableFuture.runAsync(() -> visit(multicast, given), threads))
              .toArray(CompletableFuture<?>[]::new);
      TestSystem.get(CompletableFuture.allOf(visitors));
      over.set(true);
      TestSystem.get(giving);
      listener.dispose();
      system.awaitQuiescence();
    } finally {
      threads.shutdown();
    }
  }

  private static void visit(Multicast<Long> multicast, AtomicLong given) {
    for (int visit = 0; visit < 1_000; visit++) {
      CompletableFuture<Long> first = Flux.from(multicast).next().toFuture();
      // This one may just be on its way; the next is given afterwards.
      long before = given.get();
      assertTrue(TestSystem.get(first) <= before + 1);
    }
  }

  private static void visit(Multicast<Leases.Lease> multicast, int seed, Kind kind) {
    Visitor visitor = new Visitor(1 + seed * 7 % 50, 1 + seed % 5, seed % 2 == 0, kind);
    multicast.subscribe(visitor);
    assertNull(TestSystem.get(visitor.over));
    visitor.subscription.cancel();
  }

  /** Takes so many elements at least, some at a time, and leaves by itself or is made to. */
  private static final class Visitor implements Subscriber<Leases.Lease> {
    private final CompletableFuture<String> over = new CompletableFuture<>();
    private final int quota;
    private final int atATime;
    private final boolean leaves;
    private final Kind kind;
    private volatile Subscription subscription;
    private int taken;
    private int last;

    Visitor(int quota, int atATime, boolean leaves, Kind kind) {
      this.quota = quota;
      this.atATime = atATime;
      this.leaves = leaves;
      this.kind = kind;
    }

    @Override
    public void onSubscribe(Subscription given) {
      subscription = given;
      given.request(atATime);
    }

    @Override
    public void onNext(Leases.Lease lease) {
      int number = lease.number();
      lease.giveBack();
      boolean fits = kind == Kind.DROPPING ? number > last : number == last + 1;
      if (taken > 0 && !fits) {
        over.complete(number + " came after " + last);
      }
      last = number;
      if (++taken == quota) {
        if (leaves) {
          subscription.cancel();
        }
        over.complete(null);
      }
      if (taken % atATime == 0) {
        subscription.request(atATime);
      }
    }

    @Override
    public void onError(Throwable failure) {
      over.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      over.complete("the stream has ended");
    }
  }
}
