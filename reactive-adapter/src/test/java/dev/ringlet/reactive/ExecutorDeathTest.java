package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.executor.ExecutorPool;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;

/** An executor that dies of an error of the virtual machine ends its streams with a failure. */
final class ExecutorDeathTest {
  private final OutOfMemoryError death = new OutOfMemoryError("made by the test");
  private TestSystem system;

  /** What the thread of the executor dies of is no failure of the test. */
  @BeforeEach
  void openSystem() {
    Awaitility.doNotCatchUncaughtExceptionsByDefault();
    system = TestSystem.open(ExecutorPool.AUTO);
  }

  @AfterEach
  void closeSystem() {
    system.close();
    Awaitility.reset();
  }

  private void die() {
    system
        .executor()
        .execute(
            () -> {
              throw death;
            });
  }

  @ParameterizedTest
  @EnumSource
  void subscribersHearOfIt(PublisherKind kind) {
    Watcher<Object> watcher = new Watcher<>();
    kind.numbers(system, PublisherKind.ENDLESS).subscribe(watcher);
    if (kind.atMost(2) > 1) {
      watcher.request(1);
      watcher.awaitCount(1);
    }
    die();
    watcher.awaitEnd();
    assertNotNull(watcher.failure());
    watcher.assertKeptRules();
  }

  @Test
  void whoseTurnItWasGetsTheErrorItself() {
    Probe<Integer> probe = Probe.greedy();
    Publishers.<Integer, Integer>generate(
            system.executor(),
            () -> 0,
            (state, sink) -> {
              throw death;
            })
        .subscribe(probe);
    assertSame(death, probe.awaitFailure());
  }

  @Test
  void pushTakesNothingMore() {
    PushPublisher<Integer> push = Publishers.push(system.executor(), PushOptions.bounded(4));
    assertTrue(push.offer(1));
    Probe<Integer> probe = new Probe<>();
    push.subscribe(probe);
    die();
    probe.awaitFailure();
    TestSystem.get(push.whenOver().toCompletableFuture());
    assertTrue(push.isClosed());
    assertEquals(List.of(), probe.elements);
  }

  @Test
  void multicastRefusesWhoComesLater() {
    ManualUpstream<Integer> upstream = new ManualUpstream<>();
    Publisher<Integer> multicast =
        Processors.multicast(upstream, system.executor(), MulticastOptions.slowest(4));
    Probe<Integer> first = new Probe<>();
    multicast.subscribe(first);
    upstream.awaitSubscribed();
    die();
    first.awaitFailure();
    assertEquals(1, upstream.cancels.get());
    Probe<Integer> second = new Probe<>();
    multicast.subscribe(second);
    second.awaitFailure();
  }

  @Test
  void upstreamIsCancelled() {
    ManualUpstream<Integer> upstream = new ManualUpstream<>();
    Probe<Integer> probe = new Probe<>();
    Processors.onExecutor(upstream, system.executor(), DemandOptions.batch(4)).subscribe(probe);
    upstream.awaitSubscribed();
    die();
    probe.awaitFailure();
    upstream.awaitCancel();
  }
}
