package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import dev.ringlet.metrics.SystemMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

/** Meters show what the statistics say. */
final class SystemMetricsTest {
  @Test
  void metersFollowTheStatistics() {
    MeterRegistry registry = new SimpleMeterRegistry();
    try (ActorSystem system = Systems.open("nio", 2)) {
      new SystemMetrics(system).bindTo(registry);
      Tags first = Tags.of("system", "test", "executor", "0");
      ActorRef<Integer> actor =
          system.spawn(
              () ->
                  (message, context) -> {
                    if (message < 0) {
                      context.stop();
                    }
                  },
              ActorOptions.named("actor").onExecutor(system.executors().get(0)));
      for (int i = 0; i < 1000; i++) {
        actor.tell(i);
      }
      Systems.awaitUntil(
          () -> registry.get("ringlet.messages").tags(first).functionCounter().count() >= 1000);
      assertEquals(1, registry.get("ringlet.actors").tags(first).gauge().value());
      assertTrue(registry.get("ringlet.mailbox.peak").tags(first).gauge().value() > 0);
      assertTrue(
          registry
                  .get("ringlet.queue.run")
                  .tags(first.and("class", "default"))
                  .functionCounter()
                  .count()
              > 0);
      actor.tell(-1);
      actor.tell(1);
      Systems.awaitUntil(() -> registry.get("ringlet.dead.letters").functionCounter().count() == 1);
      assertEquals(0, registry.get("ringlet.actors").tags(first).gauge().value());
      assertEquals(0, registry.get("ringlet.failures").functionCounter().count());
    }
  }

  @Test
  void queuesThatComeLaterAreShownAfterBindingAgain() {
    MeterRegistry registry = new SimpleMeterRegistry();
    try (ActorSystem system = Systems.open("nio", 1)) {
      SystemMetrics metrics = new SystemMetrics(system);
      metrics.bindTo(registry);
      PriorityClass late = new PriorityClass("late", Shares.of(10), Latency.notImportant());
      system.spawn(() -> (message, context) -> {}, ActorOptions.defaults().withPriorityClass(late));
      Systems.awaitUntil(
          () -> {
            metrics.bindTo(registry);
            return registry.find("ringlet.queue.runnable").tag("class", "late").gauge() != null;
          });
    }
  }

  @Test
  void anotherSystemOfTheNameIsShownAfterTheFirstIsTakenOut() {
    MeterRegistry registry = new SimpleMeterRegistry();
    SystemMetrics metrics;
    try (ActorSystem first = Systems.open("nio", 1)) {
      metrics = new SystemMetrics(first);
      metrics.bindTo(registry);
    }
    metrics.close();
    assertEquals(0, registry.getMeters().size());
    try (ActorSystem second = Systems.open("nio", 1)) {
      new SystemMetrics(second).bindTo(registry);
      second.spawn(() -> (message, context) -> {}, ActorOptions.defaults());
      Systems.awaitUntil(() -> registry.get("ringlet.actors").gauge().value() == 1);
    }
  }

  @Test
  void aRegistryKeepsNoSystemThatHasEnded() {
    MeterRegistry registry = new SimpleMeterRegistry();
    WeakReference<ActorSystem> ended = boundAndClosed(registry);
    Systems.awaitUntil(
        () -> {
          System.gc();
          return ended.get() == null;
        });
    assertTrue(Double.isNaN(registry.get("ringlet.actors").gauge().value()));
  }

  private static WeakReference<ActorSystem> boundAndClosed(MeterRegistry registry) {
    try (ActorSystem system = Systems.open("nio", 1)) {
      new SystemMetrics(system).bindTo(registry);
      return new WeakReference<>(system);
    }
  }

  /** A registry holds what it reads weakly; the numbers must not freeze for that. */
  @Test
  void nobodyNeedsToHoldTheBinder() {
    MeterRegistry registry = new SimpleMeterRegistry();
    try (ActorSystem system = Systems.open("nio", 1)) {
      new SystemMetrics(system).bindTo(registry);
      System.gc();
      system.executors().get(0).execute(() -> {});
      Systems.awaitUntil(() -> registry.get("ringlet.messages").functionCounter().count() >= 1);
    }
  }
}
