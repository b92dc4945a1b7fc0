package dev.ringlet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.testkit.Finding;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is found at the end of a run. */
final class SimChecksTest {
  private static final Duration DAY = Duration.ofDays(1);

  private static List<Finding> found(SimResult result) {
    assertEquals(null, result.failure());
    return result.findings().stream().map(SimResult.Found::finding).toList();
  }

  private static SimResult withActor(Actor<String> actor, Finding... allowed) {
    return SimSystem.run(
        1,
        SimOptions.defaults().withMostSteps(10_000),
        sim -> {
          sim.allow(allowed);
          ActorSystem system = sim.start("system", ExecutorPool.of(2));
          system.spawn(() -> actor, ActorOptions.named("actor")).tell("go");
        });
  }

  @Test
  void nothingIsFoundWhereNothingIsWrong() {
    assertEquals(List.of(), found(withActor((message, context) -> {})));
  }

  @Test
  void buffersThatAreNotReleased() {
    Actor<String> leaking = (message, context) -> context.io().buffer(100);
    assertEquals(List.of(Finding.LEAKED_BUFFERS), found(withActor(leaking)));
    assertEquals(List.of(), found(withActor(leaking, Finding.LEAKED_BUFFERS)));
  }

  @Test
  void assertionsThatActorsMake() {
    SimResult result =
        withActor(
            (message, context) -> {
              throw new AssertionError("wanted by the test");
            });
    assertEquals(List.of(Finding.FAILED_ASSERTION), found(result));
    assertTrue(result.reason().contains("/system/actor"), result.reason());
    assertTrue(result.reason().contains("wanted by the test"), result.reason());
  }

  @Test
  void deadLettersWhereTheyAreForbidden() {
    SimScenario scenario =
        sim -> {
          ActorSystem system = sim.start("system", ExecutorPool.of(1));
          ActorRef<String> gone =
              system.spawn(() -> (message, context) -> context.stop(), ActorOptions.defaults());
          gone.tell("last");
          sim.runUntilIdle();
          gone.tell("lost");
        };
    assertEquals(List.of(), found(SimSystem.run(1, scenario)));
    SimScenario strict =
        sim -> {
          sim.forbid(Finding.DEAD_LETTERS);
          scenario.run(sim);
        };
    assertEquals(List.of(Finding.DEAD_LETTERS), found(SimSystem.run(1, strict)));
  }

  @Test
  void anEndlessLoop() {
    SimResult result = withActor((message, context) -> context.self().tell(message));
    assertEquals(List.of(Finding.UNREST), found(result));
    assertTrue(result.reason().contains("no rest within 10000 steps"), result.reason());
    assertTrue(result.reason().contains("/system/actor"), result.reason());
  }

  @Test
  void anExecutorThatWasNotWoken() {
    SimResult result =
        SimSystem.run(
            1,
            sim -> {
              ActorSystem system = sim.start("system", ExecutorPool.of(2));
              ActorRef<String> actor =
                  system.spawn(() -> (message, context) -> {}, ActorOptions.defaults());
              sim.runUntilIdle();
              actor.tell("unheard");
              sim.loop().processes().get(0).drivers().forEach(SimDriver::awake);
            });
    assertEquals(List.of(Finding.LOST_WAKEUP), found(result));
    assertTrue(result.reason().contains("1 messages were handled"), result.reason());
  }

  @Test
  void filesThatNobodyClosesWhereThatIsForbidden() {
    SimScenario scenario =
        sim -> {
          ActorSystem system = sim.start("system", ExecutorPool.of(1));
          Actor<String> opening =
              (message, context) -> {
                if (message.equals("go")) {
                  context.pipe(
                      context
                          .io()
                          .open(
                              sim.path("/forgotten"),
                              StandardOpenOption.CREATE,
                              StandardOpenOption.WRITE),
                      (file, failure) -> "opened");
                }
              };
          system.spawn(() -> opening, ActorOptions.defaults()).tell("go");
        };
    assertEquals(List.of(), found(SimSystem.run(1, scenario)));
    SimResult strict =
        SimSystem.run(
            1,
            sim -> {
              sim.forbid(Finding.OPEN_HANDLES);
              scenario.run(sim);
            });
    assertEquals(List.of(Finding.OPEN_HANDLES), found(strict));
    assertTrue(strict.reason().contains("were not closed"), strict.reason());
  }

