package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.Supervision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hearing of the end of others. */
@OnBothDrivers
final class WatchTest {
  private final String driver;
  private final List<Object> heard = new CopyOnWriteArrayList<>();
  private ActorSystem system;

  WatchTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = Systems.open(driver, 2);
  }

  @AfterEach
  void close() {
    system.close();
  }

  private ActorOptions on(int executor) {
    return ActorOptions.defaults().onExecutor(system.executors().get(executor));
  }

  /** Runs code, and notes what else it gets. */
  private ActorRef<Object> watcher(ActorOptions options) {
    return system.spawn(
        () ->
            (message, context) -> {
              if (message instanceof Code code) {
                code.run(context);
              } else {
                heard.add(message);
              }
            },
        options);
  }

  @FunctionalInterface
  private interface Code {
    void run(ActorContext<Object> context);
  }

  private static void run(ActorRef<Object> actor, Consumer<ActorContext<Object>> code) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    actor.tell(
        (Code)
            context -> {
              try {
                code.accept(context);
                done.complete(null);
              } catch (Throwable failure) {
                done.completeExceptionally(failure);
              }
            });
    Systems.get(done);
  }

  private ActorRef<Object> silent(int executor) {
    return system.spawn(() -> (message, context) -> {}, on(executor));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void theEndOfAnotherIsToldOnceAndAfterItsMessages(int executor) {
    ActorRef<Object> watcher = watcher(on(0));
    ActorRef<Object> talker =
        system.spawn(
            () ->
                new Actor<>() {
                  @Override
                  public void receive(Object message, ActorContext<Object> context) {
                    for (int i = 0; i < 100; i++) {
                      watcher.tell(i);
                    }
                    context.stop();
                  }

                  @Override
                  public void postStop(ActorContext<Object> context) {
                    watcher.tell("last words");
                  }
                },
            on(executor));
    run(watcher, context -> context.watch(talker, "it is over"));
    talker.tell("talk");
    List<Object> expected = new ArrayList<>(IntStream.range(0, 100).boxed().toList());
    expected.add("last words");
    expected.add("it is over");
    Systems.awaitUntil(() -> heard.size() >= expected.size());
    run(watcher, context -> {});
    assertEquals(expected, heard);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whoIsDeadAlreadyIsTold(int executor) {
    ActorRef<Object> dead = silent(executor);
    system.stop(dead);
    Systems.awaitUntil(() -> living() == 0);
    ActorRef<Object> watcher = watcher(on(0));
    run(watcher, context -> context.watch(dead, "dead"));
    Systems.awaitUntil(() -> heard.equals(List.of("dead")));
  }

  private long living() {
    return system.stats().executors().stream().mapToLong(each -> each.actors()).sum();
  }

  @Test
  void watchingAgainReplacesTheMessage() {
    ActorRef<Object> watcher = watcher(on(0));
    ActorRef<Object> other = silent(1);
    run(
        watcher,
        context -> {
          context.watch(other, "first");
          context.watch(other, "second");
        });
    system.stop(other);
    Systems.awaitUntil(() -> !heard.isEmpty());
    run(watcher, context -> {});
    assertEquals(List.of("second"), heard);
  }

  @Test
  void whatWaitsInTheMailboxIsNotHandledAfterAnUnwatch() {
    ActorRef<Object> watcher = watcher(on(0));
    ActorRef<Object> other = silent(0);
    run(
        watcher,
        context -> {
          context.watch(other, "over");
          system.stop(other);
          context.await(
              context.io().delay(Duration.ofMillis(20)),
              (nothing, error) -> context.unwatch(other));
        });
    Systems.awaitUntil(() -> living() == 1);
    run(watcher, context -> {});
    assertEquals(List.of(), heard);
    run(watcher, context -> context.watch(other, "again"));
    Systems.awaitUntil(() -> heard.equals(List.of("again")));
  }

  @Test
  void aRestartIsNoEndAndKeepsWhatIsWatched() {
    ActorRef<Object> watcher = watcher(on(0).withSupervision(Supervision.restart()));
    ActorRef<Object> other =
        system.spawn(
            () ->
                (message, context) -> {
                  throw new IllegalStateException("as told");
                },
            on(1).withSupervision(Supervision.restart()));
    run(watcher, context -> context.watch(other, "over"));
    other.tell("fail");
    watcher.tell(
        (Code)
            context -> {
              throw new IllegalStateException("as told");
            });
    Systems.awaitUntil(() -> system.stats().restarts() == 2);
    run(watcher, context -> {});
    assertEquals(List.of(), heard);
    system.stop(other);
    Systems.awaitUntil(() -> heard.equals(List.of("over")));
  }

  @Test
  void whoHasStoppedIsForgottenByThoseItWatched() {
    ActorRef<Object> other = silent(1);
    for (int i = 0; i < 100; i++) {
      ActorRef<Object> watcher = watcher(on(i % 2));
      run(watcher, context -> context.watch(other, "over"));
      system.stop(watcher);
    }
    Systems.awaitUntil(() -> living() == 1);
    CompletableFuture<Integer> left = new CompletableFuture<>();
    system
        .executors()
        .get(1)
        .execute(() -> left.complete(((ActorCell<?>) other).watching().watcherCount()));
    assertEquals(0, Systems.get(left));
    assertEquals(0, system.stats().deadLetters());
  }

  @Test
  void onlyOtherActorsCanBeWatched() {
    ActorRef<Object> watcher = watcher(on(0));
    run(
        watcher,
        context -> {
          String message =
              assertThrows(
                      IllegalArgumentException.class, () -> context.watch(context.self(), "me"))
                  .getMessage();
          assertTrue(message.contains("another actor"), message);
          assertThrows(
              IllegalArgumentException.class,
              () -> context.watch(context.adapt(String.class, text -> text), "me"));
        });
  }

  @Test
  void anAdapterStandsForItsActor() {
    CompletableFuture<ActorRef<String>> adapter = new CompletableFuture<>();
    ActorRef<Object> other = watcher(on(1));
    run(other, context -> adapter.complete(context.adapt(String.class, text -> text)));
    ActorRef<String> adapted = Systems.get(adapter);
    ActorRef<Object> watcher = watcher(on(0));
    run(
        watcher,
        context -> {
          context.watch(other, "by its own address");
          context.watch(adapted, "by the adapter");
        });
    system.stop(other);
    Systems.awaitUntil(() -> !heard.isEmpty());
    run(watcher, context -> context.unwatch(adapted));
    assertEquals(List.of("by the adapter"), heard);
  }

  /** Whoever comes first, the end or the watch. */
  @Test
  void eachWatchIsAnsweredOnceWhileActorsComeAndGo() {
    int actors = 2_000;
    Random random = new Random(1);
    List<ActorRef<Object>> others = new ArrayList<>();
    for (int i = 0; i < actors; i++) {
      others.add(silent(random.nextInt(2)));
    }
    AtomicIntegerArray answers = new AtomicIntegerArray(2 * actors);
    for (int w = 0; w < 2; w++) {
      int base = w * actors;
      List<ActorRef<Object>> order = new ArrayList<>(others);
      List<Integer> numbers = new ArrayList<>(IntStream.range(0, actors).boxed().toList());
      Collections.shuffle(numbers, random);
      system.spawn(
          () ->
              new Actor<Integer>() {
                @Override
                public void preStart(ActorContext<Integer> context) {
                  numbers.forEach(number -> context.watch(order.get(number), number));
                }

                @Override
                public void receive(Integer number, ActorContext<Integer> context) {
                  answers.incrementAndGet(base + number);
                }
              },
          on(w));
    }
    Collections.shuffle(others, random);
    others.forEach(system::stop);
    Systems.awaitUntil(
        () -> IntStream.range(0, answers.length()).allMatch(i -> answers.get(i) > 0));
    assertEquals(2 * actors, IntStream.range(0, answers.length()).map(answers::get).sum());
  }
}
