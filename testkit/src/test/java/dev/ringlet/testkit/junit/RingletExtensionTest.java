package dev.ringlet.testkit.junit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.testkit.ActorProbe;
import dev.ringlet.testkit.Finding;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs test classes of its own, some of which fail as they must. */
final class RingletExtensionTest {
  private static final List<ActorSystem> SYSTEMS = new CopyOnWriteArrayList<>();

  /** What became of each test: an empty string, or what it failed with. */
  private static Map<String, String> outcomesOf(Class<?> tests) {
    SYSTEMS.clear();
    Map<String, String> outcomes = new TreeMap<>();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build(),
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                  outcomes.put(
                      test.getDisplayName().replaceFirst("\\(.*", ""),
                      result.getThrowable().map(Throwable::toString).orElse(""));
                }
              }
            });
    return outcomes;
  }

  private static ActorRef<String> stopped(ActorSystem system) {
    ActorRef<String> gone =
        system.spawn(() -> (message, context) -> context.stop(), ActorOptions.named("gone"));
    gone.tell("last");
    ActorProbe.create(system).expectTerminated(gone);
    return gone;
  }

  @WithActorSystem(executors = 1, driver = "nio", stallMillis = 100)
  static final class Tests {
    private ActorSystem fromBefore;

    @BeforeEach
    void before(ActorSystem system) {
      fromBefore = system;
    }

    @Test
    void passes(ActorSystem system, ActorProbe<String> probe, ActorProbe<String> other) {
      SYSTEMS.add(system);
      assertSame(fromBefore, system);
      assertEquals(1, system.executors().size());
      assertEquals("nio", system.executors().get(0).driver());
      assertEquals("passes", system.name());
      probe.ref().tell("hello");
      probe.expect("hello");
      other.ref().tell("hello");
      other.expect("hello");
    }

    @Test
    void loses(ActorSystem system) {
      SYSTEMS.add(system);
      stopped(system).tell("lost");
    }

    @Test
    @WithActorSystem(allow = Finding.DEAD_LETTERS)
    void mayLose(ActorSystem system) {
      assertEquals(2, system.executors().size());
      stopped(system).tell("lost");
    }

    @Test
    void stalls(ActorSystem system) {
      ActorProbe<String> probe = ActorProbe.create(system);
      system
          .executors()
          .get(0)
          .execute(
              () -> {
                await().until(() -> system.stats().stalls() > 0);
                probe.ref().tell("awake");
              });
      probe.expect("awake");
    }

    @Test
    void leaks(ActorSystem system) {
      ActorRef<String> leaking =
          system.spawn(
              () -> (message, context) -> context.io().buffer(100), ActorOptions.defaults());
      leaking.tell("leak");
    }

    @Test
    void fails(ActorSystem system) {
      SYSTEMS.add(system);
      throw new IllegalStateException("wanted by the test");
    }
  }

  @Test
  void testsFailForWhatTheyHaveLost() {
    Map<String, String> outcomes = outcomesOf(Tests.class);
    assertEquals("", outcomes.get("passes"));
    assertEquals("", outcomes.get("mayLose"));
    assertPart(outcomes.get("loses"), "system loses: 1 dead letters: [lost to /loses/gone");
    assertPart(outcomes.get("stalls"), "1 stalls: [");
    assertPart(outcomes.get("leaks"), "1 buffers are not released");
    assertPart(outcomes.get("leaks"), "256 bytes from Io.buffer of /leaks/");
    assertPart(outcomes.get("leaks"), "RingletExtensionTest.java");
    assertPart(outcomes.get("fails"), "wanted by the test");
    assertEquals(6, outcomes.size());
    assertEquals(3, SYSTEMS.size());
    SYSTEMS.forEach(system -> assertTrue(system.whenTerminated().toCompletableFuture().isDone()));
  }

  private static void assertPart(String outcome, String part) {
    assertTrue(outcome.contains(part), outcome);
  }

  @ExtendWith(RingletExtension.class)
  static final class Unsettled {
    @Test
    void test(ActorSystem system) {}
  }

  @Test
  void theExtensionWithoutItsAnnotationTellsTheWayOut() {
    assertPart(outcomesOf(Unsettled.class).get("test"), "use @WithActorSystem instead");
  }
}
