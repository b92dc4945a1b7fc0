package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.Supervision;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Finding actors by path and type. */
@OnBothDrivers
final class LookupTest {
  private final String driver;
  private ActorSystem system;

  LookupTest(String driver) {
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

  /** Has children on both executors in turn, down to a depth. */
  private static final class Branch implements Actor<ActorRef<String>> {
    private final int depth;

    Branch(int depth) {
      this.depth = depth;
    }

    @Override
    public void preStart(ActorContext<ActorRef<String>> context) {
      if (depth > 0) {
        var home = context.system().executors().get(depth % 2);
        context.spawn(() -> new Branch(depth - 1), ActorOptions.named("child").onExecutor(home));
      }
    }

    @Override
    public void receive(ActorRef<String> replyTo, ActorContext<ActorRef<String>> context) {
      replyTo.tell("at depth " + depth);
    }
  }

  private static <M> Optional<ActorRef<M>> found(CompletionStage<Optional<ActorRef<M>>> stage) {
    return Systems.get(stage);
  }

  @Test
  void actorsAreFoundByPathAndType() {
    ActorRef<ActorRef<String>> root = system.spawn(() -> new Branch(3), ActorOptions.named("root"));
    assertEquals(Optional.of(root), found(system.find("/test/root", Branch.class)));
    Systems.awaitUntil(
        () -> found(system.find("/test/root/child/child/child", Branch.class)).isPresent());
    ActorRef<ActorRef<String>> leaf =
        found(system.find("/test/root/child/child/child", Branch.class)).orElseThrow();
    assertEquals("/test/root/child/child/child", leaf.path());
    assertEquals("at depth 0", Systems.get(leaf.<String>ask(replyTo -> replyTo, Systems.PATIENCE)));
  }

  @Test
  void nobodyIsFoundWhereNobodyIs() {
    ActorRef<ActorRef<String>> root = system.spawn(() -> new Branch(0), ActorOptions.named("root"));
    assertEquals(Optional.empty(), found(system.find("/test/other", Branch.class)));
    assertEquals(Optional.empty(), found(system.find("/test/root/child", Branch.class)));
    assertEquals(Optional.empty(), found(system.find("/test/root/", Branch.class)));
    assertEquals(Optional.empty(), found(system.find("/test/", Branch.class)));
    system.stop(root);
    Systems.awaitUntil(() -> found(system.find("/test/root", Branch.class)).isEmpty());
  }

  @Test
  void aPathOfAnotherSystemIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> system.find("/other/root", Branch.class));
    assertThrows(IllegalArgumentException.class, () -> system.find("root", Branch.class));
  }

  @Test
  void anotherTypeIsAnError() {
    system.spawn(() -> new Branch(0), ActorOptions.named("root"));
    CompletionException thrown =
        assertThrows(
            CompletionException.class,
            () -> system.find("/test/root", Turncoat.class).toCompletableFuture().join());
    assertTrue(
        thrown.getCause().getMessage().contains("/test/root is a " + Branch.class.getName()));
  }

  private static final class Turncoat implements Actor<String> {
    private final CountDownLatch made;

    Turncoat(CountDownLatch made) {
      this.made = made;
    }

    @Override
    public void receive(String message, ActorContext<String> context) {
      context.become((next, later) -> {});
      made.countDown();
    }
  }

  @Test
  void theTypeIsThatOfTheFirstBehaviour() throws Exception {
    CountDownLatch turned = new CountDownLatch(1);
    ActorRef<String> actor =
        system.spawn(() -> new Turncoat(turned), ActorOptions.named("turncoat"));
    actor.tell("turn");
    turned.await();
    assertEquals(Optional.of(actor), found(system.find("/test/turncoat", Turncoat.class)));
  }

  /** Its child takes its time to stop, and it cannot start again before. */
  @Test
  void oneThatRestartsIsWaitedFor() {
    CountDownLatch childStops = new CountDownLatch(1);
    CompletableFuture<String> failing = new CompletableFuture<>();
    ActorRef<String> actor =
        system.spawn(
            () -> new Parent(failing, childStops),
            ActorOptions.named("parent")
                .onExecutor(system.executors().get(0))
                .withSupervision(Supervision.restart()));
    actor.tell("fail");
    Systems.get(failing);
    CompletableFuture<Optional<ActorRef<String>>> answer =
        system.find("/test/parent", Parent.class).toCompletableFuture();
    Systems.inTurn(system.executors().get(0), context -> {});
    childStops.countDown();
    assertEquals(Optional.of(actor), Systems.get(answer));
  }

  private record Parent(CompletableFuture<String> failing, CountDownLatch childStops)
      implements Actor<String> {
    @Override
    public void preStart(ActorContext<String> context) {
      context.spawn(
          () ->
              new Actor<String>() {
                @Override
                public void receive(String message, ActorContext<String> own) {}

                @Override
                public void postStop(ActorContext<String> own) throws Exception {
                  childStops.await();
                }
              },
          ActorOptions.defaults().onExecutor(context.system().executors().get(1)));
    }

    @Override
    public void receive(String message, ActorContext<String> context) {
      failing.complete(message);
      throw new IllegalStateException("wanted by the test");
    }
  }

  @Test
  void oneThatIsAboutToStartIsWaitedFor() {
    CountDownLatch gate = new CountDownLatch(1);
    ActorRef<String> slow =
        system.spawn(
            () -> {
              awaitGate(gate);
              return new Turncoat(gate);
            },
            ActorOptions.named("slow"));
    CompletableFuture<Optional<ActorRef<String>>> answer =
        system.find("/test/slow", Turncoat.class).toCompletableFuture();
    gate.countDown();
    assertEquals(Optional.of(slow), Systems.get(answer));
  }

  @Test
  void oneThatDoesNotStartIsNotFound() {
    CountDownLatch gate = new CountDownLatch(1);
    system.spawn(
        () -> {
          awaitGate(gate);
          throw new IllegalStateException("wanted by the test");
        },
        ActorOptions.named("failing"));
    CompletableFuture<Optional<ActorRef<String>>> answer =
        system.find("/test/failing", Turncoat.class).toCompletableFuture();
    gate.countDown();
    assertEquals(Optional.empty(), Systems.get(answer));
  }

  @Test
  void nothingIsFoundInASystemThatHasEnded() {
    system.spawn(() -> new Branch(0), ActorOptions.named("root"));
    system.close();
    assertEquals(Optional.empty(), found(system.find("/test/root", Branch.class)));
  }

  private static void awaitGate(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
