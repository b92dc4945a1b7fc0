package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.io.IoBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Elements that must be given back, once for each who has got them and on every other way too. */
final class MulticastSharingTest extends SystemTest {
  private final Leases leases = new Leases();
  private final ManualUpstream<Leases.Lease> upstream = new ManualUpstream<>();
  private final Keeper first = new Keeper();
  private final Keeper second = new Keeper();

  /** What the subscribers have got they give back now, and then nothing may be out. */
  @AfterEach
  void nothingIsOut() {
    system.endTest();
    first.giveBack();
    second.giveBack();
    assertEquals(0, leases.misused.get());
    assertEquals(0, leases.out.get());
  }

  @Test
  void elementIsSharedForEachSubscriberButTheLast() {
    Multicast<Leases.Lease> multicast = multicast(MulticastOptions.slowest(8));
    subscribeBoth(multicast);
    first.awaitSubscription().request(3);
    upstream.awaitRequested(8);
    send(0, 3);
    first.awaitElements(3);
    assertEquals(3, leases.shared.get());
    second.awaitSubscription().request(2);
    second.awaitElements(2);
    assertEquals(3, leases.shared.get());
    assertEquals(List.of(0, 1), second.numbers());
    // The third one is given back by the cancel.
    cancelBoth();
  }

  @Test
  void oneSubscriberAloneGetsTheElementsThemselves() {
    subscribeFirst(multicast(MulticastOptions.slowest(8)), 8);
    send(0, 8);
    first.awaitElements(8);
    assertEquals(0, leases.shared.get());
    first.awaitSubscription().cancel();
  }

  @Test
  void elementsToBeReplayedAreSharedForAllAndGivenBackWhenNewerOnesCome() {
    Multicast<Leases.Lease> multicast = replaying(2);
    subscribeFirst(multicast, 6);
    for (int number = 0; number < 6; number++) {
      send(number, number + 1);
      first.awaitElements(number + 1);
    }
    assertEquals(6, leases.shared.get());
    // The 6 of the subscriber, and 2 to be replayed.
    TestSystem.awaitUntil(() -> leases.out.get() == 8);
    multicast.subscribe(second);
    second.awaitSubscription().request(1);
    second.awaitElements(1);
    assertEquals(List.of(4), second.numbers());
    cancelBoth();
    upstream.awaitCancel();
  }

  @Test
  void closeGivesBackWhatWaitsAndWhatWouldBeReplayed() {
    Multicast<Leases.Lease> multicast = replaying(4);
    subscribeBoth(multicast);
    first.awaitSubscription().request(2);
    upstream.awaitRequested(8);
    send(0, 8);
    first.awaitElements(2);
    multicast.close();
    first.awaitFailure();
    second.awaitFailure();
    assertTrue(second.elements.isEmpty());
  }

  @Test
  void replayIsKeptAfterTheEndUntilTheClose() {
    Multicast<Leases.Lease> multicast = replaying(2);
    subscribeFirst(multicast, 8);
    send(0, 3);
    upstream.complete();
    TestSystem.awaitUntil(first::hasCompleted);
    multicast.subscribe(second);
    second.awaitSubscription().request(2);
    TestSystem.awaitUntil(second::hasCompleted);
    assertEquals(List.of(1, 2), second.numbers());
    multicast.close();
  }

  @Test
  void elementsThatASubscriberHasLostAreGivenBackWhenNobodyElseNeedsThem() {
    List<Integer> lost = new CopyOnWriteArrayList<>();
    Multicast<Leases.Lease> multicast =
        multicast(
            MulticastOptions.<Leases.Lease>dropping(2)
                .withOnDropped(lease -> lost.add(lease.number())));
    subscribeBoth(multicast);
    first.awaitSubscription().request(3);
    sendAsAsked(0, 10);
    TestSystem.awaitUntil(() -> multicast.dropped() == 13);
    assertEquals(List.of(0, 1, 2), first.numbers());
    // The 3 that were taken, and the last 2, which wait for both.
    TestSystem.awaitUntil(() -> leases.out.get() == 5);
    assertEquals(13, lost.size());
    cancelBoth();
  }

