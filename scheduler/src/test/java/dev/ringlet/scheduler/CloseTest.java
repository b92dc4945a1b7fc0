package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.RouterRef;
import dev.ringlet.actor.Routing;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.IoException;
import dev.ringlet.io.ListenOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a system, also when its actors do not want to end. */
@OnBothDrivers
final class CloseTest {
  private final String driver;

  CloseTest(String driver) {
    this.driver = driver;
  }

  private static List<Thread> threads(ActorSystem system) {
    return system.executors().stream().map(e -> ((CoreExecutor) e).thread()).toList();
  }

  @Test
  void closeEndsTheThreadsAndASecondCloseDoesNothing() {
    ActorSystem system = Systems.open(driver, 2);
    system.close();
    for (Thread thread : threads(system)) {
      assertFalse(thread.isAlive(), thread.getName());
    }
    system.close();
    assertEquals(2, system.stats().executors().size());
  }

  @Test
  void aTaskThatSchedulesItselfForEverEndsWithTheSystem() throws InterruptedException {
    ActorSystem system = Systems.open(driver, 1);
    ActorExecutor executor = system.executors().get(0);
    CompletableFuture<Throwable> refused = new CompletableFuture<>();
    executor.execute(
        new Runnable() {
          @Override
          public void run() {
            try {
              executor.execute(this);
            } catch (RejectedExecutionException ended) {
              refused.complete(ended);
            }
          }
        });
    system.close(Duration.ofMillis(200));
    Systems.get(refused);
    Thread thread = threads(system).get(0);
    thread.join(Systems.PATIENCE.toMillis());
    assertFalse(thread.isAlive(), "it goes on for ever");
  }

  @Test
  void anExecutorThreadCannotCloseItsOwnSystem() {
    try (ActorSystem system = Systems.open(driver, 1)) {
      Systems.inTurn(
          system.executors().get(0),
          context -> {
            IllegalStateException failure =
                assertThrows(
                    IllegalStateException.class, () -> system.close(Duration.ofSeconds(1)));
            assertTrue(failure.getMessage().contains("executor 0"), failure.getMessage());
          });
    }
  }

