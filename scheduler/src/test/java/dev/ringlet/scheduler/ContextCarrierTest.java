package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.actor.Routing;
import dev.ringlet.actor.TimerHandle;
import dev.ringlet.spi.ContextCarrier;
import dev.ringlet.spi.Uncarried;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a thread knows of a request goes with messages. */
@OnBothDrivers
final class ContextCarrierTest {
  private static final ThreadLocal<@Nullable String> TRACE = new ThreadLocal<>();
  private static final Duration LONG = Duration.ofMinutes(10);

  private final String driver;

  /** Each message with the trace of its turn. */
  private final List<String> heard = new CopyOnWriteArrayList<>();

  private ActorSystem system;

  ContextCarrierTest(String driver) {
    this.driver = driver;
  }

  private static final class Tracing implements ContextCarrier {
    @Override
    public @Nullable Object capture() {
      if ("broken".equals(TRACE.get())) {
        throw new IllegalStateException("wanted by the test");
      }
      return TRACE.get();
    }

    @Override
    public Scope restore(Object captured) {
      String before = TRACE.get();
      TRACE.set((String) captured);
      return () -> TRACE.set(before);
    }
  }

  @BeforeEach
  void open() {
    system = ActorSystem.create("test", Systems.pool(driver, 2).withContextCarrier(new Tracing()));
  }

  @AfterEach
  void close() {
    TRACE.remove();
    system.close();
  }

  @FunctionalInterface
  private interface Code extends Consumer<ActorContext<Object>> {}