  @Test
  void elementsWithoutSubscribersAreGivenBack() {
    Multicast<Leases.Lease> multicast =
        multicast(MulticastOptions.<Leases.Lease>slowest(2).withConnectAt(0));
    sendAsAsked(0, 10);
    TestSystem.awaitUntil(() -> leases.out.get() == 0);
    multicast.close();
  }

  @Test
  void subscriberThatThrowsLeavesNothingBehind() {
    Keeper broken =
        new Keeper() {
          @Override
          public void onNext(Leases.Lease element) {
            super.onNext(element);
            throw new IllegalStateException("thrown by the test's subscriber");
          }
        };
    Multicast<Leases.Lease> multicast = multicast(MulticastOptions.slowest(8));
    multicast.subscribe(broken);
    subscribeBoth(multicast);
    broken.awaitSubscription().request(Long.MAX_VALUE);
    first.awaitSubscription().request(Long.MAX_VALUE);
    upstream.awaitRequested(8);
    send(0, 4);
    first.awaitElements(4);
    cancelBoth();
    system.awaitQuiescence();
    broken.giveBack();
  }

  @Test
  void shareHookThatThrowsFailsTheSubscriberAndNobodyElse() {
    RuntimeException failure = new RuntimeException("thrown by the test's hook");
    AtomicBoolean thrown = new AtomicBoolean();
    Multicast<Leases.Lease> multicast =
        multicastAsTold(
            leases
                .handledBy(MulticastOptions.slowest(8))
                .withShare(
                    lease -> {
                      if (thrown.getAndSet(true)) {
                        return lease.share();
                      }
                      throw failure;
                    }));
    subscribeBoth(multicast);
    upstreamIsAskedBy(first, second);
    send(0, 2);
    upstream.complete();
    TestSystem.awaitUntil(() -> first.hasEnded() && second.hasEnded());
    Keeper failed = first.hasCompleted() ? second : first;
    Keeper served = failed == first ? second : first;
    assertSame(failure, failed.awaitFailure());
    assertTrue(failed.elements.isEmpty());
    assertTrue(served.hasCompleted());
    assertEquals(List.of(0, 1), served.numbers());
  }

  @Test
  void shareHookThatGivesNullFailsTheSubscriber() {
    Multicast<Leases.Lease> multicast =
        multicastAsTold(
            leases
                .handledBy(MulticastOptions.<Leases.Lease>slowest(8).withReplay(1))
                .withShare(lease -> null));
    multicast.subscribe(first);
    first.awaitSubscription().request(1);
    upstream.awaitRequested(8);
    send(0, 1);
    assertInstanceOf(NullPointerException.class, first.awaitFailure());
    upstream.awaitCancel();
  }

  /** Also those that are on their way to the hub. */
  @Test
  void failureOfTheUpstreamLeavesNothingBehind() {
    subscribeBoth(multicast(MulticastOptions.slowest(8)));
    upstreamIsAskedBy(first);
    send(0, 5);
    upstream.fail(new RuntimeException("made by the test"));
    first.awaitFailure();
    assertEquals(List.of(0, 1, 2, 3, 4), first.numbers());
    second.awaitSubscription().request(2);
    second.awaitElements(2);
    second.awaitSubscription().cancel();
  }

  @Test
  void elementsThatWereNotAskedForAreGivenBack() {
    subscribeBoth(multicast(MulticastOptions.slowest(4)));
    upstreamIsAskedBy(first);
    system.run(() -> send(0, 6));
    first.awaitFailure();
    upstream.awaitCancel();
    assertEquals(4, first.elements.size());
    send(6, 7);
    second.awaitSubscription().cancel();
  }

  @Test
  void closeOfTheSystemGivesBackAll() {
    try (TestSystem closing = TestSystem.open(ExecutorPool.AUTO)) {
      Multicast<Leases.Lease> multicast =
          Processors.multicast(
              upstream,
              closing.executor(),
              leases.handledBy(MulticastOptions.<Leases.Lease>slowest(8).withReplay(2)));
      subscribeBoth(multicast);
      first.awaitSubscription().request(1);
      upstream.awaitRequested(8);
      send(0, 6);
      first.awaitElements(1);
    }
    first.awaitFailure();
    second.awaitFailure();
    send(6, 8);
  }

