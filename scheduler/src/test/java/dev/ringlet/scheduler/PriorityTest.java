package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import dev.ringlet.executor.TaskQueueStats;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
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
}
