package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorFailure;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.DeadLetter;
import dev.ringlet.actor.DeadLetter.Reason;
import dev.ringlet.actor.ExecutorEnded;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.actor.RouterRef;
import dev.ringlet.actor.Routing;
import dev.ringlet.actor.Supervision;
import dev.ringlet.actor.SystemEvent;
import dev.ringlet.executor.Stall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hearing of what happens in a system. */
@OnBothDrivers
final class EventsTest {
  private final String driver;
  private final List<Object> heard = new CopyOnWriteArrayList<>();

  /** What stalls does so until this opens. */
  private final CountDownLatch stalling = new CountDownLatch(1);

  private ActorSystem system;

  EventsTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system =
        ActorSystem.create(
            "test", Systems.pool(driver, 2).withStallDetection(Duration.ofMillis(50), stall -> {}));
  }

  @AfterEach
  void close() {
    stalling.countDown();
    system.close();
  }

  @FunctionalInterface
  private interface Code {
    void run(ActorContext<Object> context) throws Exception;
  }

  private ActorOptions named(String name, int executor) {
    return ActorOptions.named(name).onExecutor(system.executors().get(executor));
  }

  /** Runs code, and notes what else it gets. */
  private ActorRef<Object> actor(ActorOptions options) {
    return system.spawn(
        () ->
            (message, context) -> {
              if (message instanceof Code code) {
                code.run(context);
              } else {
                heard.add(message);
              }
            },
        options);
  }

  private ActorRef<Object> subscribed(Class<? extends SystemEvent> type) {
    ActorRef<Object> subscriber = actor(named("subscriber", 0));
    system.subscribe(type, subscriber);
    return subscriber;
  }

  private ActorRef<Object> stopped(int executor) {
    ActorRef<Object> gone = actor(named("gone-" + executor, executor));
    CompletableFuture<String> over = new CompletableFuture<>();
    ActorRef<Object> watcher = actor(ActorOptions.defaults());
    inTurn(watcher, context -> context.watch(gone, (Code) end -> over.complete("over")));
    system.stop(gone);
    Systems.get(over);
    return gone;
  }

  private static void inTurn(ActorRef<Object> actor, Consumer<ActorContext<Object>> code) {
    CompletableFuture<String> done = new CompletableFuture<>();
    actor.tell(
        (Code)
            context -> {
              code.accept(context);
              done.complete("done");
            });
    Systems.get(done);
  }

  /** Nothing is on its way to the subscriber any more that was sent before from this thread. */
  private static void settle(ActorRef<Object> subscriber) {
    inTurn(subscriber, context -> {});
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aDeadLetterTellsMessageRecipientSenderAndReason(int executor) {
    ActorRef<Object> gone = stopped(executor);
    ActorRef<Object> sender = actor(named("sender", 0));
    subscribed(DeadLetter.class);
    inTurn(sender, context -> gone.tell("lost"));
    Systems.awaitUntil(() -> !heard.isEmpty());
    assertEquals(
        List.of(new DeadLetter("lost", "/test/gone-" + executor, "/test/sender", Reason.STOPPED)),
        heard);
    assertEquals(1, system.stats().deadLetters());
  }

  @Test
  void aDeadLetterFromOutsideHasNoSender() {
    ActorRef<Object> gone = stopped(1);
    subscribed(DeadLetter.class);
    gone.tell("lost");
    Systems.awaitUntil(() -> !heard.isEmpty());
    assertNull(assertInstanceOf(DeadLetter.class, heard.get(0)).sender());
  }

  @Test
  void whatWaitsWhenAnActorStopsIsADeadLetterWithoutSender() {
    ActorRef<Object> subscriber = subscribed(DeadLetter.class);
    ActorRef<Object> actor = actor(named("actor", 1));
    CountDownLatch sent = new CountDownLatch(1);
    actor.tell((Code) context -> sent.await());
    ActorRef<Object> adapted = adapter(actor);
    actor.tell((Code) ActorContext::stop);
    actor.tell("lost");
    adapted.tell("adapted");
    sent.countDown();
    Systems.awaitUntil(() -> heard.size() == 2);
    settle(subscriber);
    assertEquals(
        List.of(
            new DeadLetter("lost", "/test/actor", null, Reason.STOPPED),
            new DeadLetter("adapted", "/test/actor/$Object", null, Reason.STOPPED)),
        heard);
  }

  /** Made without a turn of the actor, which is busy. */
  private static ActorRef<Object> adapter(ActorRef<Object> actor) {
    return new Adapter<>((ActorCell<?>) actor, Object.class, message -> message);
  }

  @Test
  void aFullMailboxIsAReason() {
    subscribed(DeadLetter.class);
    ActorRef<Object> sender = actor(named("sender", 0));
    for (Mailbox.Overflow overflow :
        List.of(Mailbox.Overflow.REJECT, Mailbox.Overflow.DROP_NEWEST)) {
      heard.clear();
      CountDownLatch gate = new CountDownLatch(1);
      CompletableFuture<String> busy = new CompletableFuture<>();
      ActorRef<Object> full =
          actor(named("full-" + overflow, 1).withMailbox(Mailbox.bounded(1, overflow)));
      full.tell(
          (Code)
              context -> {
                busy.complete("busy");
                gate.await();
              });
      Systems.get(busy);
      full.tell((Code) context -> {});
      inTurn(sender, context -> full.tell("lost"));
      Systems.awaitUntil(() -> !heard.isEmpty());
      gate.countDown();
      assertEquals(
          List.of(
              new DeadLetter(
                  "lost", "/test/full-" + overflow, "/test/sender", Reason.MAILBOX_FULL)),
          heard);
    }
  }

  @Test
  void aReplyAfterAnotherIsALateReply() {
    subscribed(DeadLetter.class);
    ActorRef<Object> twice = actor(named("twice", 1));
    String first =
        Systems.get(
            twice.<String>ask(
                replyTo ->
                    (Code)
                        context -> {
                          replyTo.tell("first");
                          replyTo.tell("second");
                        },
                Systems.PATIENCE));
    assertEquals("first", first);
    Systems.awaitUntil(() -> !heard.isEmpty());
    assertEquals(
        List.of(new DeadLetter("second", "/test/twice/$reply", "/test/twice", Reason.LATE_REPLY)),
        heard);
  }

  @Test
  void aFailureTellsWhoAndWhat() {
    subscribed(ActorFailure.class);
    IllegalStateException failure = new IllegalStateException("wanted by the test");
    ActorRef<Object> failing = actor(named("failing", 1));
    failing.tell(
        (Code)
            context -> {
              throw failure;
            });
    Systems.awaitUntil(() -> !heard.isEmpty());
    ActorFailure event = assertInstanceOf(ActorFailure.class, heard.get(0));
    assertEquals("/test/failing", event.actor());
    assertSame(failure, event.failure());
  }

  @Test
  void noActorIsToldOfItsOwnFailuresAndDeadLetters() {
    ActorRef<Object> gone = stopped(1);
    CompletableFuture<String> handled = new CompletableFuture<>();
    ActorRef<Object> clumsy =
        system.spawn(
            () ->
                (message, context) -> {
                  heard.add(message);
                  gone.tell("of the subscriber's own");
                  if (message.equals("end")) {
                    handled.complete("end");
                  }
                  throw new IllegalStateException("wanted by the test");
                },
            ActorOptions.defaults().withSupervision(Supervision.resume()));
    system.subscribe(SystemEvent.class, clumsy);
    gone.tell("one");
    Systems.awaitUntil(() -> heard.size() == 1);
    clumsy.tell("end");
    Systems.get(handled);
    assertEquals(
        List.of(new DeadLetter("one", "/test/gone-1", null, Reason.STOPPED), "end"), heard);
    assertEquals(3, system.stats().deadLetters());
  }

  @Test
  void anEventComesOnceHoweverManySubscriptionsMatch() {
    ActorRef<Object> subscriber = subscribed(DeadLetter.class);
    system.subscribe(SystemEvent.class, subscriber);
    system.subscribe(DeadLetter.class, subscriber);
    ActorRef<Object> gone = stopped(0);
    gone.tell("one");
    gone.tell("two");
    Systems.awaitUntil(() -> heard.size() >= 2);
    settle(subscriber);
    assertEquals(2, heard.size());
    system.unsubscribe(subscriber);
    gone.tell("three");
    Systems.awaitUntil(() -> system.stats().deadLetters() == 3);
    settle(subscriber);
    assertEquals(2, heard.size());
  }

  @Test
  void anAdapterGetsEventsAsItsActorsOwnMessages() {
    ActorRef<Object> subscriber = actor(named("subscriber", 0));
    inTurn(
        subscriber,
        context ->
            context
                .system()
                .subscribe(
                    DeadLetter.class,
                    context.adapt(DeadLetter.class, letter -> "lost: " + letter.message())));
    stopped(1).tell("one");
    Systems.awaitUntil(() -> !heard.isEmpty());
    assertEquals(List.of("lost: one"), heard);
  }

  @Test
  void aSubscriptionEndsWithItsActor() {
    ActorRef<Object> subscriber = subscribed(SystemEvent.class);
    ActorRef<Object> gone = stopped(1);
    system.stop(subscriber);
    Systems.awaitUntil(() -> system.stats().executors().get(0).actors() == 1);
    for (int i = 1; i <= 10; i++) {
      int sent = i;
      gone.tell("lost");
      Systems.awaitUntil(() -> system.stats().deadLetters() == sent);
    }
    assertEquals(List.of(), heard);
  }

  @Test
  void anEventForAFullMailboxIsCountedAndNoEvent() {
    ActorRef<Object> gone = stopped(1);
    CountDownLatch gate = new CountDownLatch(1);
    ActorRef<Object> slow =
        actor(named("slow", 0).withMailbox(Mailbox.bounded(2, Mailbox.Overflow.DROP_OLDEST)));
    CompletableFuture<String> busy = new CompletableFuture<>();
    slow.tell(
        (Code)
            context -> {
              busy.complete("busy");
              gate.await();
            });
    Systems.get(busy);
    system.subscribe(DeadLetter.class, slow);
    for (int i = 0; i < 5; i++) {
      gone.tell(i);
    }
    Systems.awaitUntil(() -> system.stats().deadLetters() == 5 + 3);
    gate.countDown();
    Systems.awaitUntil(() -> heard.size() == 2);
    assertEquals(
        List.of(0, 1), heard.stream().map(event -> ((DeadLetter) event).message()).toList());
  }

  @Test
  void noMessageGivesWayToAnEvent() {
    ActorRef<Object> gone = stopped(1);
    CountDownLatch gate = new CountDownLatch(1);
    CompletableFuture<String> busy = new CompletableFuture<>();
    int capacity = 10_000;
    ActorRef<Object> slow =
        actor(
            named("slow", 0).withMailbox(Mailbox.bounded(capacity, Mailbox.Overflow.DROP_OLDEST)));
    slow.tell(
        (Code)
            context -> {
              busy.complete("busy");
              gate.await();
            });
    Systems.get(busy);
    system.subscribe(DeadLetter.class, slow);
    for (int i = 0; i < capacity; i++) {
      slow.tell(i);
    }
    gone.tell("lost");
    slow.tell("one too many");
    Systems.awaitUntil(() -> system.stats().deadLetters() == 4);
    gate.countDown();
    Systems.awaitUntil(() -> heard.size() == capacity);
    assertEquals(1, heard.get(0));
    assertEquals("one too many", heard.get(capacity - 1));
  }

  /** Each of them fails of the failures it hears of. */
  @Test
  void eventsAboutTheHandlingOfEventsAreToldToNobody() {
    ActorRef<Object> gone = stopped(1);
    for (int i = 0; i < 2; i++) {
      ActorRef<Object> clumsy =
          system.spawn(
              () ->
                  (message, context) -> {
                    heard.add(message);
                    gone.tell("of a subscriber");
                    throw new IllegalStateException("wanted by the test");
                  },
              named("clumsy-" + i, i).withSupervision(Supervision.resume()));
      system.subscribe(ActorFailure.class, clumsy);
      system.subscribe(DeadLetter.class, clumsy);
    }
    actor(named("failing", 0))
        .tell(
            (Code)
                context -> {
                  throw new IllegalStateException("wanted by the test");
                });
    Systems.awaitUntil(() -> system.stats().failures() == 3);
    Systems.awaitUntil(() -> system.stats().deadLetters() == 2);
    assertEquals(2, heard.size());
  }

  /** What comes in while a subscriber looks whether it is to let go is none of its doing. */
  @Test
  void aMessageThatIsLostDuringATurnOfASubscriberIsToldToIt() throws Exception {
    system.close();
    system =
        ActorSystem.create(
            "test", Systems.pool(driver, 2).withPreemptInterval(Duration.ofSeconds(10)));
    ActorRef<Object> gone = stopped(0);
    ActorRef<Object> other = actor(named("other", 0));
    ActorRef<Object> subscriber = subscribed(DeadLetter.class);
    CompletableFuture<String> looking = new CompletableFuture<>();
    CountDownLatch sent = new CountDownLatch(1);
    subscriber.tell(
        (Code)
            context -> {
              looking.complete("looking");
              sent.await();
              for (int i = 0; i < 100_000 && system.stats().deadLetters() == 0; i++) {
                var unused = context.needPreempt();
              }
            });
    Systems.get(looking);
    gone.tell("lost");
    // Asks for a look.
    system.stop(other);
    sent.countDown();
    Systems.awaitUntil(() -> !heard.isEmpty());
    assertEquals(List.of(new DeadLetter("lost", "/test/gone-0", null, Reason.STOPPED)), heard);
  }

  @Test
  void aStallIsAnEvent() {
    subscribed(Stall.class);
    actor(named("sleeper", 1)).tell((Code) context -> stalling.await());
    Systems.awaitUntil(() -> !heard.isEmpty());
    assertEquals("/test/sleeper", assertInstanceOf(Stall.class, heard.get(0)).actor());
  }

  @Test
  void theStallOfAQuestionNamesItsMessage() {
    subscribed(Stall.class);
    record Slow(ActorRef<String> replyTo) {}
    ActorRef<Object> slow =
        system.spawn(
            () ->
                (message, context) -> {
                  stalling.await();
                  ((Slow) message).replyTo().tell("late");
                },
            named("slow", 1));
    var answer = slow.<String>ask(Slow::new, Systems.PATIENCE);
    Systems.awaitUntil(() -> !heard.isEmpty());
    stalling.countDown();
    assertEquals("late", Systems.get(answer));
    assertEquals(Slow.class.getName(), assertInstanceOf(Stall.class, heard.get(0)).messageType());
  }

  @Test
  void theDeathOfAnExecutorIsAnEvent() {
    ActorRef<Object> subscriber = subscribed(ExecutorEnded.class);
    settle(subscriber);
    InternalError death = new InternalError("wanted by the test");
    actor(named("fatal", 1))
        .tell(
            (Code)
                context -> {
                  throw death;
                });
    assertThrows(
        CompletionException.class, () -> system.whenTerminated().toCompletableFuture().join());
    assertEquals(List.of(new ExecutorEnded(1, death)), heard);
  }

  @Test
  void onlyActorsSubscribe() {
    ActorRef<Object> actor = actor(named("actor", 0));
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    var unused =
        actor.<Object>ask(
            replyTo -> {
              thrown.complete(
                  assertThrows(
                      IllegalArgumentException.class,
                      () -> system.subscribe(DeadLetter.class, replyTo)));
              return "message";
            },
            Systems.PATIENCE);
    RouterRef<Object> router =
        system.spawnGroup(List.of(actor), Routing.roundRobin(), ActorOptions.defaults());
    assertThrows(IllegalArgumentException.class, () -> system.subscribe(DeadLetter.class, router));
    assertTrue(Systems.get(thrown).getMessage().contains("/test/actor/$reply is no actor"));
  }
}
