package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorStoppedException;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.Supervision;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Actors that change how they take messages: another object, later, or none for a time. */
@OnBothDrivers
final class BehaviorTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private final String driver;
  private final List<String> events = new CopyOnWriteArrayList<>();
  private ActorSystem system;

  BehaviorTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = Systems.open(driver, 2);
  }

  @AfterEach
  void close() {
    system.close();
  }

  private void awaitEvents(String... expected) {
    try {
      Systems.awaitUntil(() -> events.equals(List.of(expected)));
    } catch (RuntimeException late) {
      throw new AssertionError(events.toString(), late);
    }
  }

  @Test
  void anotherObjectTakesOverFromTheNextMessageOnUntilARestart() {
    Actor<String> second =
        new Actor<>() {
          @Override
          public void receive(String message, ActorContext<String> context) {
            events.add("second " + message);
            if (message.equals("fail")) {
              throw new IllegalStateException("as told");
            }
          }

          @Override
          public void preRestart(Throwable failure, ActorContext<String> context) {
            events.add("second goes");
          }
        };
    ActorRef<String> actor =
        system.spawn(
            () ->
                (message, context) -> {
                  events.add("first " + message);
                  context.become(second);
                },
            ActorOptions.defaults().withSupervision(Supervision.restart()));
    List.of("a", "b", "fail", "c").forEach(actor::tell);
    awaitEvents("first a", "second b", "second fail", "second goes", "first c");
  }

  /** Puts everything aside until it is open. */
  private final class Door implements Actor<String> {
    private boolean open;

    @Override
    public void receive(String message, ActorContext<String> context) {
      if (message.equals("open")) {
        open = true;
        context.unstashAll();
      } else if (message.equals("fail")) {
        throw new IllegalStateException("as told");
      } else if (open) {
        events.add(message);
      } else {
        context.stash(message);
      }
    }
  }

  @Test
  void whatWasPutAsideComesNextInItsOrder() {
    ActorRef<String> door = system.spawn(Door::new, ActorOptions.defaults());
    List.of("a", "b", "c", "open", "d").forEach(door::tell);
    awaitEvents("a", "b", "c", "d");
  }

  @Test
  void moreThanTheMailboxHoldsAtFirstComesBackToo() {
    int many = ActorOptions.DEFAULT_STASH_CAPACITY;
    ActorRef<String> door = system.spawn(Door::new, ActorOptions.defaults());
    for (int i = 0; i < many; i++) {
      door.tell(String.valueOf(i));
    }
    door.tell("open");
    Systems.awaitUntil(() -> events.size() == many);
    for (int i = 0; i < many; i++) {
      assertEquals(String.valueOf(i), events.get(i));
    }
  }

  @Test
  void whatWasPutAsideComesBackAfterARestart() {
    ActorRef<String> door =
        system.spawn(Door::new, ActorOptions.defaults().withSupervision(Supervision.restart()));
    List.of("a", "b", "fail", "c", "open").forEach(door::tell);
    awaitEvents("a", "b", "c");
  }

  @Test
  void putAsideIsOnlySoMuch() {
    ActorRef<String> door = system.spawn(Door::new, ActorOptions.defaults().withStashCapacity(2));
    List.of("a", "b", "too much").forEach(door::tell);
    Systems.awaitUntil(() -> system.stats().deadLetters() == 2);
    assertEquals(1, system.stats().failures());
    assertThrows(
        IllegalArgumentException.class, () -> ActorOptions.defaults().withStashCapacity(0));
  }

  private record Ask(ActorRef<String> replyTo) {}

  @Test
  void aQuestionThatIsPutAsideIsAnsweredLaterOrFailsWithItsActor() {
    ActorRef<Object> door =
        system.spawn(
            () ->
                new Actor<Object>() {
                  private boolean open;

                  @Override
                  public void receive(Object message, ActorContext<Object> context) {
                    if (message.equals("open")) {
                      open = true;
                      context.unstashAll();
                    } else if (open && message instanceof Ask ask) {
                      ask.replyTo().tell("answer");
                      open = false;
                    } else {
                      context.stash(message);
                    }
                  }
                },
            ActorOptions.defaults());
    CompletionStage<String> first = door.ask(Ask::new, LONG);
    CompletionStage<String> second = door.ask(Ask::new, LONG);
    door.tell("open");
    assertEquals("answer", Systems.get(first));
    system.stop(door);
    CompletionException stopped =
        assertThrows(CompletionException.class, () -> Systems.get(second));
    assertInstanceOf(ActorStoppedException.class, stopped.getCause());
  }

  @Test
  void silenceIsToldAgainAndAgain() {
    CompletableFuture<Void> enough = new CompletableFuture<>();
    system.spawn(
        () ->
            new Actor<String>() {
              @Override
              public void preStart(ActorContext<String> context) {
                context.receiveTimeout(Duration.ofMillis(10), "silence");
              }

              @Override
              public void receive(String message, ActorContext<String> context) {
                events.add(message);
                if (events.size() == 3) {
                  context.cancelReceiveTimeout();
                  enough.complete(null);
                }
              }
            },
        ActorOptions.defaults());
    Systems.get(enough);
    assertEquals(List.of("silence", "silence", "silence"), events);
    Systems.awaitUntil(() -> system.stats().executors().stream().allMatch(e -> e.timers() == 0));
  }

  /** Asserted by the times the actor itself has seen, so a slow machine does not matter. */
  @Test
  void whoGetsMessagesHearsOfNoSilence() {
    Duration timeout = Duration.ofMillis(40);
    CompletableFuture<List<Long>> gaps = new CompletableFuture<>();
    system.spawn(
        () ->
            new Actor<String>() {
              private final List<Long> silences = new CopyOnWriteArrayList<>();

              /** Before the runtime has looked at the clock for the latest message. */
              private long since;

              private long lastEnd;

              @Override
              public void preStart(ActorContext<String> context) {
                since = System.nanoTime();
                context.receiveTimeout(timeout, "silence");
                context.timers().fixedRate("tick", Duration.ofMillis(1), "tick");
                context.timers().once(Duration.ofMillis(200), "end");
                lastEnd = System.nanoTime();
              }

              @Override
              public void receive(String message, ActorContext<String> context) {
                if (message.equals("silence")) {
                  silences.add(System.nanoTime() - since);
                } else if (message.equals("end")) {
                  gaps.complete(silences);
                } else {
                  since = lastEnd;
                  lastEnd = System.nanoTime();
                }
              }
            },
        ActorOptions.defaults());
    for (long gap : Systems.get(gaps)) {
      assertTrue(gap >= timeout.toNanos(), "silence after " + gap + " ns");
    }
  }

  @Test
  void silenceIsNoticedBehindAnotherObjectAndEndsWithTheActor() {
    ActorRef<String> actor =
        system.spawn(
            () ->
                (message, context) -> {
                  context.receiveTimeout(Duration.ofMillis(5), "silence");
                  context.become(
                      (later, ignored) -> {
                        events.add(later);
                        ignored.stop();
                      });
                },
            ActorOptions.defaults());
    actor.tell("go");
    awaitEvents("silence");
    Systems.awaitUntil(() -> system.stats().executors().stream().allMatch(e -> e.timers() == 0));
    assertEquals(0, system.stats().failures());
    assertEquals(0, system.stats().deadLetters());
  }
}