  @Test
  void whatIsInFlightIsToldAndGivenBack() {
    ActorSystem system = Systems.open(driver, 1);
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Systems.inTurn(
        system.executors().get(0),
        context ->
            context
                .io()
                .delay(Duration.ofDays(1))
                .toCompletionStage()
                .whenComplete((nothing, failure) -> outcome.complete(failure)));
    Systems.inTurn(
        system.executors().get(0),
        context ->
            context
                .io()
                .listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    ListenOptions.defaults())
                .toCompletionStage());
    system.close();
    Throwable failure = Systems.get(outcome);
    assertTrue(failure instanceof IoException io && io.isCancelled(), String.valueOf(failure));
    var stats = system.stats().executors().get(0);
    assertEquals(0, stats.io().inFlight());
    assertEquals(0, stats.buffersLent());
    assertEquals(0, stats.actors());
  }

  @Test
  void anActorThatBlocksItsThreadDoesNotHoldCloseForEver() {
    ActorSystem system = Systems.open(driver, 2);
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    system
        .executors()
        .get(0)
        .spawn(
            () ->
                new Actor<>() {
                  @Override
                  public void preStart(ActorContext<Object> context) throws InterruptedException {
                    blocked.countDown();
                    never.await();
                  }

                  @Override
                  public void receive(Object message, ActorContext<Object> context) {}
                },
            ActorOptions.named("blocker"));
    Systems.awaitUntil(() -> blocked.getCount() == 0);
    system.close(Duration.ofMillis(50));
    for (Thread thread : threads(system)) {
      assertFalse(thread.isAlive(), "the interrupt at the deadline frees it");
    }
  }

  @Test
  void anActorThatNeverRestsDoesNotHoldCloseForEver() {
    ActorSystem system = Systems.open(driver, 1);
    system
        .spawn(
            () ->
                new Actor<Integer>() {
                  @Override
                  public void receive(Integer message, ActorContext<Integer> context) {
                    context.self().tell(message + 1);
                  }
                },
            ActorOptions.defaults())
        .tell(0);
    system.close(Duration.ofMillis(200));
    assertEquals(0, system.stats().executors().get(0).actors());
    assertTrue(system.stats().deadLetters() >= 1);
  }

  @Test
  void whatComesTooLateIsRefused() {
    ActorSystem system = Systems.open(driver, 1);
    ActorExecutor executor = system.executors().get(0);
    system.close();
    assertThrows(RejectedExecutionException.class, () -> executor.execute(() -> {}));
    assertThrows(
        IllegalStateException.class,
        () -> executor.spawn(() -> (message, context) -> {}, ActorOptions.defaults()));
  }

  /** An executor does not survive what the virtual machine does not; who waits is told. */
  @Test
  void aFatalErrorEndsTheSystemAndTellsWhoWaits() {
    ActorSystem system = Systems.open(driver, 2);
    CompletableFuture<Throwable> delay = new CompletableFuture<>();
    Systems.inTurn(
        system.executors().get(0),
        context ->
            context
                .io()
                .delay(Duration.ofDays(1))
                .toCompletionStage()
                .whenComplete((nothing, failure) -> delay.complete(failure)));
    ActorRef<ActorRef<String>> dying =
        system
            .executors()
            .get(0)
            .spawn(
                () ->
                    (message, context) -> {
                      throw new InternalError("by the test");
                    },
                ActorOptions.named("dying"));
    CompletionStage<String> first = dying.ask(sender -> sender, Duration.ofMinutes(5));
    CompletionStage<String> second = dying.ask(sender -> sender, Duration.ofMinutes(5));
    assertTrue(Systems.get(delay) instanceof IoException io && io.isCancelled());
    assertThrows(CompletionException.class, () -> Systems.get(second));
    for (Thread thread : threads(system)) {
      Systems.awaitUntil(() -> !thread.isAlive());
    }
    assertThrows(CompletionException.class, () -> Systems.get(first));
    system.close();
  }

  /** Whoever asked an actor that close had to leave behind need not wait for the timeout. */
  @Test
  void whatWaitsForAnActorThatIsLeftBehindIsADeadLetter() {
    ActorSystem system = Systems.open(driver, 1);
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    ActorRef<ActorRef<String>> blocker =
        system.spawn(
            () ->
                (message, context) -> {
                  blocked.countDown();
                  never.await();
                },
            ActorOptions.defaults());
    CompletionStage<String> first = blocker.ask(sender -> sender, Duration.ofMinutes(5));
    CompletionStage<String> second = blocker.ask(sender -> sender, Duration.ofMinutes(5));
    Systems.awaitUntil(() -> blocked.getCount() == 0);
    system.close(Duration.ofMillis(50));
    assertThrows(CompletionException.class, () -> Systems.get(second));
    assertThrows(CompletionException.class, () -> Systems.get(first));
  }

  /** Senders never know when a system closes; every message is handled or a dead letter. */
  @Test
  void noMessageIsLostWhileClosing() throws InterruptedException {
    for (int round = 0; round < 50; round++) {
      ActorSystem system = Systems.open(driver, 2);
      long[] handled = new long[1];
      var receiver =
          system.<Integer>spawn(() -> (message, context) -> handled[0]++, ActorOptions.defaults());
      int count = 20_000;
      CountDownLatch started = new CountDownLatch(1);
      Thread sender =
          new Thread(
              () -> {
                for (int i = 0; i < count; i++) {
                  receiver.tell(i);
                  if (i == 100) {
                    started.countDown();
                  }
                }
              });
      sender.start();
      started.await();
      system.close();
      sender.join();
      assertEquals(count, handled[0] + system.stats().deadLetters());
    }
  }

  /** Neither a hang nor an actor that is left behind, however many pools there are by then. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void poolsMayBeSpawnedWhileTheSystemCloses(boolean stopped) throws Exception {
    for (int round = 0; round < 15; round++) {
      ActorSystem closing = Systems.open(driver, 2);
      CountDownLatch enough = new CountDownLatch(1 + round * 20);
      Thread spawner = new Thread(() -> spawnPools(closing, stopped, enough));
      spawner.start();
      enough.await();
      closing.close(Systems.PATIENCE);
      spawner.join();
      assertEquals(
          0, closing.stats().executors().stream().mapToLong(e -> e.actors()).sum(), "actors left");
    }
  }

  /** Until the system is closed. */
  private static void spawnPools(ActorSystem closing, boolean stopped, CountDownLatch spawned) {
    try {
      while (true) {
        RouterRef<String> pool =
            closing.spawnPool(
                2,
                index -> (message, context) -> {},
                Routing.roundRobin(),
                ActorOptions.defaults());
        pool.tell("message");
        if (stopped) {
          closing.stop(pool);
        }
        spawned.countDown();
      }
    } catch (IllegalStateException closed) {
      // As it should be.
    }
  }
}
