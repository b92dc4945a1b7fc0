package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.executor.ExecutorPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** What an output and its upstream see of each other, whatever either does. */
final class WritingRulesTest extends SystemTest {
  private static Wire wire;

  private final ManualUpstream<Integer> upstream = new ManualUpstream<>();
  private final List<Integer> encoded = Collections.synchronizedList(new ArrayList<>());
  private final List<Integer> givenBack = new CopyOnWriteArrayList<>();
  private final WriteOptions<Integer> options =
      WriteOptions.<Integer>encoded(
              element -> 1,
              (element, buffer) -> {
                encoded.add(element);
                buffer.write(new byte[] {element.byteValue()});
              })
          .withDiscard(givenBack::add);

  @BeforeAll
  static void connect() throws IOException {
    wire = Wire.connect(system.io());
    system.atClose(wire);
  }

  /** Whatever a test does, the actor tells nobody who has gone. */
  @AfterEach
  void nothingIsLeft() throws IOException {
    system.endTest();
    assertEquals(0, system.system().stats().deadLetters());
    assertEquals(0, system.system().stats().failures());
    wire.peer().getInputStream().skip(wire.peer().getInputStream().available());
  }

  @Test
  void encoderThatThrowsFailsTheStream() {
    RuntimeException failure = new RuntimeException("thrown by the test's encoder");
    OutputSubscriber<Integer> output =
        to(
            WriteOptions.<Integer>encoded(
                    element -> 1,
                    (element, buffer) -> {
                      if (element == 3) {
                        throw failure;
                      }
                      buffer.write(new byte[1]);
                    })
                .withDiscard(givenBack::add));
    upstream.subscribe(output);
    upstream.awaitRequested(1);
    upstream.send(0);
    upstream.awaitRequested(10);
    // On the executor, so that they are encoded together.
    system.run(() -> upstream.send(1, 2, 3, 4, 5));
    assertSame(failure, ToOutputContract.failureOf(output.result()));
    upstream.awaitCancel();
    assertEquals(List.of(3, 4, 5), givenBack.stream().sorted().toList());
  }

  @Test
  void sizeThatIsNoneFailsTheStream() {
    OutputSubscriber<Integer> output =
        to(
            WriteOptions.<Integer>encoded(
                    element -> -element, (element, buffer) -> buffer.write(new byte[1]))
                .withDiscard(givenBack::add));
    upstream.subscribe(output);
    upstream.awaitRequested(1);
    upstream.send(0);
    upstream.awaitRequested(10);
    system.run(() -> upstream.send(5, 6));
    assertTrue(
        assertInstanceOf(
                IllegalArgumentException.class, ToOutputContract.failureOf(output.result()))
            .getMessage()
            .startsWith("room: -5"));
    assertEquals(List.of(5, 6), givenBack.stream().sorted().toList());
  }

  @Test
  void encoderThatWritesMoreThanItHasSaidFailsTheStream() {
    OutputSubscriber<Integer> output =
        to(
            WriteOptions.<Integer>encoded(
                    element -> 1, (element, buffer) -> buffer.write(new byte[1_000_000]))
                .withDiscard(givenBack::add));
    Flux.just(1).subscribe(output);
    assertInstanceOf(IndexOutOfBoundsException.class, ToOutputContract.failureOf(output.result()));
    assertEquals(List.of(1), givenBack);
  }

  /** More than has room, so that it is found whenever somebody looks. */
  @Test
  void spec101_upstreamThatGivesMoreThanWasAskedForFails() {
    OutputSubscriber<Integer> output = to(options);
    upstream.subscribe(output);
    upstream.awaitRequested(1);
    Integer[] tooMany = IntStream.range(0, 2 * options.ahead()).boxed().toArray(Integer[]::new);
    system.run(() -> upstream.send(tooMany));
    assertInstanceOf(IllegalStateException.class, ToOutputContract.failureOf(output.result()));
    upstream.awaitCancel();
    List<Integer> all = new ArrayList<>(encoded);
    all.addAll(givenBack);
    assertEquals(List.of(tooMany), all.stream().sorted().toList());
  }

  /** By mailbox and inbox, these would overtake each other. */
  @Test
  void spec103_signalsOfChangingThreadsKeepTheirOrder() {
    OutputSubscriber<Integer> output = to(options);
    upstream.subscribe(output);
    for (int i = 0; i < 1_000; i++) {
      int element = i;
      upstream.awaitRequested(element + 1);
      if (i % 2 == 0) {
        upstream.send(element);
      } else {
        system.run(() -> upstream.send(element));
      }
    }
    upstream.complete();
    assertEquals(1_000, ToOutputContract.await(output.result()));
    assertEquals(IntStream.range(0, 1_000).boxed().toList(), encoded);
  }

