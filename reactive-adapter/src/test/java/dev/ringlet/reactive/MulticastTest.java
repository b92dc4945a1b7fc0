package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.Mailbox;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** What several subscribers get of one upstream, and who waits for whom. */
final class MulticastTest extends SystemTest {
  private final ManualUpstream<Integer> upstream = new ManualUpstream<>();
  private final Probe<Integer> fast = new Probe<>();
  private final Probe<Integer> slow = new Probe<>();

  @Test
  void everySubscriberGetsEveryElementInOrder() {
    List<Probe<Integer>> probes = Stream.generate(() -> new Probe<Integer>()).limit(3).toList();
    Multicast<Integer> multicast =
        Processors.multicast(
            Flux.range(0, 3_000).publishOn(Schedulers.single()),
            system.executor(),
            MulticastOptions.slowest(16));
    probes.forEach(multicast::subscribe);
    probes.forEach(Probe::awaitSubscription);
    probes.forEach(probe -> probe.awaitSubscription().request(Long.MAX_VALUE));
    for (Probe<Integer> probe : probes) {
      TestSystem.awaitUntil(probe::hasCompleted);
      assertEquals(IntStream.range(0, 3_000).boxed().toList(), probe.elements);
    }
    assertEquals(0, multicast.dropped());
  }

  @Test
  void upstreamIsNotAskedBeforeTheFirstSubscriberAsks() {
    multicast(MulticastOptions.slowest(8)).subscribe(fast);
    fast.awaitSubscription();
    system.awaitTurn();
    assertTrue(upstream.requests.isEmpty());
    fast.awaitSubscription().request(1);
    upstream.awaitRequested(8);
    assertEquals(List.of(8L), upstream.requests);
    fast.awaitSubscription().cancel();
  }

  @Test
  void slowestSubscriberHoldsTheUpstreamBack() {
    subscribeBoth(multicast(MulticastOptions.slowest(8)));
    fast.awaitSubscription().request(Long.MAX_VALUE);
    upstream.awaitRequested(8);
    upstream.send(0, 1, 2, 3, 4, 5, 6, 7);
    fast.awaitElements(8);
    system.awaitTurn();
    assertEquals(8, upstream.requested.get());

    slow.awaitSubscription().request(2);
    upstream.awaitRequested(10);
    slow.awaitSubscription().request(1);
    slow.awaitElements(3);
    system.awaitTurn();
    // Only when a quarter of the buffer is free.
    assertEquals(10, upstream.requested.get());

    slow.awaitSubscription().cancel();
    upstream.awaitRequested(16);
    system.awaitTurn();
    assertEquals(16, upstream.requested.get());
    assertEquals(List.of(0, 1, 2), slow.elements);
    fast.awaitSubscription().cancel();
  }

  @Test
  void subscriberWithoutRoomLosesTheOldestAndNobodyElseDoes() {
    List<Integer> lost = new CopyOnWriteArrayList<>();
    Multicast<Integer> multicast =
        multicast(MulticastOptions.<Integer>dropping(4).withOnDropped(lost::add));
    subscribeBoth(multicast);
    slow.awaitSubscription().request(1);
    fast.awaitSubscription().request(Long.MAX_VALUE);
    sendAsAsked(0, 1);
    slow.awaitElements(1);
    sendAsAsked(1, 10);
    fast.awaitElements(10);
    assertEquals(5, multicast.dropped());
    assertEquals(List.of(1, 2, 3, 4, 5), lost);

    slow.awaitSubscription().request(Long.MAX_VALUE);
    slow.awaitElements(5);
    sendAsAsked(10, 11);
    slow.awaitElements(6);
    fast.awaitElements(11);
    assertEquals(List.of(0, 6, 7, 8, 9, 10), slow.elements);
    assertEquals(IntStream.range(0, 11).boxed().toList(), fast.elements);
    assertEquals(5, multicast.dropped());
    cancelBoth();
  }

