package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.spi.ContextCarrier;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;

/** What the threads of upstream and subscriber know of a request does not get into signals. */
final class ContextTest {
  private static final String BROKEN = "broken";
  private static final ThreadLocal<@Nullable String> TRACE = new ThreadLocal<>();

  private final TestSystem system = TestSystem.openCarrying(new Tracing());
  private final ActorExecutor executor = system.executor();
  private final ManualUpstream<Integer> upstream = new ManualUpstream<>();
  private final List<String> heard = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    TRACE.remove();
    system.endTest();
    system.close();
  }

  private static final class Tracing implements ContextCarrier {
    @Override
    public @Nullable Object capture() {
      if (BROKEN.equals(TRACE.get())) {
        throw new IllegalStateException("wanted by the test");
      }
      return TRACE.get();
    }

    @Override
    public Scope restore(Object captured) {
      String before = TRACE.get();
      TRACE.set((String) captured);
      return () -> TRACE.set(before);
    }
  }

  /** The message to look is sent by the first of them, and there is one for both. */
  @Test
  void elementsOfSeveralThreadsDoNotShareTheContextOfOne() {
    Probe<Integer> probe = noting();
    Processors.onExecutor(upstream, executor, DemandOptions.<Integer>batch(8)).subscribe(probe);
    exchange(probe);
    assertEquals(List.of("1 in null", "2 in null"), heard);
  }

  @Test
  void actorBetweenThemHasNoneEither() {
    Probe<Integer> probe = noting();
    Processors.<Integer, Integer>throughActor(
            upstream, executor, Passing::new, DemandOptions.<Integer>batch(8))
        .subscribe(probe);
    exchange(probe);
    assertEquals(List.of("1 in null", "2 in null"), heard);
  }

  private void exchange(Probe<Integer> probe) {
    TRACE.set("of the request");
    probe.awaitSubscription().request(10);
    upstream.awaitRequested(8);
    TRACE.set("of the first");
    upstream.send(1);
    TRACE.set(null);
    upstream.send(2);
    probe.awaitElements(2);
    probe.awaitSubscription().cancel();
  }

  @Test
  void messagesOfAnActorHaveNone() {
    ActorRef<Reader.Arrived<Integer>> actor = reader();
    TRACE.set("of the subscription");
    upstream.subscribe(toActor(actor));
    upstream.awaitRequested(8);
    TRACE.set("of the first");
    upstream.send(1);
    TRACE.set("of the second");
    upstream.send(2);
    TestSystem.awaitUntil(() -> heard.size() == 2);
    assertEquals(List.of("1 in null", "2 in null"), heard);
  }

  /** A signal that could not be sent on would be lost. */
  @Test
  void carrierThatThrowsHoldsNoSignalUp() {
    Probe<Integer> probe = noting();
    Publisher<Integer> moved =
        Processors.onExecutor(upstream, executor, DemandOptions.<Integer>batch(8));
    ActorRef<Reader.Arrived<Integer>> other = reader();
    TRACE.set(BROKEN);
    moved.subscribe(probe);
    assertThrows(
        IllegalStateException.class,
        () -> other.tell(new Reader.Arrived<>(new StreamSignal.Completed<>())));
    probe.awaitSubscription().request(10);
    upstream.awaitRequested(8);
    upstream.send(1);
    probe.awaitElements(1);
    probe.awaitSubscription().cancel();
    upstream.awaitCancel();
    // The reader is left.
    TestSystem.awaitUntil(() -> executor.stats().actors() == 1);
  }

  private ActorRef<Reader.Arrived<Integer>> reader() {
    return system.spawnForTest(
        () ->
            new Reader<>() {
              @Override
              public void receive(
                  Arrived<Integer> message, ActorContext<Arrived<Integer>> context) {
                if (message.signal() instanceof StreamSignal.Element<Integer> element) {
                  note(element.take());
                }
              }
            });
  }

  private ActorSubscriber<Integer> toActor(ActorRef<Reader.Arrived<Integer>> actor) {
    return Subscribers.toActor(
        executor, actor, Reader.Arrived::new, DemandOptions.<Integer>batch(8));
  }

  private Probe<Integer> noting() {
    return new Probe<>() {
      @Override
      public void onNext(Integer element) {
        note(element);
        super.onNext(element);
      }
    };
  }

  private void note(Integer element) {
    heard.add(element + " in " + TRACE.get());
  }
}
