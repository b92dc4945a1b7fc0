package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a flight recording tells of a stall. One recording only: JDK 17 was seen to leave out
 * strings that an earlier recording of the same process has.
 */
final class StallEventTest {
  @Test
  void aStallStandsInAFlightRecording(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("stall.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("dev.ringlet.Stall");
      recording.start();
      stallOnce();
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertEquals(1, events.size(), events.toString());
    RecordedEvent event = events.get(0);
    assertEquals(0, event.getInt("executor"));
    assertEquals("/test/blocker", event.getString("actor"));
    assertEquals(CountDownLatch.class.getName(), event.getString("messageType"));
    assertEquals("default", event.getString("priorityClass"));
    assertTrue(event.getString("place").contains("park"), event.getString("place"));
  }

  private static void stallOnce() {
    CountDownLatch release = new CountDownLatch(1);
    try (ActorSystem system =
        ActorSystem.create(
            "test",
            Systems.pool("nio", 1)
                .withStallDetection(Duration.ofMillis(150), stall -> release.countDown()))) {
      ActorRef<CountDownLatch> blocker =
          system.spawn(() -> (latch, context) -> latch.await(), ActorOptions.named("blocker"));
      blocker.tell(release);
      // The listener is told after the event was committed.
      Systems.awaitUntil(() -> release.getCount() == 0);
    }
  }
}
