package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorStoppedException;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.AskTimeoutException;
import dev.ringlet.actor.ShardedRef;
import dev.ringlet.actor.TimerHandle;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Actors that ask actors, and addresses of other protocols. */
@OnBothDrivers
final class AskTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private final String driver;
  private ActorSystem system;

  AskTest(String driver) {
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

  private record Ask(ActorRef<String> replyTo) {}

  private record Answer(@Nullable String reply, @Nullable Throwable failure) {}

  private ActorRef<Ask> asked(int executor, Consumer<Ask> receiver) {
    return system.spawn(
        () -> (message, context) -> receiver.accept(message),
        ActorOptions.defaults().onExecutor(system.executors().get(executor)));
  }

  /** An actor of executor 0 asks, and tells what it is told. */
  private CompletableFuture<Answer> ask(ActorRef<Ask> target, Duration timeout) {
    CompletableFuture<Answer> told = new CompletableFuture<>();
    ActorRef<Object> asker =
        system.spawn(
            () ->
                (message, context) -> {
                  if (message instanceof Answer answer) {
                    told.complete(answer);
                  } else {
                    context.<Ask, String>ask(target, Ask::new, timeout, Answer::new);
                  }
                },
            ActorOptions.defaults().onExecutor(system.executors().get(0)));
    asker.tell("ask");
    return told;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void theReplyIsAMessage(int executor) {
    ActorRef<Ask> target = asked(executor, ask -> ask.replyTo().tell("reply"));
    assertEquals(new Answer("reply", null), Systems.get(ask(target, LONG)));
    Systems.awaitUntil(() -> system.stats().executors().stream().allMatch(e -> e.timers() == 0));
  }

  @Test
  void anyThreadMayReply() throws InterruptedException {
    CompletableFuture<Ask> question = new CompletableFuture<>();
    CompletableFuture<Answer> answer = ask(asked(0, question::complete), LONG);
    Ask waiting = Systems.get(question);
    Thread other = new Thread(() -> waiting.replyTo().tell("from elsewhere"));
    other.start();
    other.join();
    assertEquals(new Answer("from elsewhere", null), Systems.get(answer));
    waiting.replyTo().tell("once more");
    assertEquals(1, system.stats().deadLetters());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void noReplyIsAFailureInTimeAndALateOneADeadLetter(int executor) {
    CompletableFuture<Ask> question = new CompletableFuture<>();
    Answer answer = Systems.get(ask(asked(executor, question::complete), Duration.ofMillis(20)));
    AskTimeoutException failure = assertInstanceOf(AskTimeoutException.class, answer.failure());
    assertTrue(failure.getMessage().contains("no reply to Ask within 20 ms"), failure.getMessage());
    Systems.get(question).replyTo().tell("too late");
    Systems.awaitUntil(() -> system.stats().deadLetters() == 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aTargetThatHasStoppedIsAFailureAtOnce(int executor) {
    ActorRef<Ask> target = asked(executor, ask -> {});
    system.stop(target);
    Answer answer = Systems.get(ask(target, LONG));
    assertInstanceOf(ActorStoppedException.class, answer.failure());
  }

  @Test
  void anAskerThatHasStoppedGetsNothingAndTheReplyIsADeadLetter() {
    CompletableFuture<Ask> question = new CompletableFuture<>();
    ActorRef<Ask> target = asked(1, question::complete);
    Systems.inTurn(
        system.executors().get(0),
        context -> {
          context.<Ask, String>ask(target, Ask::new, LONG, (reply, failure) -> "never");
          context.stop();
        });
    Systems.awaitUntil(
        () -> system.stats().executors().stream().mapToLong(e -> e.actors()).sum() == 1);
    Systems.get(question).replyTo().tell("to nobody");
    Systems.awaitUntil(() -> system.stats().deadLetters() == 1);
  }

  @Test
  void servicesAndAdaptersAreAskedLikeActors() {
    ShardedRef<Ask> service =
        system.spawnSharded(
            "service",
            index -> (message, context) -> message.replyTo().tell("shard " + index),
            ask -> "key");
    Answer answer = Systems.get(ask(service, LONG));
    assertTrue(String.valueOf(answer.reply()).startsWith("shard "), answer.toString());
    CompletableFuture<ActorRef<Ask>> adapter = new CompletableFuture<>();
    system.spawn(
        () ->
            new dev.ringlet.actor.Actor<String>() {
              private @Nullable Ask asked;

              @Override
              public void preStart(ActorContext<String> context) {
                adapter.complete(
                    context.adapt(
                        Ask.class,
                        ask -> {
                          asked = ask;
                          return "adapted";
                        }));
              }

              @Override
              public void receive(String message, ActorContext<String> context) {
                if (asked != null) {
                  asked.replyTo().tell(message);
                }
              }
            },
        ActorOptions.named("adapting"));
    ActorRef<Ask> adapted = Systems.get(adapter);
    assertEquals("/test/adapting/$Ask", adapted.path());
    assertEquals(new Answer("adapted", null), Systems.get(ask(adapted, LONG)));
    CompletionStage<String> fromOutside = adapted.ask(Ask::new, LONG);
    assertEquals("adapted", Systems.get(fromOutside));
  }

  @Test
  void whatAnAdapterThrowsIsAFailureOfItsActor() {
    CompletableFuture<ActorRef<Integer>> adapter = new CompletableFuture<>();
    Systems.inTurn(
        system.executors().get(0),
        context ->
            adapter.complete(
                context.adapt(
                    Integer.class,
                    number -> {
                      throw new IllegalStateException("adapter");
                    })));
    ActorRef<Integer> failing = Systems.get(adapter);
    failing.tell(1);
    Systems.awaitUntil(() -> system.stats().failures() == 1);
    failing.tell(2);
    Systems.awaitUntil(() -> system.stats().deadLetters() == 1);
  }

  /** Some of what users hold stands in mailboxes itself. */
  @Test
  void addressesAndHandlesAreMessagesLikeAnyOther() {
    CompletableFuture<Object> got = new CompletableFuture<>();
    ActorRef<Object> other =
        system.spawn(() -> (message, context) -> got.complete(message), ActorOptions.defaults());
    CompletableFuture<TimerHandle> sent = new CompletableFuture<>();
    Systems.inTurn(
        system.executors().get(0),
        context -> {
          TimerHandle handle = context.timers().once(LONG, "never");
          sent.complete(handle);
          other.tell(handle);
        });
    assertSame(Systems.get(sent), Systems.get(got));

    CompletableFuture<Object> address = new CompletableFuture<>();
    ActorRef<Object> third =
        system.spawn(
            () -> (message, context) -> address.complete(message), ActorOptions.defaults());
    var unused = ask(asked(0, ask -> third.tell(ask.replyTo())), LONG);
    assertInstanceOf(ActorRef.class, Systems.get(address));
    assertEquals(0, system.stats().failures());
  }

  @Test
  void questionsThatMakeNoSenseAreRefused() {
    ActorRef<Ask> target = asked(0, ask -> {});
    Systems.inTurn(
        system.executors().get(0),
        context -> {
          assertThrows(
              IllegalArgumentException.class,
              () -> context.<Ask, String>ask(target, Ask::new, Duration.ZERO, Answer::new));
          Function<ActorRef<String>, Ask> asksItself =
              replyTo -> {
                assertThrows(
                    IllegalArgumentException.class,
                    () ->
                        context.<String, String>ask(replyTo, address -> "why", LONG, Answer::new));
                return new Ask(replyTo);
              };
          context.<Ask, String>ask(target, asksItself, LONG, Answer::new);
        });
  }

  /** Each question is answered once, whoever wins: reply, timeout or stop. */
  @Test
  void everyQuestionIsAnsweredOnceWhateverHappens() {
    int questions = 20_000;
    AtomicLong answers = new AtomicLong();
    ActorRef<Ask> target =
        system.spawn(
            () ->
                (message, context) -> {
                  if (answers.get() % 7 != 0) {
                    message.replyTo().tell("reply");
                  }
                },
            ActorOptions.defaults().onExecutor(system.executors().get(1)));
    ActorRef<Object> asker =
        system.spawn(
            () ->
                (message, context) -> {
                  if (message instanceof Answer) {
                    answers.incrementAndGet();
                  } else {
                    for (int i = 0; i < questions / 100; i++) {
                      context.<Ask, String>ask(
                          target, Ask::new, Duration.ofNanos(1 + i * 1_000L), Answer::new);
                    }
                  }
                },
            ActorOptions.defaults().onExecutor(system.executors().get(0)));
    for (int i = 0; i < 100; i++) {
      if (i == 90) {
        system.stop(target);
      }
      asker.tell("ask");
    }
    Systems.awaitUntil(() -> answers.get() >= questions);
    Systems.inTurn(system.executors().get(0), context -> {});
    assertEquals(questions, answers.get());
  }
}
