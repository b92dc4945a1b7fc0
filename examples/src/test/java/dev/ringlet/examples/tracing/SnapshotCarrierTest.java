package dev.ringlet.examples.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.testkit.ActorProbe;
import io.micrometer.context.ContextRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SnapshotCarrierTest {
  private static final ThreadLocal<@Nullable String> TRACE = new ThreadLocal<>();

  private final ContextRegistry registry =
      new ContextRegistry().registerThreadLocalAccessor("trace", TRACE);

  @AfterEach
  void clean() {
    TRACE.remove();
  }

  @Test
  void aTraceGoesThroughTwoActorsOnTwoExecutors() {
    ExecutorPool pool = ExecutorPool.of(2).withContextCarrier(new SnapshotCarrier(registry));
    try (ActorSystem system = ActorSystem.create("traced", pool)) {
      ActorProbe<String> probe = ActorProbe.create(system);
      ActorRef<String> second =
          system.spawn(
              () -> (message, context) -> probe.ref().tell(message + " in trace " + TRACE.get()),
              ActorOptions.defaults().onExecutor(system.executors().get(1)));
      ActorRef<String> first =
          system.spawn(
              () -> (message, context) -> second.tell(message),
              ActorOptions.defaults().onExecutor(system.executors().get(0)));
      TRACE.set("a");
      first.tell("one");
      TRACE.remove();
      first.tell("two");
      assertEquals("one in trace a", probe.receive());
      assertEquals("two in trace null", probe.receive());
    }
  }
}
