package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.spi.SystemStepper;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a system that is stepped ends. */
final class SteppingEndTest extends SteppingRig {
  @Test
  void nothingIsLostInTheEndOfWhatTheWorldStillBrings() {
    idle =
        () -> {
          long nanos = made == null ? Long.MAX_VALUE : made.nanosToNext();
          if (nanos == Long.MAX_VALUE) {
            return false;
          }
          now += nanos;
          return true;
        };
    assertEquals(List.of("waited", "handled"), eventsOfAClose());
    assertEquals(0, lettersOfTheClose());
  }

  @Test
  void theEndDoesNotWaitForAWorldThatStandsStill() {
    assertEquals(List.of(), eventsOfAClose());
    assertEquals(1, lettersOfTheClose());
  }

  private long lettersOfTheClose() {
    return made == null ? -1 : made.system().stats().deadLetters();
  }

  /** Of an actor that awaits a delay with a message waiting. */
  private List<String> eventsOfAClose() {
    SystemStepper stepper = make(TWO);
    ActorRef<String> actor =
        stepper
            .system()
            .spawn(
                () ->
                    (message, context) -> {
                      if (message.equals("wait")) {
                        context.await(
                            context.io().delay(Duration.ofSeconds(1)),
                            (nothing, failure) -> events.add("waited"));
                      } else {
                        events.add(message);
                      }
                    },
                ActorOptions.defaults());
    actor.tell("wait");
    actor.tell("handled");
    rest(stepper);
    stepper.system().close();
    return events;
  }

  @Test
  void theWorldGoesOnNoLongerThanTheDeadlineOfTheClose() {
    idle =
        () -> {
          now += Duration.ofMillis(100).toNanos();
          return true;
        };
    SystemStepper stepper = make(TWO);
    inTurn(
        stepper.system().executors().get(0),
        context ->
            context.await(
                context.io().delay(Duration.ofDays(1)), (nothing, failure) -> events.add("over")));
    rest(stepper);
    stepper.system().close(Duration.ofSeconds(10));
    assertTrue(now <= Duration.ofSeconds(11).toNanos(), now + " ns");
  }
}
