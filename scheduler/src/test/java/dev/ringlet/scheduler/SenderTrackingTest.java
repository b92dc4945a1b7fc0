package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.DeadLetter;
import dev.ringlet.actor.DeadLetter.Reason;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.spi.ContextCarrier;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages keep their senders where they are told to, also while they wait in a mailbox. */
@OnBothDrivers
final class SenderTrackingTest {
  private final String driver;
  private final List<Object> heard = new CopyOnWriteArrayList<>();
  private @Nullable ActorSystem system;

  SenderTrackingTest(String driver) {
    this.driver = driver;
  }

  private ActorSystem open(ExecutorPool pool) {
    ActorSystem opened = ActorSystem.create("test", pool.withSenderTracking());
    system = opened;
    ActorRef<DeadLetter> subscriber =
        opened.spawn(() -> (letter, context) -> heard.add(letter), ActorOptions.defaults());
    opened.subscribe(DeadLetter.class, subscriber);
    return opened;
  }

  private ActorSystem open() {
    return open(Systems.pool(driver, 2));
  }

  @AfterEach
  void close() {
    if (system != null) {
      system.close();
    }
  }

  @FunctionalInterface
  private interface Code extends Consumer<ActorContext<Object>> {}

  private static Actor<Object> running() {
    return (message, context) -> {
      if (message instanceof Code code) {
        code.accept(context);
      }
    };
  }

  private static ActorRef<Object> actor(ActorSystem in, String name, int executor, Mailbox box) {
    return in.spawn(
        SenderTrackingTest::running,
        ActorOptions.named(name).withMailbox(box).onExecutor(in.executors().get(executor)));
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

  /** Stops an actor while "lost" of another actor waits in its mailbox. */
  private void loseOne(ActorSystem in, ActorRef<Object> target, int senderExecutor) {
    ActorRef<Object> sender = actor(in, "sender", senderExecutor, Mailbox.unbounded());
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch sent = new CountDownLatch(1);
    target.tell(
        (Code)
            context -> {
              busy.countDown();
              await(sent);
              context.stop();
            });
    await(busy);
    inTurn(sender, context -> target.tell("lost"));
    sent.countDown();
    Systems.awaitUntil(() -> heard.size() == 1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void assertLost(String recipient) {
    assertEquals(List.of(new DeadLetter("lost", recipient, "/test/sender", Reason.STOPPED)), heard);
  }

  @Test
  void whatWaitsWhenAnActorStopsHasItsSender() {
    ActorSystem opened = open();
    loseOne(opened, actor(opened, "actor", 1, Mailbox.unbounded()), 0);
    assertLost("/test/actor");
  }

  @Test
  void aBoundedMailboxKeepsSendersToo() {
    ActorSystem opened = open();
    Mailbox box = Mailbox.bounded(8, Mailbox.Overflow.FAIL);
    loseOne(opened, actor(opened, "actor", 1, box), 0);
    assertLost("/test/actor");
  }

  @Test
  void aConflatingMailboxKeepsSendersToo() {
    ActorSystem opened = open();
    loseOne(opened, actor(opened, "actor", 1, Mailbox.conflating(Object::hashCode)), 0);
    assertLost("/test/actor");
  }

  @Test
  void aPriorityMailboxKeepsSendersToo() {
    ActorSystem opened = open();
    Mailbox box = Mailbox.priority(Comparator.comparing(Object::hashCode));
    loseOne(opened, actor(opened, "actor", 1, box), 0);
    assertLost("/test/actor");
  }

  @Test
  void contextAndSenderGoTogether() {
    ContextCarrier carrier =
        new ContextCarrier() {
          @Override
          public Object capture() {
            return "context";
          }

          @Override
          public Scope restore(Object captured) {
            return () -> {};
          }
        };
    ActorSystem opened = open(Systems.pool(driver, 2).withContextCarrier(carrier));
    loseOne(opened, actor(opened, "actor", 1, Mailbox.unbounded()), 0);
    assertLost("/test/actor");
  }

  /** What is put aside is still from whoever sent it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void stashedMessagesKeepTheirSenders(int senderExecutor) {
    ActorSystem opened = open();
    ActorRef<Object> target =
        opened.spawn(
            () ->
                (message, context) -> {
                  if (message instanceof Code code) {
                    code.accept(context);
                  } else {
                    context.stash(message);
                  }
                },
            ActorOptions.named("actor").onExecutor(opened.executors().get(1)));
    ActorRef<Object> sender = actor(opened, "sender", senderExecutor, Mailbox.unbounded());
    inTurn(sender, context -> target.tell("lost"));
    target.tell((Code) ActorContext::stop);
    Systems.awaitUntil(() -> heard.size() == 1);
    assertLost("/test/actor");
  }

  @Test
  void whatComesFromOutsideHasNoSender() {
    ActorSystem opened = open();
    ActorRef<Object> target = actor(opened, "actor", 1, Mailbox.unbounded());
    CountDownLatch sent = new CountDownLatch(1);
    target.tell(
        (Code)
            context -> {
              await(sent);
              context.stop();
            });
    target.tell("lost");
    sent.countDown();
    Systems.awaitUntil(() -> heard.size() == 1);
    assertEquals(List.of(new DeadLetter("lost", "/test/actor", null, Reason.STOPPED)), heard);
  }
}
