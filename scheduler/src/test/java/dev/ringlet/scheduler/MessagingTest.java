package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorStoppedException;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.AskTimeoutException;
import dev.ringlet.io.IoOp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a sender may rely on: order, no loss, replies, dead letters. */
@OnBothDrivers
final class MessagingTest {
  private final String driver;
  private ActorSystem system;

  MessagingTest(String driver) {
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

  /** The counter of the README. */
  private static final class Counter implements Actor<Counter.Command> {
    sealed interface Command {}

    record Add(int amount) implements Command {}

    record Get(ActorRef<Integer> replyTo) implements Command {}

    private int total;

    @Override
    public void receive(Command command, ActorContext<Command> context) {
      if (command instanceof Add add) {
        total += add.amount();
      } else if (command instanceof Get get) {
        get.replyTo().tell(total);
      }
    }
  }

  @Test
  void tellAndAsk() {
    ActorRef<Counter.Command> counter = system.spawn(Counter::new, ActorOptions.named("counter"));
    counter.tell(new Counter.Add(2));
    counter.tell(new Counter.Add(3));
    int total = Systems.get(counter.<Integer>ask(Counter.Get::new, Systems.PATIENCE));
    assertEquals(5, total);
    assertEquals("/test/counter", counter.path());
  }

  @Test
  void messagesOfOneSenderArriveInOrderFromEveryThread() throws InterruptedException {
    int senders = 4;
    int each = 50_000;
    record Numbered(int sender, int number) {}
    CompletableFuture<String> outcome = new CompletableFuture<>();
    int[] next = new int[senders];
    ActorRef<Numbered> receiver =
        system
            .executors()
            .get(0)
            .spawn(
                () ->
                    (message, context) -> {
                      if (next[message.sender()]++ != message.number()) {
                        outcome.complete("out of order: " + message);
                      }
                      if (message.number() == each - 1) {
                        boolean all = true;
                        for (int count : next) {
                          all &= count == each;
                        }
                        if (all) {
                          outcome.complete("in order");
                        }
                      }
                    },
                ActorOptions.defaults());
    List<Thread> threads = new ArrayList<>();
    for (int s = 0; s < senders - 2; s++) {
      int sender = s;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  receiver.tell(new Numbered(sender, i));
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (int s = 0; s < 2; s++) {
      int sender = senders - 2 + s;
      system
          .executors()
          .get(s)
          .execute(
              () -> {
                for (int i = 0; i < each; i++) {
                  receiver.tell(new Numbered(sender, i));
                }
              });
    }
    assertEquals("in order", Systems.get(outcome));
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void aReplyThatDoesNotComeEndsInATimeoutThatNamesActorAndMessage() {
    ActorRef<Counter.Get> silent =
        system.spawn(() -> (message, context) -> {}, ActorOptions.named("silent"));
    CompletionException failure =
        assertThrows(
            CompletionException.class,
            () -> Systems.get(silent.<Integer>ask(Counter.Get::new, Duration.ofMillis(20))));
    AskTimeoutException timeout = assertInstanceOf(AskTimeoutException.class, failure.getCause());
    assertTrue(timeout.getMessage().contains("/test/silent"), timeout.getMessage());
    assertTrue(timeout.getMessage().contains("Get"), timeout.getMessage());
    assertTrue(timeout.getMessage().contains("20 ms"), timeout.getMessage());
  }

  @Test
  void aLateReplyIsADeadLetter() {
    CompletableFuture<ActorRef<Integer>> address = new CompletableFuture<>();
    ActorRef<Counter.Get> late =
        system.spawn(
            () -> (message, context) -> address.complete(message.replyTo()),
            ActorOptions.defaults());
    assertThrows(
        CompletionException.class,
        () -> Systems.get(late.<Integer>ask(Counter.Get::new, Duration.ofMillis(1))));
    Systems.get(address).tell(1);
    assertEquals(1, system.stats().deadLetters());
  }

  @Test
  void askingAStoppedActorFailsAtOnce() {
    ActorRef<Counter.Command> counter = system.spawn(Counter::new, ActorOptions.named("gone"));
    system.stop(counter);
    CompletionException failure =
        assertThrows(
            CompletionException.class,
            () -> Systems.get(counter.<Integer>ask(Counter.Get::new, Systems.PATIENCE)));
    ActorStoppedException stopped =
        assertInstanceOf(ActorStoppedException.class, failure.getCause());
    assertTrue(stopped.getMessage().contains("/test/gone"), stopped.getMessage());
  }

  @Test
  void messagesToAStoppedActorAreDeadLetters() {
    ActorRef<Counter.Command> counter = system.spawn(Counter::new, ActorOptions.defaults());
    system.stop(counter);
    for (int i = 0; i < 5; i++) {
      counter.tell(new Counter.Add(i));
    }
    Systems.awaitUntil(() -> system.stats().deadLetters() == 5);
  }

  @Test
  void whatWasSentBeforeCloseIsHandled() {
    int[] handled = new int[1];
    ActorRef<Integer> last =
        system
            .executors()
            .get(1)
            .spawn(() -> (message, context) -> handled[0]++, ActorOptions.defaults());
    ActorRef<Integer> first =
        system
            .executors()
            .get(0)
            .spawn(() -> (message, context) -> last.tell(message), ActorOptions.defaults());
    for (int i = 0; i < 100_000; i++) {
      first.tell(i);
    }
    system.close();
    assertEquals(100_000, handled[0]);
    assertEquals(0, system.stats().deadLetters());
  }

  @Test
  void whatIsSentAfterCloseIsADeadLetterAndSpawnSaysWhatIsWrong() {
    ActorRef<Counter.Command> counter = system.spawn(Counter::new, ActorOptions.defaults());
    system.close();
    counter.tell(new Counter.Add(1));
    assertEquals(1, system.stats().deadLetters());
    IllegalStateException failure =
        assertThrows(
            IllegalStateException.class, () -> system.spawn(Counter::new, ActorOptions.defaults()));
    assertTrue(failure.getMessage().contains("closed"), failure.getMessage());
    CompletionException asked =
        assertThrows(
            CompletionException.class,
            () -> Systems.get(counter.<Integer>ask(Counter.Get::new, Systems.PATIENCE)));
    assertInstanceOf(ActorStoppedException.class, asked.getCause());
  }

  @Test
  void anOperationSentAsAMessageIsAMessage() {
    CompletableFuture<Object> received = new CompletableFuture<>();
    Systems.inTurn(
        system.executors().get(0),
        context -> {
          IoOp<Void> op = context.io().delay(Duration.ofDays(1));
          ActorRef<IoOp<Void>> receiver =
              context.spawn(
                  () -> (message, own) -> received.complete(message == op ? "the same" : message),
                  ActorOptions.defaults());
          receiver.tell(op);
        });
    assertSame("the same", Systems.get(received));
  }

  @Test
  void nullIsRefusedAtTheSender() {
    ActorRef<Counter.Command> counter = system.spawn(Counter::new, ActorOptions.defaults());
    assertThrows(NullPointerException.class, () -> counter.tell(null));
  }

  @Test
  void tasksRunOnTheirExecutorInOrder() {
    List<Integer> seen = new ArrayList<>();
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    var executor = system.executors().get(1);
    for (int i = 0; i < 100; i++) {
      int number = i;
      executor.execute(() -> seen.add(number));
    }
    executor.execute(() -> done.complete(executor.isCurrent()));
    assertTrue(Systems.get(done));
    assertEquals(100, seen.size());
    assertEquals(seen.stream().sorted().toList(), seen);
  }
}
