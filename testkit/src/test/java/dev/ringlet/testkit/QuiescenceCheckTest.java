package dev.ringlet.testkit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.Placement;
import dev.ringlet.io.IoBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class QuiescenceCheckTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(30);

  /** Turns that take long do so until this opens. */
  private final CountDownLatch gate = new CountDownLatch(1);

  private final ActorSystem system =
      ActorSystem.create("test", ExecutorPool.of(2).withPlacement(Placement.unbound()));

  private final QuiescenceCheck check = QuiescenceCheck.of(system);

  @AfterEach
  void close() {
    gate.countDown();
    system.close();
  }

  private static void assertFault(QuiescenceCheck check, String part) {
    AssertionError error = assertThrows(AssertionError.class, () -> check.await(SHORT));
    assertTrue(String.valueOf(error.getMessage()).contains(part), error.getMessage());
  }

  @Test
  void aSystemThatComesToRestIsFine() {
    ActorRef<Integer> countdown =
        system.spawn(
            () ->
                (count, context) -> {
                  if (count > 0) {
                    context.self().tell(count - 1);
                  }
                },
            ActorOptions.defaults());
    countdown.tell(100_000);
    check.await(LONG);
  }

  @Test
  void aSystemThatDoesNotRestIsAtFault() {
    Actor<String> restless = (message, context) -> context.self().tell(message);
    system.spawn(() -> restless, ActorOptions.defaults()).tell("again");
    assertFault(check, " is busy");
    check.allowing(Finding.UNREST).await(SHORT);
  }

  /** As long as it does, what it will do is not known. */
  @Test
  void aLongTurnIsWaitedFor() {
    ActorRef<String> gone =
        system.spawn(() -> (message, context) -> context.stop(), ActorOptions.named("gone"));
    gone.tell("last");
    ActorProbe.create(system).expectTerminated(gone);
    Actor<String> slow =
        (message, context) -> {
          gate.await();
          gone.tell("lost");
        };
    system.spawn(() -> slow, ActorOptions.defaults()).tell("go");
    assertFault(check, " is busy");
    gate.countDown();
    assertFault(check, "1 dead letters");
  }

  @Test
  void whatWaitsForAnActorThatRestartsIsWaitedFor() {
    Actor<String> failing =
        (message, context) -> {
          throw new IllegalStateException("wanted by the test");
        };
    ActorRef<String> actor =
        system.spawn(
            () -> failing,
            ActorOptions.named("failing")
                .withSupervision(
                    Supervision.restart()
                        .withBackoff(Duration.ofSeconds(1), Duration.ofSeconds(1), 0)));
    actor.tell("one");
    actor.tell("two");
    assertFault(check, "await something with messages waiting");
  }

  @Test
  void workThatIsOffloadedIsWaitedFor() {
    var unused =
        system.offload(
            () -> {
              gate.await();
              return "done";
            });
    assertFault(check, "1 pieces of work are offloaded");
    gate.countDown();
    check.await(LONG);
  }

  @Test
  void aLostMessageIsAFault() {
    ActorRef<String> gone =
        system.spawn(() -> (message, context) -> context.stop(), ActorOptions.named("gone"));
    gone.tell("last");
    ActorProbe.create(system).expectTerminated(gone);
    gone.tell("lost");
    assertFault(check, "1 dead letters: [lost to /test/gone, as it has stopped]");
    check.allowing(Finding.DEAD_LETTERS).await(LONG);
    QuiescenceCheck.of(system).await(LONG);
  }

  /** Only here are stalls looked for: a machine that is slow has some of its own. */
  @Test
  void aStallIsAFault() throws InterruptedException {
    CountDownLatch stalled = new CountDownLatch(1);
    try (ActorSystem watched =
        ActorSystem.create(
            "watched",
            ExecutorPool.of(1)
                .withPlacement(Placement.unbound())
                .withStallDetection(Duration.ofMillis(100), stall -> stalled.countDown()))) {
      QuiescenceCheck fromTheStart = QuiescenceCheck.of(watched);
      Actor<String> sleeper = (message, context) -> gate.await();
      watched.spawn(() -> sleeper, ActorOptions.named("sleeper")).tell("sleep");
      // Who listens hears of it after those who have subscribed were told.
      stalled.await();
      gate.countDown();
      assertFault(fromTheStart, "/watched/sleeper with a java.lang.String");
      fromTheStart.allowing(Finding.STALLS).await(LONG);
    }
  }

  @Test
  void whereABufferWasLeasedIsTold() throws InterruptedException {
    try (ActorSystem watching =
        ActorSystem.create(
            "watching",
            ExecutorPool.of(1).withPlacement(Placement.unbound()).withLeakDetection(1))) {
      BlockingQueue<IoBuffer> leased = new LinkedBlockingQueue<>();
      Actor<String> holder =
          (message, context) -> leased.add(context.io().buffer(Integer.parseInt(message)));
      ActorRef<String> actor = watching.spawn(() -> holder, ActorOptions.named("holder"));
      QuiescenceCheck before = QuiescenceCheck.of(watching);
      actor.tell("300");
      IoBuffer first = leased.take();
      assertFault(before, "1 buffers are not released");
      QuiescenceCheck later = QuiescenceCheck.of(watching);
      actor.tell("5000");
      IoBuffer second = leased.take();
      AssertionError error = assertThrows(AssertionError.class, () -> later.await(SHORT));
      String text = String.valueOf(error.getMessage());
      assertTrue(text.contains("8192 bytes from Io.buffer of /watching/holder"), text);
      assertTrue(text.contains("QuiescenceCheckTest.java"), text);
      assertFalse(text.contains("512 bytes"), text);
      first.release();
      second.release();
    }
  }

  @Test
  void aBufferThatIsNotReleasedIsAFault() {
    AtomicReference<IoBuffer> held = new AtomicReference<>();
    Actor<String> holder =
        (message, context) -> {
          IoBuffer buffer = held.get();
          if (buffer == null) {
            held.set(context.io().buffer(1024));
          } else {
            buffer.release();
          }
        };
    ActorRef<String> actor = system.spawn(() -> holder, ActorOptions.defaults());
    actor.tell("take");
    assertFault(check, "1 buffers are not released");
    actor.tell("release");
    check.await(LONG);
  }
}
