package dev.ringlet.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Probes of systems that run, and of ones that are stepped. */
final class ActorProbeTest {
  private static final Duration SHORT = Duration.ofMillis(20);

  /** Sends what it gets to somebody, after a time. */
  private record Delayed(Duration delay, ActorRef<String> to) implements Actor<String> {
    @Override
    public void receive(String message, ActorContext<String> context) {
      if (message.startsWith("later: ")) {
        to.tell(message.substring(7));
      } else if (message.equals("stop")) {
        context.stop();
      } else {
        context.timers().once(delay, "later: " + message);
      }
    }
  }

  private static ActorRef<String> delayed(ActorSystem system, Duration delay, ActorRef<String> to) {
    return system.spawn(() -> new Delayed(delay, to), ActorOptions.named("delayed"));
  }

  @Test
  void messagesAreTakenInTheirOrder() {
    try (ActorSystem system = ActorSystem.create("test")) {
      ActorProbe<String> probe = ActorProbe.create(system);
      ActorRef<String> actor = delayed(system, Duration.ofMillis(1), probe.ref());
      actor.tell("one");
      assertEquals("one", probe.expect("one"));
      actor.tell("two");
      assertEquals("two", probe.expect(String.class));
      actor.tell("three");
      assertEquals("three", probe.receive());
      probe.ref().tell("four");
      probe.ref().tell("five");
      assertEquals(List.of("four", "five"), probe.receive(2));
      probe.expectNone(SHORT);
    }
  }

  @Test
  void whatDoesNotComeIsAnErrorThatTellsWhatHasCome() {
    try (ActorSystem system = ActorSystem.create("test")) {
      ActorProbe<Object> probe = ActorProbe.create(system);
      probe.ref().tell("other");
      probe.ref().tell("next");
      assertMessage(
          "expected one, but other came; after it: [next]",
          () -> {
            var both =
                probe.within(
                    Duration.ofSeconds(30),
                    () -> {
                      while (!probe.toString().contains("next")) {
                        Thread.onSpinWait();
                      }
                      return probe.expect("one");
                    });
            assertEquals("never", both);
          });
      assertMessage(
          "expected a java.lang.Integer, but next came", () -> probe.expect(Integer.class));
      assertMessage("no message within 20 ms", () -> probe.receive(SHORT));
      probe.ref().tell("late");
      assertMessage("expected no message", () -> probe.expectNone(Duration.ofSeconds(30)));
    }
  }

  private static void assertMessage(String part, Runnable block) {
    AssertionError error = assertThrows(AssertionError.class, block::run);
    assertTrue(String.valueOf(error.getMessage()).contains(part), error.getMessage());
  }

  @Test
  void theEndOfAnActorIsSeenBeforeAndAfterIt() {
    try (ActorSystem system = ActorSystem.create("test")) {
      ActorProbe<String> probe = ActorProbe.create(system);
      ActorRef<String> actor = delayed(system, SHORT, probe.ref());
      assertMessage("/test/delayed has not stopped", () -> probe.expectTerminated(actor, SHORT));
      actor.tell("stop");
      probe.expectTerminated(actor);
      probe.expectTerminated(actor);
    }
  }

  @Test
  void aBlockThatTakesTooLongIsAnError() {
    try (SteppedSystem stepped = SteppedSystem.create(1)) {
      ActorProbe<String> probe = ActorProbe.create(stepped);
      delayed(stepped.system(), Duration.ofSeconds(2), probe.ref()).tell("two");
      assertMessage(
          "nothing came within 1000 ms",
          () -> probe.within(Duration.ofSeconds(1), () -> probe.expect("two")));
      assertEquals("two", probe.within(Duration.ofSeconds(1), () -> probe.expect("two")));
      assertMessage(
          "took 3000 ms, more than 1000 ms",
          () ->
              probe.within(
                  Duration.ofSeconds(1),
                  () -> {
                    probe.expectNone(Duration.ofSeconds(3));
                    return "never";
                  }));
    }
  }

  @Test
  void aSteppedSystemGoesOnWhileItsProbeWaits() {
    try (SteppedSystem stepped = SteppedSystem.create(2)) {
      ActorProbe<String> probe = ActorProbe.create(stepped);
      ActorRef<String> actor = delayed(stepped.system(), Duration.ofHours(1), probe.ref());
      actor.tell("hour");
      probe.expectNone(Duration.ofMinutes(59));
      long before = stepped.nanos();
      assertEquals("hour", probe.receive(Duration.ofHours(1)));
      assertEquals(Duration.ofMinutes(1).toNanos(), stepped.nanos() - before);
      actor.tell("stop");
      probe.expectTerminated(actor, Duration.ZERO);
    }
  }

  @Test
  void waitingOnAnExecutorIsRefused() {
    try (ActorSystem system = ActorSystem.create("test")) {
      ActorProbe<String> probe = ActorProbe.create(system);
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      system
          .executors()
          .get(0)
          .execute(
              () -> thrown.complete(assertThrows(IllegalStateException.class, probe::receive)));
      assertTrue(thrown.join().getMessage().contains("would block the thread of executor 0"));
    }
  }

  @Test
  void aClosedProbeTakesNoMore() {
    try (ActorSystem system = ActorSystem.create("test")) {
      ActorProbe<String> probe = ActorProbe.create(system);
      ActorProbe<String> other = ActorProbe.create(system);
      probe.close();
      other.expectTerminated(probe.ref());
    }
  }
}
