package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.Supervision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording tells of actors. One recording only, as with stalls. */
final class FlightRecordsTest {
  private static final int MESSAGES = 1000;

  @FunctionalInterface
  private interface Code extends Consumer<ActorContext<Object>> {}

  @Test
  void messagesFailuresRestartsAndDeadLettersStandInAFlightRecording(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("actors.jfr");
    try (Recording recording = new Recording();
        ActorSystem recorded =
            ActorSystem.create("recorded", Systems.pool("nio", 2).withFlightRecorder());
        ActorSystem other = ActorSystem.create("other", Systems.pool("nio", 1))) {
      recording.enable("dev.ringlet.Executor").with("period", "endChunk");
      recording.enable("dev.ringlet.DeadLetter");
      recording.enable("dev.ringlet.ActorFailure");
      recording.enable("dev.ringlet.ActorRestarted");
      recording.start();
      work(recorded);
      // It was not asked to be recorded.
      work(other);
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    RecordedEvent failure = only(events, "dev.ringlet.ActorFailure");
    assertEquals("/recorded/failing", failure.getString("actor"));
    assertEquals(IllegalStateException.class.getName(), failure.getString("failureType"));
    assertEquals(
        "/recorded/failing", only(events, "dev.ringlet.ActorRestarted").getString("actor"));
    RecordedEvent letter = only(events, "dev.ringlet.DeadLetter");
    assertEquals("/recorded/failing", letter.getString("recipient"));
    assertEquals(String.class.getName(), letter.getString("messageType"));
    assertEquals("STOPPED", letter.getString("reason"));
    assertEquals("", letter.getString("sender"));
    assertTrue(
        of(events, "dev.ringlet.Executor").stream()
            .anyMatch(
                event ->
                    event.getString("system").equals("recorded")
                        && event.getInt("executor") == 1
                        && event.getLong("messages") >= MESSAGES
                        && event.getLong("actors") == 1
                        && event.getLong("mailboxPeak") > 0),
        events.toString());
  }

  private static void work(ActorSystem system) {
    int last = system.executors().size() - 1;
    ActorRef<Object> busy =
        system.spawn(
            () -> (message, context) -> {},
            ActorOptions.named("busy").onExecutor(system.executors().get(last)));
    for (int i = 0; i < MESSAGES; i++) {
      busy.tell(i);
    }
    Systems.awaitUntil(() -> system.stats().executors().get(last).messages() >= MESSAGES);
    ActorRef<Object> failing =
        system.spawn(
            () -> (message, context) -> ((Code) message).accept(context),
            ActorOptions.named("failing")
                .withSupervision(Supervision.restart())
                .onExecutor(system.executors().get(0)));
    failing.tell(
        (Code)
            context -> {
              throw new IllegalStateException("wanted by the test");
            });
    failing.tell((Code) ActorContext::stop);
    failing.tell("lost");
    Systems.awaitUntil(() -> system.stats().deadLetters() == 1);
  }

  private static List<RecordedEvent> of(List<RecordedEvent> events, String type) {
    return events.stream().filter(event -> event.getEventType().getName().equals(type)).toList();
  }

  private static RecordedEvent only(List<RecordedEvent> events, String type) {
    List<RecordedEvent> found = of(events, type);
    assertEquals(1, found.size(), found.toString());
    return found.get(0);
  }
}