  private final class Noting implements Actor<Object> {
    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message instanceof Code code) {
        code.accept(context);
      } else {
        note(message);
      }
    }
  }

  private void note(Object message) {
    heard.add(message + " in " + TRACE.get());
  }

  private ActorRef<Object> actor(ActorOptions options) {
    return system.spawn(Noting::new, options);
  }

  private ActorOptions on(int executor) {
    return ActorOptions.defaults().onExecutor(system.executors().get(executor));
  }

  private static void tell(ActorRef<Object> actor, @Nullable String trace, Object message) {
    TRACE.set(trace);
    actor.tell(message);
    TRACE.remove();
  }

  private void expect(String... expected) {
    Systems.awaitUntil(() -> heard.size() >= expected.length);
    assertEquals(List.of(expected), heard);
  }

  @Test
  void aMessageTakesTheContextOfItsSenderAndNoneAfterIt() {
    ActorRef<Object> actor = actor(on(0));
    tell(actor, "a", "one");
    tell(actor, null, "two");
    tell(actor, "b", "three");
    expect("one in a", "two in null", "three in b");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void itGoesOnFromActorToActor(int executor) {
    ActorRef<Object> next = actor(on(executor));
    tell(actor(on(0)), "a", (Code) context -> next.tell("one"));
    expect("one in a");
  }

  @Test
  void everyKindOfAddressCarriesIt() {
    List<ActorRef<Object>> addresses = new CopyOnWriteArrayList<>();
    addresses.add(actor(on(0).withMailbox(Mailbox.bounded(4, Mailbox.Overflow.REJECT))));
    addresses.add(actor(on(0).withMailbox(Mailbox.conflating(message -> message))));
    addresses.add(
        actor(
            on(0)
                .withMailbox(
                    Mailbox.priority((one, other) -> one.toString().compareTo(other.toString())))));
    addresses.add(system.spawnPool(1, i -> new Noting(), Routing.roundRobin(), on(1)));
    addresses.add(system.spawnPool(1, i -> new Noting(), Routing.smallestMailbox(), on(1)));
    CompletableFuture<ActorRef<Object>> adapter = new CompletableFuture<>();
    actor(on(0))
        .tell(
            (Code)
                context ->
                    adapter.complete(
                        context.adapt(
                            Object.class,
                            message -> {
                              note("adapted");
                              return message;
                            })));
    addresses.add(Systems.get(adapter));
    String[] expected = {
      "0 in a", "1 in a", "2 in a", "3 in a", "4 in a", "adapted in a", "5 in a"
    };
    for (int i = 0; i < addresses.size(); i++) {
      tell(addresses.get(i), "a", i);
      int count = i + 1;
      Systems.awaitUntil(() -> heard.size() >= count);
    }
    expect(expected);
    heard.clear();
    TRACE.set("b");
    addresses.get(0).tryTell("tried");
    TRACE.remove();
    expect("tried in b");
  }

  private record Ask(ActorRef<String> replyTo) {}

  @Test
  void questionsCarryItAndAnswersHaveThatOfTheQuestion() {
    ActorRef<Object> other =
        system.spawn(
            () ->
                (message, context) -> {
                  note("question");
                  TRACE.set("of the other");
                  ((Ask) message).replyTo().tell("answer");
                },
            on(1));
    TRACE.set("a");
    String answer = Systems.get(other.<String>ask(Ask::new, Systems.PATIENCE));
    TRACE.remove();
    assertEquals("answer", answer);
    tell(
        actor(on(0)),
        "b",
        (Code)
            context ->
                context.<Object, String>ask(
                    other, Ask::new, LONG, (reply, failure) -> reply + " made in " + TRACE.get()));
    expect("question in a", "question in b", "answer made in b in b");
  }

  @Test
  void theRestOfATurnHasIt() {
    ActorRef<Object> actor = actor(on(0));
    tell(
        actor,
        "a",
        (Code)
            context ->
                context.yield(
                    () -> {
                      note("yielded");
                      context.yieldQueue(
                          () -> {
                            note("yielded the queue");
                            context.await(
                                context.io().delay(Duration.ofMillis(1)),
                                (nothing, failure) -> note("awaited"));
                          });
                    }));
    tell(actor, "b", "next");
    expect("yielded in a", "yielded the queue in a", "awaited in a", "next in b");
  }

  @Test
  void outcomesHaveThatOfTheTurnThatWantedThem() {
    ActorRef<Object> actor = actor(on(0));
    CompletableFuture<String> stage = new CompletableFuture<>();
    tell(
        actor,
        "a",
        (Code)
            context ->
                context.pipe(
                    context.io().delay(Duration.ofMillis(1)),
                    (nothing, failure) -> "delay made in " + TRACE.get()));
    expect("delay made in a in a");
    tell(actor, "b", (Code) context -> context.pipe(stage, (value, failure) -> value));
    TRACE.set("of the stage");
    stage.complete("stage");
    TRACE.remove();
    Systems.awaitUntil(() -> heard.size() == 2);
    tell(actor, "c", (Code) context -> context.offload(() -> "work", (value, failure) -> value));
    expect("delay made in a in a", "stage in b", "work in c");
  }

  @Test
  void whatIsStashedKeepsIt() {
    ActorRef<Object> actor =
        system.spawn(
            () ->
                (message, context) -> {
                  if (message.equals("open")) {
                    context.unstashAll();
                    context.become(new Noting());
                  } else {
                    context.stash(message);
                  }
                },
            on(0));
    tell(actor, "a", "one");
    tell(actor, null, "two");
    tell(actor, "c", "open");
    expect("one in a", "two in null");
  }

  @Test
  void aFailureToCaptureIsTheSenders() {
    ActorRef<Object> actor = actor(on(0));
    TRACE.set("broken");
    assertThrows(IllegalStateException.class, () -> actor.tell("one"));
    TRACE.remove();
    actor.tell("two");
    expect("two in null");
  }

  @Test
  void aMessageThatTakesNothingDoesNotNeedTheCarrier() {
    enum Bare implements Uncarried {
      BARE
    }

    ActorRef<Object> actor = actor(on(0));
    tell(actor, "a", Bare.BARE);
    tell(actor, "broken", Bare.BARE);
    expect("BARE in null", "BARE in null");
  }

  /** Nor is there an answer to a question that was not asked. */
  @Test
  void aFailureToCaptureAsksNothing() {
    ActorRef<Object> other = actor(on(1));
    CompletableFuture<String> thrown = new CompletableFuture<>();
    tell(
        actor(on(0)),
        "a",
        (Code)
            context -> {
              TRACE.set("broken");
              assertThrows(
                  IllegalStateException.class,
                  () ->
                      context.<Object, String>ask(
                          other,
                          Ask::new,
                          Duration.ofMillis(1),
                          (answer, failure) -> "answer " + failure));
              TRACE.set("a");
              thrown.complete("thrown");
              context.timers().once(Duration.ofMillis(50), "later");
            });
    Systems.get(thrown);
    expect("later in null");
  }

  /** It is a message like any other, and not the runtime's own. */
  @Test
  void aRuntimeObjectAsAnOutcomeIsAMessage() {
    CompletableFuture<Object> got = new CompletableFuture<>();
    ActorRef<Object> actor =
        system.spawn(
            () ->
                (message, context) -> {
                  if (message instanceof Code code) {
                    code.accept(context);
                  } else {
                    got.complete(message);
                  }
                },
            on(0));
    tell(
        actor,
        "a",
        (Code)
            context -> {
              Object handle = context.timers().once(LONG, "never");
              context.pipe(CompletableFuture.completedFuture(handle), (value, failure) -> value);
            });
    assertInstanceOf(TimerHandle.class, Systems.get(got));
  }

  @Test
  void aConflatedMessageKeepsTheNewest() {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    ActorRef<Object> actor =
        actor(on(0).withMailbox(Mailbox.conflating(message -> message.getClass())));
    CompletableFuture<String> busy = new CompletableFuture<>();
    actor.tell(
        (Code)
            context -> {
              busy.complete("busy");
              gate.join();
            });
    Systems.get(busy);
    tell(actor, "a", "old");
    tell(actor, "b", "new");
    gate.complete(null);
    expect("new in b");
  }
}