  @Test
  void spec205_secondSubscriptionIsCancelled() {
    OutputSubscriber<Integer> output = to(options);
    upstream.subscribe(output);
    upstream.awaitRequested(1);
    ManualUpstream<Integer> second = new ManualUpstream<>();
    second.subscribe(output);
    assertEquals(1, second.cancels.get());
    upstream.send(1);
    upstream.complete();
    assertEquals(1, ToOutputContract.await(output.result()));
    assertEquals(0, upstream.cancels.get());
  }

  @Test
  void spec213_nullIsRefusedAtOnce() {
    OutputSubscriber<Integer> output = to(options);
    assertThrows(NullPointerException.class, () -> output.onSubscribe(null));
    upstream.subscribe(output);
    assertThrows(NullPointerException.class, () -> output.onNext(null));
    assertThrows(NullPointerException.class, () -> output.onError(null));
    upstream.complete();
    assertEquals(0, ToOutputContract.await(output.result()));
  }

  @Test
  void spec303_upstreamThatSignalsWithinRequestDoesNotRecurse() {
    OutputSubscriber<Integer> output = to(options);
    Flux.range(0, 50_000).subscribe(output);
    assertEquals(50_000, ToOutputContract.await(drained(output)));
    assertEquals(IntStream.range(0, 50_000).boxed().toList(), encoded);
  }

  /** The peer has to read for it. */
  private static CompletableFuture<Long> drained(OutputSubscriber<?> output) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            wire.read(50_000);
          } catch (IOException failure) {
            throw new AssertionError(failure);
          }
          return ToOutputContract.await(output.result());
        });
  }

  @Test
  void spec316_upstreamThatThrowsFromRequestFails() {
    RuntimeException failure = new RuntimeException("thrown by the test's upstream");
    ManualUpstream<Integer> broken = ManualUpstream.throwingFromRequest(failure);
    OutputSubscriber<Integer> output = to(options);
    broken.subscribe(output);
    assertSame(failure, ToOutputContract.failureOf(output.result()));
    broken.awaitCancel();
  }

  /** The cancel comes at any moment: before, while elements come, and after the end. */
  @Test
  void everyElementIsWrittenOrGivenBackOnce() {
    for (int round = 0; round < 300; round++) {
      List<Integer> produced = new CopyOnWriteArrayList<>();
      List<Integer> ended = Collections.synchronizedList(new ArrayList<>());
      OutputSubscriber<Integer> output =
          to(
              WriteOptions.<Integer>encoded(
                      element -> 1,
                      (element, buffer) -> {
                        buffer.write(new byte[1]);
                        ended.add(element);
                      })
                  .withDiscard(ended::add)
                  .withAhead(1 + round % 7));
      Flux.range(0, 200)
          // What waits in its queue was not given yet.
          .publishOn(Schedulers.single(), 1 + round % 3)
          .doOnNext(produced::add)
          .subscribe(output);
      for (int i = 0; i < round * 100; i++) {
        Thread.onSpinWait();
      }
      output.cancel();
      TestSystem.get(output.result().handle((bytes, failure) -> bytes).toCompletableFuture());
      TestSystem.awaitUntil(() -> produced.equals(sorted(ended)));
    }
  }

  /** Before the subscription, while elements come, or while the actor starts. */
  @Test
  void closeOfTheSystemAtAnyMomentEndsTheStream() throws IOException {
    for (int round = 0; round < 15; round++) {
      AtomicInteger given = new AtomicInteger();
      AtomicInteger ended = new AtomicInteger();
      int spins = round * round * 1_000;
      TestSystem other = TestSystem.open(ExecutorPool.AUTO);
      Wire way = Wire.connect(other.io());
      OutputSubscriber<Integer> output =
          Subscribers.toOutput(
              other.executor(),
              way.stream(),
              WriteOptions.<Integer>encoded(
                      element -> 1,
                      (element, buffer) -> {
                        buffer.write(new byte[1]);
                        ended.incrementAndGet();
                      })
                  .withDiscard(element -> ended.incrementAndGet()));
      CompletableFuture<Void> closing =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < spins; i++) {
                  Thread.onSpinWait();
                }
                other.close();
              });
      Flux.range(0, Integer.MAX_VALUE)
          .publishOn(Schedulers.single(), 1)
          .doOnNext(element -> given.incrementAndGet())
          .subscribe(output);
      TestSystem.get(closing);
      assertNotNull(ToOutputContract.failureOf(output.result()));
      TestSystem.awaitUntil(() -> given.get() == ended.get());
      way.peer().close();
    }
  }

  private static List<Integer> sorted(List<Integer> elements) {
    synchronized (elements) {
      return elements.stream().sorted().toList();
    }
  }

  private static OutputSubscriber<Integer> to(WriteOptions<Integer> how) {
    return Subscribers.toOutput(system.executor(), wire.stream(), how);
  }
}
