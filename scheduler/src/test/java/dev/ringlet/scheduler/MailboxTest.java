package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.actor.Mailbox.Overflow;
import dev.ringlet.actor.MailboxFullException;
import dev.ringlet.actor.RingletException;
import dev.ringlet.actor.Routing;
import dev.ringlet.actor.Supervision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mailboxes that are not just queues. */
@OnBothDrivers
final class MailboxTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final int SENDERS = 4;
  private static final int EACH = 20_000;

  private final String driver;
  private final List<Object> handled = new CopyOnWriteArrayList<>();
  private final CountDownLatch gate = new CountDownLatch(1);
  private ActorSystem system;

  MailboxTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = Systems.open(driver, 2);
  }

  @AfterEach
  void close() {
    gate.countDown();
    system.close();
  }

  private record Ask(String text, ActorRef<String> replyTo) {
    @Override
    public String toString() {
      return text;
    }
  }

  /** Notes what it gets, once the gate is open; until then its executor stands still. */
  private ActorRef<Object> behindTheGate(Mailbox mailbox) {
    CompletableFuture<Void> blocked = new CompletableFuture<>();
    ActorRef<Object> actor =
        system.spawn(
            () ->
                new Actor<Object>() {
                  @Override
                  public void preStart(ActorContext<Object> context) throws Exception {
                    blocked.complete(null);
                    gate.await();
                  }

                  @Override
                  public void receive(Object message, ActorContext<Object> context) {
                    handled.add(message instanceof Ask ask ? ask.text() : message);
                    if (message instanceof Ask ask) {
                      ask.replyTo().tell("answer");
                    }
                  }
                },
            ActorOptions.defaults()
                .withMailbox(mailbox)
                .withSupervision(Supervision.resume())
                .onExecutor(system.executors().get(0)));
    Systems.get(blocked);
    return actor;
  }

  private void awaitHandled(Object... expected) {
    gate.countDown();
    try {
      Systems.awaitUntil(() -> handled.equals(List.of(expected)));
    } catch (RuntimeException late) {
      throw new AssertionError(handled.toString(), late);
    }
  }

  private static Throwable failure(CompletionStage<?> stage) {
    Throwable cause = assertThrows(CompletionException.class, () -> Systems.get(stage)).getCause();
    return Objects.requireNonNull(cause);
  }

  @Test
  void whatIsRejectedIsNotTakenAndTheSenderKnows() {
    ActorRef<Object> actor = behindTheGate(Mailbox.bounded(3, Overflow.REJECT));
    assertTrue(actor.tryTell("a"));
    actor.tell("b");
    CompletionStage<String> taken = actor.ask(replyTo -> new Ask("c", replyTo), LONG);
    assertFalse(actor.tryTell("full"));
    assertEquals(0, system.stats().deadLetters());
    actor.tell("full");
    assertEquals(1, system.stats().deadLetters());
    Throwable full = failure(actor.<String>ask(replyTo -> new Ask("d", replyTo), LONG));
    assertInstanceOf(MailboxFullException.class, full);
    assertTrue(full.getMessage().contains("3 messages wait"), full.getMessage());
    awaitHandled("a", "b", "c");
    assertEquals("answer", Systems.get(taken));
    assertTrue(actor.tryTell("room again"));
    awaitHandled("a", "b", "c", "room again");
  }

  @Test
  void theNewestIsDropped() {
    ActorRef<Object> actor = behindTheGate(Mailbox.bounded(1, Overflow.DROP_NEWEST));
    actor.tell("a");
    actor.tell("b");
    assertTrue(actor.tryTell("c"));
    assertEquals(2, system.stats().deadLetters());
    assertInstanceOf(
        MailboxFullException.class,
        failure(actor.<String>ask(replyTo -> new Ask("d", replyTo), LONG)));
    awaitHandled("a");
  }

  @Test
  void theOldestIsDropped() {
    ActorRef<Object> actor = behindTheGate(Mailbox.bounded(3, Overflow.DROP_OLDEST));
    CompletionStage<String> dropped = actor.ask(replyTo -> new Ask("a", replyTo), LONG);
    for (String message : List.of("b", "c", "d", "d", "d")) {
      assertTrue(actor.tryTell(message));
    }
    assertInstanceOf(MailboxFullException.class, failure(dropped));
    assertEquals(2, system.stats().deadLetters());
    awaitHandled("d", "d", "d");
  }

  @Test
  void theSenderFails() {
    ActorRef<Object> actor = behindTheGate(Mailbox.bounded(1, Overflow.FAIL));
    actor.tell("a");
    assertThrows(MailboxFullException.class, () -> actor.tell("b"));
    assertFalse(actor.tryTell("c"));
    assertEquals(0, system.stats().deadLetters());
    awaitHandled("a");
  }

  @Test
  void whoMayRefuseIsKnownBefore() {
    for (Overflow overflow : Overflow.values()) {
      assertEquals(
          overflow == Overflow.REJECT || overflow == Overflow.FAIL,
          silent(Mailbox.bounded(1, overflow)).mayRefuse());
    }
    assertFalse(silent(Mailbox.unbounded()).mayRefuse());
    assertFalse(silent(Mailbox.priority(Comparator.comparing(Object::toString))).mayRefuse());
    assertFalse(silent(Mailbox.conflating(message -> message)).mayRefuse());
    ActorRef<Object> routee = silent(Mailbox.bounded(1, Overflow.REJECT));
    assertFalse(
        system
            .spawnGroup(List.of(routee), Routing.roundRobin(), ActorOptions.defaults())
            .mayRefuse());
  }

  private ActorRef<Object> silent(Mailbox mailbox) {
    return system.spawn(
        () -> (message, context) -> {}, ActorOptions.defaults().withMailbox(mailbox));
  }

  /** Also of messages that are on their way, and whoever sends. */
  @ParameterizedTest
  @EnumSource
  void noMoreThanTheCapacityEverWaitAndEachIsHandledOrADeadLetter(Overflow overflow)
      throws InterruptedException {
    int capacity = 5;
    AtomicLong got = new AtomicLong();
    ActorRef<Object> actor =
        system.spawn(
            () -> (message, context) -> got.incrementAndGet(),
            ActorOptions.defaults()
                .withMailbox(Mailbox.bounded(capacity, overflow))
                .onExecutor(system.executors().get(0)));
    AtomicLong refused = new AtomicLong();
    Runnable sending =
        () -> {
          for (int i = 0; i < EACH; i++) {
            if (!actor.tryTell("same")) {
              refused.incrementAndGet();
            }
          }
        };
    List<Thread> senders = new ArrayList<>();
    for (int i = 2; i < SENDERS; i++) {
      senders.add(new Thread(sending));
    }
    senders.forEach(Thread::start);
    CompletableFuture<Void> near = new CompletableFuture<>();
    CompletableFuture<Void> far = new CompletableFuture<>();
    system.executors().get(0).execute(() -> sendAndTell(sending, near));
    system.executors().get(1).execute(() -> sendAndTell(sending, far));
    for (Thread sender : senders) {
      sender.join();
    }
    Systems.get(near);
    Systems.get(far);
    Systems.awaitUntil(
        () -> got.get() + refused.get() + system.stats().deadLetters() == SENDERS * EACH);
    assertEquals(SENDERS * EACH, got.get() + refused.get() + system.stats().deadLetters());
    boolean drops = overflow == Overflow.DROP_NEWEST || overflow == Overflow.DROP_OLDEST;
    assertEquals(drops, refused.get() == 0);
    long peak = system.stats().executors().get(0).mailboxPeak();
    assertTrue(peak <= capacity + 1, peak + " waited"); // one more is the start
  }

  private static void sendAndTell(Runnable sending, CompletableFuture<Void> done) {
    sending.run();
    done.complete(null);
  }

  @ParameterizedTest
  @EnumSource
  void whatWaitsWhenTheActorStopsIsADeadLetterAndWhatComesLaterToo(Overflow overflow) {
    ActorRef<Object> actor = behindTheGate(Mailbox.bounded(10, overflow));
    actor.tell("a");
    actor.tell("b");
    system.stop(actor);
    gate.countDown();
    Systems.awaitUntil(() -> system.stats().deadLetters() == 2 - handled.size());
    for (int i = 0; i < 100; i++) {
      actor.tell("late");
      int late = i + 1;
      Systems.awaitUntil(() -> system.stats().deadLetters() == 2 - handled.size() + late);
    }
    system.close();
    actor.tell("later");
    assertEquals(103 - handled.size(), system.stats().deadLetters());
  }

  @Test
  void theSmallestComesFirstAndEqualsInTheirOrder() {
    ActorRef<Object> actor =
        behindTheGate(
            Mailbox.priority(
                Comparator.comparing((Object message) -> message.toString().charAt(0))));
    List.of("b1", "c1", "a1", "b2", "a2").forEach(actor::tell);
    CompletionStage<String> question = actor.ask(replyTo -> new Ask("b3", replyTo), LONG);
    awaitHandled("a1", "a2", "b1", "b2", "b3", "c1");
    assertEquals("answer", Systems.get(question));
  }

  @Test
  void anOrderThatThrowsIsAFailureOfTheActorAndNothingIsLost() {
    ActorRef<Object> actor =
        behindTheGate(
            Mailbox.priority(
                (one, other) -> {
                  throw new IllegalStateException("no order of " + one + " and " + other);
                }));
    for (int i = 0; i < 50; i++) {
      actor.tell(i);
    }
    gate.countDown();
    Systems.awaitUntil(() -> handled.size() == 50);
    assertEquals(50, handled.stream().distinct().count());
    assertTrue(system.stats().failures() > 0);
    assertEquals(0, system.stats().deadLetters());
  }

  @Test
  void theNewestOfAKeyTakesThePlaceOfTheFirst() {
    ActorRef<Object> actor =
        behindTheGate(Mailbox.conflating((Object message) -> message.toString().substring(0, 1)));
    CompletionStage<String> replaced = actor.ask(replyTo -> new Ask("a1", replyTo), LONG);
    List.of("b1", "a2", "c1", "b2", "a3").forEach(actor::tell);
    awaitHandled("a3", "b2", "c1");
    assertInstanceOf(RingletException.class, failure(replaced));
    assertEquals(0, system.stats().deadLetters());
  }

  @Test
  void aKeyThatThrowsIsAFailureOfTheActor() {
    ActorRef<Object> actor =
        behindTheGate(
            Mailbox.conflating(
                message -> {
                  if (message.equals("bad")) {
                    throw new IllegalStateException("no key");
                  }
                  return message;
                }));
    List.of("a", "bad", "b").forEach(actor::tell);
    awaitHandled("a", "b");
    assertEquals(1, system.stats().failures());
  }

  @Test
  void capacitiesHaveTheirRange() {
    for (int wrong : new int[] {0, -1, (1 << 20) + 1}) {
      String message =
          assertThrows(
                  IllegalArgumentException.class, () -> Mailbox.bounded(wrong, Overflow.REJECT))
              .getMessage();
      assertTrue(message.contains(String.valueOf(wrong)), message);
    }
  }
}