  /** Three subscribers of what a socket receives; each of them releases what it gets. */
  @ParameterizedTest
  @ValueSource(strings = {"slowest", "dropping", "replay"})
  void buffersAreSharedBySlicesAndAllOfThemComeBack(String kind) throws IOException {
    MulticastOptions<IoBuffer> options =
        switch (kind) {
          case "dropping" -> MulticastOptions.dropping(64);
          case "replay" -> MulticastOptions.<IoBuffer>slowest(4).withReplay(2);
          default -> MulticastOptions.slowest(4);
        };
    try (Peer peer = Peer.sending(system.io(), 50)) {
      Multicast<IoBuffer> multicast =
          Processors.multicast(
              Publishers.from(peer.stream().receive()),
              system.executor(),
              options
                  .withShare(buffer -> buffer.slice(buffer.readerIndex(), buffer.readableBytes()))
                  .withDiscard(IoBuffer::release));
      List<Releaser> releasers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        releasers.add(new Releaser());
      }
      Probe<IoBuffer> leaving = new Probe<>();
      releasers.forEach(multicast::subscribe);
      multicast.subscribe(leaving);
      leaving.awaitSubscription();
      releasers.forEach(one -> one.awaitSubscription().request(Long.MAX_VALUE));
      leaving.awaitSubscription().cancel();
      for (Releaser releaser : releasers) {
        TestSystem.awaitUntil(releaser::hasCompleted);
        assertEquals(LongStream.range(0, 50).boxed().toList(), releaser.numbers);
      }
      multicast.close();
      system.awaitQuiescence();
    }
  }

  private Multicast<Leases.Lease> multicast(MulticastOptions<Leases.Lease> options) {
    return multicastAsTold(leases.handledBy(options));
  }

  private Multicast<Leases.Lease> replaying(int elements) {
    return multicast(MulticastOptions.<Leases.Lease>slowest(8).withReplay(elements));
  }

  private Multicast<Leases.Lease> multicastAsTold(MulticastOptions<Leases.Lease> options) {
    return Processors.multicast(upstream, system.executor(), options);
  }

  private void subscribeBoth(Multicast<Leases.Lease> multicast) {
    multicast.subscribe(first);
    multicast.subscribe(second);
    first.awaitSubscription();
    second.awaitSubscription();
  }

  /** It wants all, and the upstream was asked for so many. */
  private void subscribeFirst(Multicast<Leases.Lease> multicast, int asked) {
    multicast.subscribe(first);
    first.awaitSubscription().request(Long.MAX_VALUE);
    upstream.awaitRequested(asked);
  }

  private void upstreamIsAskedBy(Keeper... keepers) {
    for (Keeper keeper : keepers) {
      keeper.awaitSubscription().request(Long.MAX_VALUE);
    }
    upstream.awaitRequested(4);
  }

  private void cancelBoth() {
    first.awaitSubscription().cancel();
    second.awaitSubscription().cancel();
  }

  private void send(int from, int to) {
    IntStream.range(from, to).forEach(number -> upstream.send(leases.lend(number)));
  }

  private void sendAsAsked(int from, int to) {
    upstream.sendAsAsked(from, to, leases::lend);
  }

  /** Keeps what it gets until the end of the test. */
  private static class Keeper extends Probe<Leases.Lease> {
    List<Integer> numbers() {
      return elements.stream().map(Leases.Lease::number).toList();
    }

    void giveBack() {
      elements.forEach(Leases.Lease::giveBack);
    }
  }

  private static final class Releaser extends Probe<IoBuffer> {
    final List<Long> numbers = new CopyOnWriteArrayList<>();

    @Override
    public void onNext(IoBuffer buffer) {
      numbers.add(Releasing.readNumber(buffer));
    }
  }
}