  @Test
  void aWatchThatWasNotAnswered() {
    SimResult result =
        SimSystem.run(
            1,
            sim -> {
              ActorSystem system = sim.start("system", ExecutorPool.of(2));
              ActorRef<String> mortal =
                  system
                      .executors()
                      .get(0)
                      .spawn(() -> (message, context) -> context.stop(), MORTAL);
              system
                  .executors()
                  .get(1)
                  .spawn(() -> new Watching(mortal), ActorOptions.named("watcher"));
              sim.runUntilIdle();
              SimProcess process = sim.loop().processes().get(0);
              mortal.tell("stop");
              while (process.stepper().unansweredWatches().isEmpty()) {
                assertTrue(sim.step());
              }
              process.drivers().get(1).awake();
            });
    assertEquals(List.of(Finding.UNANSWERED_WATCH, Finding.LOST_WAKEUP), found(result));
    assertTrue(result.reason().contains("/system/watcher watches /system/mortal"), result.reason());
  }

  private static final ActorOptions MORTAL = ActorOptions.named("mortal");

  private static final class Watching implements Actor<String> {
    private final ActorRef<String> other;

    Watching(ActorRef<String> other) {
      this.other = other;
    }

    @Override
    public void preStart(ActorContext<String> context) {
      context.watch(other, "over");
    }

    @Override
    public void receive(String message, ActorContext<String> context) {
      context.stop();
    }
  }

  @Test
  void whatActorsAssertIsToldOfAlsoWhenTheScenarioFailsForIt() {
    SimResult result =
        SimSystem.run(
            1,
            sim -> {
              ActorSystem system = sim.start("system", ExecutorPool.of(1));
              ActorRef<String> actor =
                  system.spawn(
                      () ->
                          (message, context) -> {
                            throw new AssertionError("wanted by the test");
                          },
                      ActorOptions.named("actor"));
              actor.tell("go");
              sim.runUntilIdle();
              throw new java.io.IOException("what comes of it");
            });
    assertEquals("java.io.IOException: what comes of it", "" + result.failure());
    assertTrue(result.reason().contains("what comes of it"), result.reason());
    assertTrue(result.reason().contains("wanted by the test"), result.reason());
  }

  /** Asks another before it answers. */
  private static final class Partner implements Actor<Object> {
    private final ActorRef<Object>[] partners;
    private final int other;

    Partner(ActorRef<Object>[] partners, int other) {
      this.partners = partners;
      this.other = other;
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message.equals("begin")) {
        context.<Object, Object>ask(
            partners[other], replyTo -> replyTo, DAY, (answer, failure) -> "answered");
      } else if (!message.equals("answered")) {
        // Only when it has an answer itself.
        context.stash(message);
      } else {
        context.unstashAll();
      }
    }
  }

  @Test
  void twoThatWaitForEachOther() {
    SimResult result =
        SimSystem.run(
            1,
            sim -> {
              ActorSystem system = sim.start("system", ExecutorPool.of(2));
              @SuppressWarnings({"unchecked", "rawtypes"})
              ActorRef<Object>[] partners = new ActorRef[2];
              for (int i = 0; i < 2; i++) {
                int other = 1 - i;
                partners[i] =
                    system
                        .executors()
                        .get(i)
                        .spawn(
                            () -> new Partner(partners, other), ActorOptions.named("partner-" + i));
              }
              partners[0].tell("begin");
              partners[1].tell("begin");
            });
    assertEquals(List.of(Finding.UNREST), found(result));
    assertTrue(result.reason().contains("no rest within PT10M"), result.reason());
    assertTrue(result.reason().contains("/system/partner-0"), result.reason());
    assertTrue(result.reason().contains("/system/partner-1"), result.reason());
  }
}