  /** The elements come in one go, many more than there is room for. */
  @Test
  void subscriberThatHasAskedLosesNothingOfABurst() {
    Multicast<Integer> multicast =
        Processors.multicast(
            Flux.range(0, 10_000), system.executor(), MulticastOptions.dropping(2));
    subscribeBoth(multicast);
    fast.awaitSubscription().request(Long.MAX_VALUE);
    TestSystem.awaitUntil(fast::hasCompleted);
    assertEquals(10_000, fast.elements.size());
    assertEquals(9_998, multicast.dropped());
    slow.awaitSubscription().request(3);
    TestSystem.awaitUntil(slow::hasCompleted);
    assertEquals(List.of(9_998, 9_999), slow.elements);
  }

  @Test
  void hookForDroppedElementsThatThrowsDoesNoHarm() {
    subscribeBoth(
        multicast(
            MulticastOptions.<Integer>dropping(1)
                .withOnDropped(
                    element -> {
                      throw new IllegalStateException("thrown by the test's hook");
                    })));
    fast.awaitSubscription().request(Long.MAX_VALUE);
    sendAsAsked(0, 4);
    fast.awaitElements(4);
    assertEquals(List.of(0, 1, 2, 3), fast.elements);
    cancelBoth();
  }

  @Test
  void lateSubscriberGetsWhatComesFromThenOn() {
    Multicast<Integer> multicast = multicast(MulticastOptions.slowest(4));
    subscribeFastAndSend(multicast, 3);
    multicast.subscribe(slow);
    slow.awaitSubscription().request(Long.MAX_VALUE);
    sendAsAsked(3, 5);
    slow.awaitElements(2);
    fast.awaitElements(5);
    assertEquals(List.of(3, 4), slow.elements);
    cancelBoth();
  }

  @Test
  void lateSubscriberGetsTheLastElementsFirst() {
    Multicast<Integer> multicast = multicast(MulticastOptions.<Integer>slowest(4).withReplay(2));
    subscribeFastAndSend(multicast, 5);
    multicast.subscribe(slow);
    slow.awaitSubscription().request(1);
    slow.awaitElements(1);
    sendAsAsked(5, 6);
    fast.awaitElements(6);
    slow.awaitSubscription().request(Long.MAX_VALUE);
    slow.awaitElements(3);
    assertEquals(List.of(3, 4, 5), slow.elements);
    cancelBoth();
  }

  @Test
  void replayIsShorterWhileFewerElementsHaveCome() {
    Multicast<Integer> multicast = multicast(MulticastOptions.<Integer>dropping(4).withReplay(4));
    subscribeFastAndSend(multicast, 2);
    multicast.subscribe(slow);
    slow.awaitSubscription().request(Long.MAX_VALUE);
    slow.awaitElements(2);
    assertEquals(List.of(0, 1), slow.elements);
    cancelBoth();
  }

  /** It is behind by the replay, and a whole buffer was asked for before it came. */
  @Test
  void lateSubscriberFindsRoomForTheReplayAndForWhatIsOnItsWay() {
    Multicast<Integer> multicast = multicast(MulticastOptions.<Integer>slowest(4).withReplay(4));
    subscribeFastAndSend(multicast, 4);
    upstream.awaitRequested(8);
    multicast.subscribe(slow);
    slow.awaitSubscription();
    upstream.send(4, 5, 6, 7);
    fast.awaitElements(8);
    system.awaitTurn();
    assertEquals(8, upstream.requested.get());
    slow.awaitSubscription().request(Long.MAX_VALUE);
    slow.awaitElements(8);
    assertEquals(IntStream.range(0, 8).boxed().toList(), slow.elements);
    upstream.awaitRequested(12);
    cancelBoth();
  }

