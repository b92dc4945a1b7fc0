package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import dev.ringlet.executor.TaskQueueStats;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who runs next within a class, who waits at the door, and who is asked to give way. */
@OnBothDrivers
final class FairPlayTest {
  private final String driver;
  private ActorSystem system;

  FairPlayTest(String driver) {
    this.driver = driver;
  }

  private void open(ExecutorPool pool) {
    system = ActorSystem.create("test", pool);
  }

  @AfterEach
  void close() {
    system.close();
  }

  /** Whom A tells runs before those that waited, three times in a row. */
  private List<String> orderOfAConversation(boolean runNext) {
    open(Systems.pool(driver, 1).withRunNext(runNext));
    List<String> order = new ArrayList<>();
    CompletableFuture<Void> done = new CompletableFuture<>();
    ActorRef<Integer> a = system.spawn(() -> new Talker("a", order), options());
    ActorRef<Integer> b = system.spawn(() -> new Talker("b", order), options());
    ActorRef<Integer> bystander =
        system.spawn(() -> (message, context) -> order.add("bystander"), options());
    ActorRef<Integer> last =
        system.spawn(() -> (message, context) -> done.complete(null), options());
    Talker.introduce(a, b);
    // Six have started: these, the guardian, and the one that runs tasks.
    Systems.awaitUntil(() -> system.stats().executors().get(0).messages() >= 6);
    system
        .executors()
        .get(0)
        .execute(
            () -> {
              a.tell(8);
              bystander.tell(0);
              last.tell(0);
            });
    Systems.get(done);
    Systems.awaitUntil(() -> system.stats().executors().get(0).messages() >= 18);
    return order;
  }

  private static ActorOptions options() {
    return ActorOptions.defaults();
  }

  private static final class Talker implements Actor<Integer> {
    private static ActorRef<Integer> first;
    private static ActorRef<Integer> second;

    private final String name;
    private final List<String> order;

    Talker(String name, List<String> order) {
      this.name = name;
      this.order = order;
    }

    static void introduce(ActorRef<Integer> a, ActorRef<Integer> b) {
      first = a;
      second = b;
    }

    @Override
    public void receive(Integer left, ActorContext<Integer> context) {
      order.add(name);
      if (left > 0) {
        (name.equals("a") ? second : first).tell(left - 1);
      }
    }
  }

  @Test
  void withRunNextWhoIsAnsweredRunsNextButNotForEver() {
    List<String> order = orderOfAConversation(true);
    int bystander = order.indexOf("bystander");
    assertTrue(bystander >= 3, order.toString());
    assertTrue(bystander <= 5, "more than three in a row: " + order);
  }

  @Test
  void withoutItFirstComesFirst() {
    List<String> order = orderOfAConversation(false);
    assertTrue(order.indexOf("bystander") <= 1, order.toString());
  }

  /** A burning core without other classes: nobody is asked to give way before the slice is over. */
  @Test
  void whoIsAloneIsAskedToGiveWayAtTheEndOfTheSliceOnly() {
    open(Systems.pool(driver, 1).withPreemptInterval(Duration.ofMillis(100)));
    CompletableFuture<Long> asked = new CompletableFuture<>();
    system
        .spawn(
            () ->
                (message, context) -> {
                  long start = System.nanoTime();
                  while (!context.needPreempt()) {
                    Thread.onSpinWait();
                  }
                  asked.complete(System.nanoTime() - start);
                },
            options())
        .tell("go");
    long nanos = Systems.get(asked);
    assertTrue(nanos > 90_000_000, "asked after " + nanos + " ns");
  }

  @Test
  void whoRunsWhileALatencyClassHasWorkIsAskedToGiveWay() {
    open(Systems.pool(driver, 1).withPreemptInterval(Duration.ofHours(1)));
    PriorityClass urgent =
        new PriorityClass("urgent", Shares.of(1000), Latency.matters(Duration.ofMillis(2)));
    CompletableFuture<Void> running = new CompletableFuture<>();
    CompletableFuture<Void> asked = new CompletableFuture<>();
    ActorRef<Object> other =
        system.spawn(() -> (message, context) -> {}, options().withPriorityClass(urgent));
    system
        .spawn(
            () ->
                (message, context) -> {
                  running.complete(null);
                  while (!context.needPreempt()) {
                    Thread.onSpinWait();
                  }
                  asked.complete(null);
                },
            options())
        .tell("go");
    Systems.get(running);
    other.tell("hurry");
    Systems.get(asked);
  }

