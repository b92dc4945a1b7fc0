package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.DelayHistogram;
import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import dev.ringlet.executor.TaskQueueStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Classes on real threads. */
@OnBothDrivers
final class PriorityTest {
  private static final PriorityClass URGENT =
      new PriorityClass("urgent", Shares.of(1000), Latency.matters(Duration.ofMillis(1)));
  private static final PriorityClass FEW =
      new PriorityClass("few", Shares.of(100), Latency.notImportant());
  private static final PriorityClass MANY =
      new PriorityClass("many", Shares.of(400), Latency.notImportant());

  private final String driver;
  private final AtomicBoolean over = new AtomicBoolean();
  private ActorSystem system;

  PriorityTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = Systems.open(driver, 1);
  }

  @AfterEach
  void close() {
    over.set(true);
    system.close();
  }

  /** Uses the core whenever it gets it, and gives it back when it is asked to. */
  private final class Burner implements Actor<String> {
    @Override
    public void receive(String message, ActorContext<String> context) {
      burn(context);
    }

    private void burn(ActorContext<String> context) {
      while (!over.get()) {
        if (context.needPreempt()) {
          context.yield(() -> burn(context));
          return;
        }
      }
    }
  }

  private void burn(PriorityClass priorityClass) {
    system.spawn(Burner::new, ActorOptions.defaults().withPriorityClass(priorityClass)).tell("go");
  }

  private TaskQueueStats queue(PriorityClass priorityClass) {
    return system.stats().executors().get(0).taskQueues().stream()
        .filter(queue -> queue.priorityClass().equals(priorityClass))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Run time is wall time: a slice in which the machine was busy elsewhere is a long one, which the
   * others catch up with later.
   */
  @Test
  void competingClassesGetTimeByTheirShares() {
    burn(FEW);
    burn(MANY);
    Systems.awaitUntil(
        () -> {
          double ratio = (double) queue(MANY).runNanos() / Math.max(1, queue(FEW).runNanos());
          return queue(FEW).runNanos() > 60_000_000 && ratio > 3.5 && ratio < 4.5;
        });
  }

  /**
   * A remote send to a latency class ends the slice of the class that runs: with slices of a
   * second, a hundred answers would take minutes.
   */
  @Test
  void aRemoteSendToALatencyClassDoesNotWaitForASlice() {
    try (ActorSystem coarse =
        ActorSystem.create(
            "coarse", Systems.pool(driver, 1).withPreemptInterval(Duration.ofSeconds(2)))) {
      coarse.spawn(Burner::new, ActorOptions.defaults().withPriorityClass(FEW)).tell("go");
      ActorRef<CompletableFuture<String>> urgent =
          coarse.spawn(
              () -> (reply, context) -> reply.complete("here"),
              ActorOptions.defaults().withPriorityClass(URGENT));
      for (int i = 0; i < 100; i++) {
        CompletableFuture<String> reply = new CompletableFuture<>();
        urgent.tell(reply);
        assertEquals("here", Systems.get(reply));
      }
      over.set(true);
    }
  }

  /** The same for a completion: the kernel's answer is for an actor of a latency class. */
  @Test
  void aCompletionForALatencyClassDoesNotWaitForASlice() {
    try (ActorSystem coarse =
        ActorSystem.create(
            "coarse", Systems.pool(driver, 1).withPreemptInterval(Duration.ofSeconds(2)))) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      coarse.spawn(Burner::new, ActorOptions.defaults().withPriorityClass(FEW)).tell("go");
      coarse.spawn(() -> new Delays(done), ActorOptions.defaults().withPriorityClass(URGENT));
      Systems.get(done);
      over.set(true);
    }
  }

  private static final class Delays implements Actor<Integer> {
    private final CompletableFuture<Void> done;

    Delays(CompletableFuture<Void> done) {
      this.done = done;
    }

    @Override
    public void preStart(ActorContext<Integer> context) {
      receive(100, context);
    }

    @Override
    public void receive(Integer left, ActorContext<Integer> context) {
      if (left == 0) {
        done.complete(null);
      } else {
        context.pipe(context.io().delay(Duration.ofNanos(50_000)), (nothing, failure) -> left - 1);
      }
    }
  }

  @Test
  void childrenInheritTheClassUnlessToldOtherwise() {
    CompletableFuture<PriorityClass> inherited = new CompletableFuture<>();
    CompletableFuture<PriorityClass> own = new CompletableFuture<>();
    system.spawn(
        () ->
            new Actor<>() {
              @Override
              public void preStart(ActorContext<Object> context) {
                context.spawn(() -> new Teller(inherited), ActorOptions.defaults());
                context.spawn(
                    () -> new Teller(own), ActorOptions.defaults().withPriorityClass(MANY));
              }

              @Override
              public void receive(Object message, ActorContext<Object> context) {}
            },
        ActorOptions.defaults().withPriorityClass(FEW));
    assertEquals(FEW, Systems.get(inherited));
    assertEquals(MANY, Systems.get(own));
  }

  private static final class Teller implements Actor<Object> {
    private final CompletableFuture<PriorityClass> told;

    Teller(CompletableFuture<PriorityClass> told) {
      this.told = told;
    }

    @Override
    public void preStart(ActorContext<Object> context) {
      told.complete(context.priorityClass());
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {}
  }

  @Test
  void aNameStandsForOneClass() {
    burn(FEW);
    PriorityClass other = new PriorityClass("few", Shares.of(5), Latency.notImportant());
    IllegalArgumentException failure =
        assertThrows(IllegalArgumentException.class, () -> burn(other));
    assertTrue(failure.getMessage().contains("few"), failure.getMessage());
  }

  /** A flood for one actor does not keep another of the same class from its messages. */
  @Test
  void aBatchIsBoundedByTheMessageBudget() {
    CompletableFuture<Long> seen = new CompletableFuture<>();
    long[] flooded = new long[1];
    system
        .executors()
        .get(0)
        .execute(
            () -> {
              ActorRef<Integer> flood =
                  system.spawn(() -> (message, context) -> flooded[0]++, ActorOptions.defaults());
              ActorRef<Integer> single =
                  system.spawn(
                      () -> (message, context) -> seen.complete(flooded[0]),
                      ActorOptions.defaults());
              for (int i = 0; i < 100_000; i++) {
                flood.tell(i);
              }
              single.tell(1);
            });
    long before = Systems.get(seen);
    assertTrue(before <= 2 * 64, before + " messages of the flood came first");
  }

  /** Ten actors of one class each give the core back: they take turns. */
  @Test
  void actorsThatYieldTakeTurns() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    List<Integer> order = new ArrayList<>();
    system
        .executors()
        .get(0)
        .execute(
            () -> {
              for (int i = 0; i < 10; i++) {
                int number = i;
                system
                    .spawn(
                        () -> (message, context) -> yieldOften(number, 1000, order, context, done),
                        ActorOptions.defaults())
                    .tell("go");
              }
            });
    Systems.get(done);
    // At the ends a slice may have been over before all had begun, or when some had ended.
    for (int i = 40; i < order.size() - 40; i++) {
      assertEquals(order.get(i - 10), order.get(i), "at " + i);
    }
  }

  private void yieldOften(
      int number,
      int left,
      List<Integer> order,
      ActorContext<Object> context,
      CompletableFuture<Void> done) {
    order.add(number);
    if (left > 0) {
      context.yield(() -> yieldOften(number, left - 1, order, context, done));
    } else if (order.size() == 10 * 1001) {
      done.complete(null);
    }
  }

  /** Two classes that give the core away alternate, whatever their shares say. */
  @Test
  void classesThatGiveTheCoreAwayAlternate() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    List<String> order = new ArrayList<>();
    system
        .executors()
        .get(0)
        .execute(
            () -> {
              for (PriorityClass each : List.of(FEW, MANY)) {
                system
                    .spawn(
                        () ->
                            (message, context) ->
                                yieldQueueOften(each.name(), 500, order, context, done),
                        ActorOptions.defaults().withPriorityClass(each))
                    .tell("go");
              }
            });
    Systems.get(done);
    for (int i = 10; i < order.size() - 10; i++) {
      assertEquals(order.get(i - 2), order.get(i), "at " + i);
    }
    assertEquals(500, queue(FEW).queueYields());
  }

  private void yieldQueueOften(
      String name,
      int left,
      List<String> order,
      ActorContext<Object> context,
      CompletableFuture<Void> done) {
    order.add(name);
    if (left > 0) {
      context.yieldQueue(() -> yieldQueueOften(name, left - 1, order, context, done));
    } else if (order.size() == 1002) {
      done.complete(null);
    }
  }

  @Test
  void anActorMovesToAnotherClass() {
    CompletableFuture<PriorityClass> before = new CompletableFuture<>();
    CompletableFuture<PriorityClass> after = new CompletableFuture<>();
    ActorRef<CompletableFuture<PriorityClass>> moving =
        system.spawn(
            () ->
                (told, context) -> {
                  told.complete(context.priorityClass());
                  context.changePriorityClass(MANY);
                },
            ActorOptions.defaults().withPriorityClass(FEW));
    moving.tell(before);
    moving.tell(after);
    assertEquals(FEW, Systems.get(before));
    assertEquals(MANY, Systems.get(after));
    system.removePriorityClass(FEW);
    assertThrows(IllegalStateException.class, () -> system.removePriorityClass(MANY));
  }

  @Test
  void aClassWithActorsCannotBeRemovedAndOneWithoutCanBeMadeAnew() {
    ActorRef<Object> member =
        system.spawn(
            () -> (message, context) -> context.stop(),
            ActorOptions.defaults().withPriorityClass(FEW));
    IllegalStateException failure =
        assertThrows(IllegalStateException.class, () -> system.removePriorityClass(FEW));
    assertTrue(failure.getMessage().contains("1 actors"), failure.getMessage());
    member.tell("stop");
    Systems.awaitUntil(() -> system.stats().executors().get(0).actors() == 0);
    Systems.awaitUntil(
        () -> {
          try {
            system.removePriorityClass(FEW);
            return true;
          } catch (IllegalStateException busy) {
            return false;
          }
        });
    assertThrows(IllegalArgumentException.class, () -> system.removePriorityClass(FEW));
    PriorityClass other = new PriorityClass("few", Shares.of(5), Latency.notImportant());
    CompletableFuture<PriorityClass> told = new CompletableFuture<>();
    system.spawn(() -> new Teller(told), ActorOptions.defaults().withPriorityClass(other));
    assertEquals(other, Systems.get(told));
    assertThrows(
        IllegalArgumentException.class, () -> system.removePriorityClass(PriorityClass.DEFAULT));
  }

  /** A request for a class that is not more urgent than the running one does not disturb it. */
  @Test
  void aLessUrgentClassDoesNotPreemptAMoreUrgentOne() {
    PriorityClass later =
        new PriorityClass("later", Shares.of(1000), Latency.matters(Duration.ofSeconds(20)));
    try (ActorSystem coarse =
        ActorSystem.create(
            "coarse", Systems.pool(driver, 1).withPreemptInterval(Duration.ofSeconds(20)))) {
      PriorityClass sooner =
          new PriorityClass("sooner", Shares.of(1000), Latency.matters(Duration.ofSeconds(10)));
      AtomicBoolean sent = new AtomicBoolean();
      CompletableFuture<Boolean> preempted = new CompletableFuture<>();
      CompletableFuture<Void> running = new CompletableFuture<>();
      ActorRef<String> less =
          coarse.spawn(
              () -> (message, context) -> {}, ActorOptions.defaults().withPriorityClass(later));
      coarse
          .spawn(
              () ->
                  (message, context) -> {
                    running.complete(null);
                    while (!sent.get()) {
                      Thread.onSpinWait();
                    }
                    boolean wanted = false;
                    for (int i = 0; i < 1_000_000; i++) {
                      wanted |= context.needPreempt();
                    }
                    preempted.complete(wanted);
                  },
              ActorOptions.defaults().withPriorityClass(sooner))
          .tell("go");
      Systems.get(running);
      less.tell("hello");
      sent.set(true);
      assertEquals(false, Systems.get(preempted));
    }
  }

  /** Dynamic shares: a class that is given more gets more. */
  @Test
  void sharesThatChangeChangeTheTimeThatIsGiven() {
    AtomicInteger wanted = new AtomicInteger(10);
    PriorityClass changing =
        new PriorityClass(
            "changing", Shares.dynamic(wanted::get, Duration.ofMillis(5)), Latency.notImportant());
    burn(MANY);
    burn(changing);
    Systems.awaitUntil(() -> queue(changing).slices() > 10 && queue(changing).shares() == 10);
    long many = queue(MANY).runNanos();
    long before = queue(changing).runNanos();
    Systems.awaitUntil(
        () -> {
          long others = queue(MANY).runNanos() - many;
          return others > 50_000_000 && (queue(changing).runNanos() - before) * 5 < others;
        });
    wanted.set(1000);
    Systems.awaitUntil(() -> queue(changing).shares() == 1000);
    long moreBefore = queue(changing).runNanos();
    long manyBefore = queue(MANY).runNanos();
    Systems.awaitUntil(
        () ->
            queue(changing).runNanos() - moreBefore > 50_000_000
                && queue(changing).runNanos() - moreBefore > queue(MANY).runNanos() - manyBefore);
  }

  @Test
  void statisticsTellWhyTheCoreWasGivenBack() {
    burn(FEW);
    burn(MANY);
    Systems.awaitUntil(
        () ->
            queue(FEW).preemptions() + queue(MANY).preemptions() > 0
                && queue(FEW).yields() > 0
                && queue(FEW).waits().count() > 0
                && queue(FEW).waits().percentileNanos(50) > 0);
    assertEquals(100, queue(FEW).shares());
    DelayHistogram waits = queue(FEW).waits();
    assertTrue(waits.maxNanos() >= waits.percentileNanos(99));
  }

  /** What an executor has to do before its first turn has not waited since the clock's zero. */
  @Test
  void waitsBeginWithTheExecutor() {
    long before = System.nanoTime();
    try (ActorSystem fresh = Systems.open(driver, 1)) {
      fresh.run(context -> "");
      TaskQueueStats queue = fresh.stats().executors().get(0).taskQueues().get(0);
      assertTrue(queue.waits().count() > 0);
      long most = System.nanoTime() - before;
      assertTrue(queue.waits().maxNanos() <= most, () -> queue.waits() + " in " + most);
    }
  }
}