  @Test
  void subscribersOfTheRightNumberStartTheUpstream() {
    Multicast<Integer> multicast =
        Processors.multicast(
            Flux.range(0, 10),
            system.executor(),
            MulticastOptions.<Integer>slowest(4).withConnectAt(2));
    multicast.subscribe(fast);
    fast.awaitSubscription().request(Long.MAX_VALUE);
    system.awaitTurn();
    assertTrue(fast.elements.isEmpty());
    multicast.subscribe(slow);
    slow.awaitSubscription().request(Long.MAX_VALUE);
    expectBothToGet(10);
  }

  @Test
  void mailboxOfTheOptionsDoesNotMatter() {
    ActorOptions small =
        ActorOptions.named("small").withMailbox(Mailbox.bounded(1, Mailbox.Overflow.REJECT));
    subscribeBoth(
        Processors.multicast(
            Flux.range(0, 1_000).publishOn(Schedulers.single()),
            system.executor(),
            MulticastOptions.<Integer>slowest(8).withActor(small)));
    fast.awaitSubscription().request(Long.MAX_VALUE);
    slow.awaitSubscription().request(Long.MAX_VALUE);
    expectBothToGet(1_000);
  }

  @Test
  void optionsSayWhatIsWrongWithThem() {
    assertMessage("buffer: 0", () -> MulticastOptions.slowest(0));
    assertMessage("buffer: 65537", () -> MulticastOptions.dropping(65_537));
    assertMessage("larger buffer", () -> MulticastOptions.slowest(4).withReplay(5));
    assertMessage("replay: -1", () -> MulticastOptions.slowest(4).withReplay(-1));
    assertMessage("subscribers: -1", () -> MulticastOptions.slowest(4).withConnectAt(-1));
  }

  @Test
  void optionsKeepWhatTheyWereGiven() {
    MulticastOptions<Integer> options =
        MulticastOptions.<Integer>dropping(7)
            .withReplay(3)
            .withConnectAt(2)
            .withStayConnected(true)
            .withShare(element -> element)
            .withDiscard(element -> {})
            .withOnDropped(element -> {})
            .withActor(ActorOptions.named("kept"));
    assertEquals(7, options.buffer());
    assertTrue(options.isDropping());
    assertEquals(3, options.replay());
    assertEquals(2, options.connectAt());
    assertTrue(options.isStayConnected());
    assertEquals("kept", options.actor().name());
    assertFalse(MulticastOptions.slowest(1).isDropping());
    assertEquals(1, MulticastOptions.slowest(1).connectAt());
    assertFalse(MulticastOptions.slowest(1).isStayConnected());
  }

  private static void assertMessage(String part, Runnable made) {
    var failure = assertThrows(IllegalArgumentException.class, made::run);
    assertTrue(failure.getMessage().contains(part), failure.getMessage());
  }

  private Multicast<Integer> multicast(MulticastOptions<Integer> options) {
    return Processors.multicast(upstream, system.executor(), options);
  }

  private void subscribeBoth(Multicast<Integer> multicast) {
    multicast.subscribe(fast);
    multicast.subscribe(slow);
    fast.awaitSubscription();
    slow.awaitSubscription();
  }

  private void cancelBoth() {
    fast.awaitSubscription().cancel();
    slow.awaitSubscription().cancel();
    upstream.awaitCancel();
  }

  private void expectBothToGet(int count) {
    TestSystem.awaitUntil(() -> fast.hasCompleted() && slow.hasCompleted());
    assertEquals(fast.elements, slow.elements);
    assertEquals(count, slow.elements.size());
  }

  private void sendAsAsked(int from, int to) {
    upstream.sendAsAsked(from, to, element -> element);
  }

  /** So many elements have come before the other one. */
  private void subscribeFastAndSend(Multicast<Integer> multicast, int count) {
    multicast.subscribe(fast);
    fast.awaitSubscription().request(Long.MAX_VALUE);
    sendAsAsked(0, count);
    fast.awaitElements(count);
  }
}