  /** Stops are no messages; a class in which many stop gives way all the same. */
  @Test
  void whereManyStopOthersStillGetTheirTurn() {
    open(Systems.pool(driver, 1));
    PriorityClass other = new PriorityClass("other", Shares.of(1000), Latency.notImportant());
    AtomicInteger stopped = new AtomicInteger();
    CompletableFuture<Integer> stoppedBefore = new CompletableFuture<>();
    ActorRef<Object> bystander =
        system.spawn(
            () -> (message, context) -> stoppedBefore.complete(stopped.get()),
            options().withPriorityClass(other));
    ActorRef<Object> parent =
        system.spawn(
            () ->
                (message, context) -> {
                  if (message.equals("spawn")) {
                    for (int i = 0; i < 300; i++) {
                      context.spawn(() -> new SlowToStop(stopped), options());
                    }
                  } else {
                    bystander.tell("go");
                    context.stop();
                  }
                },
            options());
    long messages = system.stats().executors().get(0).messages();
    parent.tell("spawn");
    Systems.awaitUntil(() -> system.stats().executors().get(0).messages() >= messages + 301);
    parent.tell("stop");
    int count = Systems.get(stoppedBefore);
    assertTrue(count < 150, count + " of 300 had stopped");
    Systems.awaitUntil(() -> stopped.get() == 300);
  }

  private record SlowToStop(AtomicInteger stopped) implements Actor<Object> {
    @Override
    public void receive(Object message, ActorContext<Object> context) {}

    @Override
    public void postStop(ActorContext<Object> context) {
      long end = System.nanoTime() + 1_000_000;
      while (System.nanoTime() - end < 0) {
        Thread.onSpinWait();
      }
      stopped.incrementAndGet();
    }
  }

  // ---- what the counters tell

  @Test
  void budgetsAndWakeUpsAreCounted() {
    open(Systems.pool(driver, 2).withThroughput(10));
    CompletableFuture<Void> done = new CompletableFuture<>();
    ActorRef<Integer> target =
        system
            .executors()
            .get(1)
            .spawn(
                () ->
                    (message, context) -> {
                      if (message == 0) {
                        done.complete(null);
                      }
                    },
                options());
    Systems.awaitUntil(() -> stats(0).parks() > 0 && stats(1).parks() > 0);
    long wakeupsBefore = stats(0).wakeupsSent();
    assertEquals(0, queueStats(1).budgetEnds());
    // While they wait for the core none of them is handled.
    Systems.inTurn(
        system.executors().get(1),
        here -> {
          for (int i = 99; i >= 0; i--) {
            target.tell(i);
          }
        });
    Systems.get(done);
    Systems.awaitUntil(() -> queueStats(1).budgetEnds() >= 9);
    // An executor that parks again and again is woken sooner or later.
    Systems.awaitUntil(
        () -> {
          Systems.inTurn(system.executors().get(0), here -> target.tell(1));
          return stats(0).wakeupsSent() > wakeupsBefore;
        });
    assertTrue(stats(0).involuntarySwitches() >= 0, "Linux tells of switches");
  }

  private ExecutorStats stats(int executor) {
    return system.stats().executors().get(executor);
  }

  private TaskQueueStats queueStats(int executor) {
    return stats(executor).taskQueues().stream()
        .filter(queue -> queue.priorityClass().equals(PriorityClass.DEFAULT))
        .findAny()
        .orElseThrow();
  }

  // ---- the door

  @Test
  void noConnectionsAreTakenWhileTooManyActorsWait() throws IOException {
    open(Systems.pool(driver, 1).withIntakeLimit(100).withThroughput(1));
    AtomicInteger accepted = new AtomicInteger();
    InetSocketAddress address =
        Systems.listen(
            system.executors().get(0),
            (stream, context) -> {
              accepted.incrementAndGet();
              var unused = stream.close().toCompletionStage();
            });
    AtomicBoolean over = new AtomicBoolean();
    CountDownLatch begun = new CountDownLatch(200);
    system
        .executors()
        .get(0)
        .execute(
            () -> {
              for (int i = 0; i < 200; i++) {
                system.spawn(() -> new Busy(over, begun), options()).tell("go");
              }
            });
    Systems.awaitUntil(
        () -> begun.getCount() == 0 && system.stats().executors().get(0).intakePauses() == 1);
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      clients.add(new Socket(address.getAddress(), address.getPort()));
    }
    CompletableFuture<Void> later = new CompletableFuture<>();
    later.completeOnTimeout(null, 50, TimeUnit.MILLISECONDS);
    Systems.get(later);
    assertTrue(accepted.get() <= 1, accepted.get() + " were taken");
    assertFalse(over.getAndSet(true));
    Systems.awaitUntil(() -> accepted.get() == 5);
    for (Socket client : clients) {
      client.close();
    }
    assertEquals(1, system.stats().executors().get(0).intakePauses());
  }

  /** Always has another message, and so always waits for the core. */
  private record Busy(AtomicBoolean over, CountDownLatch begun) implements Actor<String> {
    @Override
    public void receive(String message, ActorContext<String> context) {
      begun.countDown();
      if (!over.get()) {
        context.self().tell(message);
      }
    }
  }
}
