package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** A publisher that unfolds a seed. */
final class UnfoldTest extends SystemTest {
  @Test
  void unfoldsUntilTheFunctionGivesNull() {
    StepVerifier.create(upTo(5), 0)
        .thenRequest(2)
        .expectNext(0, 1)
        .thenRequest(10)
        .expectNext(2, 3, 4)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void eachSubscriberBeginsWithTheSeed() {
    Publisher<Integer> twice = upTo(3);
    StepVerifier.create(Flux.merge(twice, twice).collectSortedList())
        .expectNext(List.of(0, 0, 1, 1, 2, 2))
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void emptyOneCompletes() {
    StepVerifier.create(upTo(0)).expectComplete().verify(TestSystem.PATIENCE);
  }

  @Test
  void longStreamDoesNotRecurse() {
    Expect.oneByOne(200_000, upTo(200_000));
  }

  @Test
  void whatTheFunctionThrowsIsSignalled() {
    StepVerifier.create(
            Publishers.unfold(
                system.executor(),
                0,
                n -> {
                  if (n == 2) {
                    throw new UnsupportedOperationException("made by the test");
                  }
                  return new Unfolded<>(n, n + 1);
                }))
        .expectNext(0, 1)
        .expectError(UnsupportedOperationException.class)
        .verify(TestSystem.PATIENCE);
  }

  /** The subscriber cancels in the middle of the call that makes an element. */
  @Test
  void elementMadeWhileTheSubscriberCancelsIsGivenBack() {
    List<Integer> givenBack = new CopyOnWriteArrayList<>();
    Probe<Integer> probe = new Probe<>();
    Publishers.<Integer, Integer>unfold(
            system.executor(),
            0,
            n -> {
              if (n == 2) {
                probe.awaitSubscription().cancel();
              }
              return new Unfolded<>(n, n + 1);
            },
            givenBack::add,
            ActorOptions.named("numbers"))
        .subscribe(probe);
    probe.awaitSubscription().request(Long.MAX_VALUE);
    system.awaitQuiescence();
    assertEquals(List.of(0, 1), probe.elements);
    assertEquals(List.of(2), givenBack);
  }

  @Test
  void nullsInThePairAreRefused() {
    assertThrows(NullPointerException.class, () -> new Unfolded<>(null, 1));
    var failure = assertThrows(NullPointerException.class, () -> new Unfolded<>(1, null));
    assertTrue(failure.getMessage().contains("next"), failure.getMessage());
  }

  private static Publisher<Integer> upTo(int count) {
    return Publishers.unfold(
        system.executor(), 0, n -> n < count ? new Unfolded<>(n, n + 1) : null);
  }
}
