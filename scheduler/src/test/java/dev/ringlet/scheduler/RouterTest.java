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
import dev.ringlet.actor.ActorStoppedException;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.DeadLetter;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.actor.MailboxFullException;
import dev.ringlet.actor.RouterRef;
import dev.ringlet.actor.Routing;
import dev.ringlet.actor.Supervision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One address for many actors. */
@OnBothDrivers
final class RouterTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private final String driver;

  /** What each routee has got, by its index. */
  private final Map<Integer, List<Object>> got = new ConcurrentHashMap<>();

  private final Map<Integer, String> homes = new ConcurrentHashMap<>();
  private final CountDownLatch gate = new CountDownLatch(1);
  private ActorSystem system;

  RouterTest(String driver) {
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

  private record Ask(String text, ActorRef<Integer> replyTo) {}

  private enum Do {
    FAIL,
    STOP,
    BLOCK
  }

  /** Notes what it gets; answers questions with its index. */
  private final class Worker implements Actor<Object> {
    private final int index;

    Worker(int index) {
      this.index = index;
    }

    @Override
    public void preStart(ActorContext<Object> context) {
      homes.put(index, context.executor() + " " + context.self().path());
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) throws Exception {
      got.computeIfAbsent(index, any -> new CopyOnWriteArrayList<>()).add(message);
      if (message instanceof Ask ask) {
        ask.replyTo().tell(index);
      } else if (message == Do.FAIL) {
        throw new IllegalStateException("wanted by the test");
      } else if (message == Do.STOP) {
        context.stop();
      } else if (message == Do.BLOCK) {
        gate.await();
      }
    }
  }

  private RouterRef<Object> pool(int onEach, Routing<Object> routing) {
    return system.spawnPool(onEach, Worker::new, routing, ActorOptions.named("pool"));
  }

  private static CompletionStage<Integer> ask(ActorRef<Object> actor, String text) {
    return actor.ask(replyTo -> new Ask(text, replyTo), Systems.PATIENCE);
  }

  private int answer(ActorRef<Object> actor, String text) {
    return Systems.get(ask(actor, text));
  }

  private int totalGot() {
    return got.values().stream().mapToInt(List::size).sum();
  }

  private void awaitEnd(ActorRef<?> actor) {
    CompletableFuture<String> over = new CompletableFuture<>();
    ActorRef<String> watcher =
        system.spawn(
            () ->
                new Actor<String>() {
                  @Override
                  public void preStart(ActorContext<String> context) {
                    context.watch(actor, "over");
                  }

                  @Override
                  public void receive(String message, ActorContext<String> context) {
                    over.complete(message);
                  }
                },
            ActorOptions.defaults());
    Systems.get(over);
    system.stop(watcher);
  }

  @Test
  void aPoolHasRouteesOfItsOwnOnEachExecutor() {
    RouterRef<Object> pool = pool(2, Routing.roundRobin());
    for (int i = 0; i < 4; i++) {
      assertEquals(i, answer(pool, "who"));
    }
    assertEquals(
        Map.of(
            0, "executor 0 of test /test/pool/0",
            1, "executor 1 of test /test/pool/1",
            2, "executor 0 of test /test/pool/2",
            3, "executor 1 of test /test/pool/3"),
        homes);
    assertEquals(
        List.of("/test/pool/0", "/test/pool/1", "/test/pool/2", "/test/pool/3"),
        pool.routees().stream().map(ActorRef::path).toList());
    assertEquals("/test/pool", pool.path());
  }

  @Test
  void aPoolOfOneExecutorStaysThere() {
    RouterRef<Object> pool =
        system.spawnPool(
            3,
            Worker::new,
            Routing.roundRobin(),
            ActorOptions.named("pool").onExecutor(system.executors().get(1)));
    for (int i = 0; i < 3; i++) {
      assertEquals(i, answer(pool, "who"));
      assertEquals("executor 1 of test /test/pool/" + i, homes.get(i));
    }
  }

  @Test
  void roundRobinGivesEachTheSameInOrder() {
    RouterRef<Object> pool = pool(2, Routing.roundRobin());
    for (int i = 0; i < 400; i++) {
      pool.tell(i);
    }
    Systems.awaitUntil(() -> totalGot() == 400);
    for (int routee = 0; routee < 4; routee++) {
      List<Object> expected = new ArrayList<>();
      for (int i = routee; i < 400; i += 4) {
        expected.add(i);
      }
      assertEquals(expected, got.get(routee));
    }
  }

  @Test
  void randomReachesAll() {
    RouterRef<Object> pool = pool(2, Routing.random());
    for (int i = 0; i < 1000; i++) {
      pool.tell(i);
    }
    Systems.awaitUntil(() -> totalGot() == 1000);
    // Far from 250 for one of them is less likely than one in 10^20.
    got.forEach((routee, messages) -> assertTrue(messages.size() > 100, routee + ": " + messages));
    assertEquals(4, got.size());
  }

  @Test
  void aKeyStaysWithItsRouteeAndOnlyKeysOfOneThatStopsMove() {
    RouterRef<Object> pool = pool(2, Routing.consistentHash(message -> ((Ask) message).text()));
    Map<String, Integer> homeOf = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      homeOf.put("key " + i, answer(pool, "key " + i));
    }
    homeOf.forEach((key, routee) -> assertEquals(routee, answer(pool, key)));
    assertEquals(4, new HashSet<>(homeOf.values()).size());
    pool.routees().get(2).tell(Do.STOP);
    Systems.awaitUntil(() -> pool.routees().size() == 3);
    homeOf.forEach(
        (key, routee) -> {
          int now = answer(pool, key);
          if (routee == 2) {
            assertTrue(now != 2);
          } else {
            assertEquals(routee, now);
          }
        });
  }

  @Test
  void keysAreSpreadEvenly() {
    RouterRef<Object> pool = pool(4, Routing.consistentHash(message -> message));
    for (int i = 0; i < 16_000; i++) {
      pool.tell(i);
    }
    Systems.awaitUntil(() -> totalGot() == 16_000);
    // 2000 each; five standard deviations of a fair draw are 209.
    got.forEach(
        (routee, messages) ->
            assertEquals(2000, messages.size(), 209, "share of routee " + routee));
    assertEquals(8, got.size());
  }

  @Test
  void aKeyFunctionThatThrowsIsTheSendersAndFailsAQuestion() {
    RouterRef<Object> pool =
        pool(
            1,
            Routing.consistentHash(
                message -> {
                  throw new IllegalStateException("no key");
                }));
    assertThrows(IllegalStateException.class, () -> pool.tell("message"));
    assertInstanceOf(IllegalStateException.class, failureOf(ask(pool, "who")));
    assertEquals(0, totalGot());
  }

  private static Throwable failureOf(CompletionStage<?> stage) {
    return assertThrows(CompletionException.class, () -> stage.toCompletableFuture().join())
        .getCause();
  }

  @Test
  void broadcastReachesAllAndTakesNoQuestions() {
    RouterRef<Object> pool = pool(2, Routing.broadcast());
    pool.tell("to all");
    Systems.awaitUntil(() -> totalGot() == 4);
    assertEquals(
        Map.of(
            0, List.of("to all"),
            1, List.of("to all"),
            2, List.of("to all"),
            3, List.of("to all")),
        got);
    assertInstanceOf(UnsupportedOperationException.class, failureOf(ask(pool, "who")));
  }

  @Test
  void theSmallestMailboxIsChosen() {
    RouterRef<Object> pool = pool(2, Routing.smallestMailbox());
    // Its executor stands still, so what is given to 1 and 3 stays waiting.
    pool.routees().get(1).tell(Do.BLOCK);
    Systems.awaitUntil(() -> got.containsKey(1));
    for (int i = 0; i < 4; i++) {
      pool.tell("one for each");
    }
    Systems.awaitUntil(() -> got.containsKey(0) && got.containsKey(2));
    for (int i = 0; i < 1000; i++) {
      int answer = answer(pool, "who");
      assertTrue(answer == 0 || answer == 2, "routee " + answer);
    }
  }

  @Test
  void whatIsReplacedOrLostDoesNotCountAsWaiting() {
    RouterRef<Object> pool =
        system.spawnPool(
            2,
            Worker::new,
            Routing.smallestMailbox(),
            ActorOptions.named("pool")
                .onExecutor(system.executors().get(0))
                .withMailbox(Mailbox.conflating(message -> "one key")));
    pool.routees().get(0).tell(Do.BLOCK);
    Systems.awaitUntil(() -> got.containsKey(0));
    for (int i = 0; i < 100; i++) {
      pool.tell(i);
    }
    List<CompletionStage<Integer>> replaced = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      replaced.add(ask(pool, "who"));
    }
    gate.countDown();
    int answers = 0;
    for (CompletionStage<Integer> stage : replaced) {
      answers +=
          stage.handle((index, failure) -> failure == null ? 1 : 0).toCompletableFuture().join();
    }
    assertEquals(2, answers);
    // Equal numbers of waiting messages take turns.
    assertEquals(answer(pool, "who") + answer(pool, "who"), 1);
    assertEquals(answer(pool, "who") + answer(pool, "who"), 1);
  }

  @Test
  void routeesAreSupervised() {
    RouterRef<Object> pool =
        system.spawnPool(
            1,
            Worker::new,
            Routing.roundRobin(),
            ActorOptions.named("pool").withSupervision(Supervision.restart()));
    pool.tell(Do.FAIL);
    pool.tell(Do.FAIL);
    assertEquals(0, answer(pool, "who"));
    assertEquals(1, answer(pool, "who"));
    assertEquals(2, system.stats().restarts());
  }

  @Test
  void aRouteeThatStopsIsLeftOutAndTheLastOneStopsTheRouter() {
    RouterRef<Object> pool = pool(1, Routing.roundRobin());
    ActorRef<Object> first = pool.routees().get(0);
    pool.tell(Do.STOP);
    Systems.awaitUntil(() -> pool.routees().size() == 1);
    assertFalse(pool.routees().contains(first));
    assertEquals(1, answer(pool, "who"));
    assertEquals(1, answer(pool, "who"));
    pool.tell(Do.STOP);
    awaitEnd(pool);
    assertEquals(List.of(), pool.routees());
    List<Object> lost = new CopyOnWriteArrayList<>();
    system.subscribe(
        DeadLetter.class,
        system.spawn(() -> (message, context) -> lost.add(message), ActorOptions.defaults()));
    pool.tell("too late");
    Systems.awaitUntil(() -> !lost.isEmpty());
    assertEquals(
        List.of(new DeadLetter("too late", "/test/pool", null, DeadLetter.Reason.STOPPED)), lost);
    assertInstanceOf(ActorStoppedException.class, failureOf(ask(pool, "who")));
  }

  @Test
  void aRouteeThatEscalatesStopsThePool() {
    RouterRef<Object> pool =
        system.spawnPool(
            2,
            Worker::new,
            Routing.roundRobin(),
            ActorOptions.named("pool").withSupervision(Supervision.escalate()));
    pool.tell(Do.FAIL);
    awaitEnd(pool);
    Systems.awaitUntil(
        () -> system.stats().executors().stream().mapToLong(e -> e.actors()).sum() == 0);
  }

  @Test
  void aPoolStopsWithItsRoutees() {
    RouterRef<Object> pool = pool(3, Routing.roundRobin());
    List<ActorRef<Object>> routees = pool.routees();
    system.stop(pool);
    routees.forEach(this::awaitEnd);
    awaitEnd(pool);
    // The name is free again.
    assertEquals(0, answer(pool(1, Routing.roundRobin()), "who"));
  }

  @Test
  void aGroupLeavesItsRouteesAlone() {
    List<ActorRef<Object>> routees = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int index = i;
      routees.add(system.spawn(() -> new Worker(index), ActorOptions.named("worker-" + i)));
    }
    RouterRef<Object> group =
        system.spawnGroup(routees, Routing.roundRobin(), ActorOptions.named("group"));
    assertEquals(routees, group.routees());
    assertEquals(3, answer(group, "who") + answer(group, "who") + answer(group, "who"));
    routees.get(1).tell(Do.STOP);
    Systems.awaitUntil(() -> group.routees().size() == 2);
    assertEquals(2, answer(group, "who") + answer(group, "who"));
    system.stop(group);
    awaitEnd(group);
    assertEquals(0, answer(routees.get(0), "who"));
    assertEquals(2, answer(routees.get(2), "who"));
  }

  @Test
  void aGroupOfActorsThatHaveStoppedStops() {
    ActorRef<Object> gone = system.spawn(() -> new Worker(0), ActorOptions.defaults());
    system.stop(gone);
    awaitEnd(gone);
    RouterRef<Object> group =
        system.spawnGroup(List.of(gone), Routing.roundRobin(), ActorOptions.defaults());
    awaitEnd(group);
  }

  @Test
  void fullRouteesAreToldOfAsByThemselves() {
    for (Mailbox.Overflow overflow : List.of(Mailbox.Overflow.REJECT, Mailbox.Overflow.FAIL)) {
      for (Routing<Object> routing :
          List.of(
              Routing.<Object>roundRobin(),
              Routing.<Object>smallestMailbox(),
              Routing.<Object>broadcast())) {
        CountDownLatch open = new CountDownLatch(1);
        CompletableFuture<String> busy = new CompletableFuture<>();
        RouterRef<Object> pool =
            system.spawnPool(
                1,
                index ->
                    (message, context) -> {
                      busy.complete("busy");
                      open.await();
                    },
                routing,
                ActorOptions.defaults()
                    .onExecutor(system.executors().get(0))
                    .withMailbox(Mailbox.bounded(1, overflow)));
        assertTrue(pool.tryTell("handled"));
        Systems.get(busy);
        assertTrue(pool.tryTell("waits"));
        assertFalse(pool.tryTell("too much"));
        long lost = system.stats().deadLetters();
        if (overflow == Mailbox.Overflow.FAIL) {
          assertThrows(MailboxFullException.class, () -> pool.tell("too much"));
        } else {
          pool.tell("too much");
          assertEquals(lost + 1, system.stats().deadLetters());
        }
        if (!(routing instanceof Routing.Broadcast)) {
          assertInstanceOf(MailboxFullException.class, failureOf(ask(pool, "who")));
        }
        open.countDown();
        system.stop(pool);
        awaitEnd(pool);
      }
    }
  }

  /** Equal counts take turns, also after messages that went to all. */
  @Test
  void routersMayHaveRoutersAsRoutees() {
    RouterRef<Object> low = system.spawnPool(2, Worker::new, Routing.broadcast(), on(0));
    RouterRef<Object> high =
        system.spawnPool(2, index -> new Worker(10 + index), Routing.broadcast(), on(1));
    RouterRef<Object> both =
        system.spawnGroup(List.of(low, high), Routing.smallestMailbox(), on(0));
    for (int i = 1; i <= 100; i++) {
      both.tell("to all of one");
      int sent = 2 * i;
      Systems.awaitUntil(() -> totalGot() == sent);
    }
    assertInstanceOf(UnsupportedOperationException.class, failureOf(ask(both, "who")));
    assertInstanceOf(UnsupportedOperationException.class, failureOf(ask(both, "who")));
    got.forEach((routee, messages) -> assertEquals(50, messages.size(), "routee " + routee));
  }

  @Test
  void aRouteeThatIsFullDoesNotKeepItFromTheOthers() {
    CountDownLatch open = new CountDownLatch(1);
    CompletableFuture<String> busy = new CompletableFuture<>();
    ActorRef<Object> full =
        system.spawn(
            () ->
                (message, context) -> {
                  busy.complete("busy");
                  open.await();
                },
            on(0).withMailbox(Mailbox.bounded(1, Mailbox.Overflow.FAIL)));
    ActorRef<Object> other = system.spawn(() -> new Worker(7), on(1));
    RouterRef<Object> both = system.spawnGroup(List.of(full, other), Routing.broadcast(), on(1));
    RouterRef<Object> counting =
        system.spawnGroup(List.of(both, other), Routing.smallestMailbox(), on(1));
    full.tell("handled");
    Systems.get(busy);
    full.tell("waits");
    assertThrows(MailboxFullException.class, () -> both.tell("one"));
    assertTrue(both.tryTell("two"));
    assertThrows(MailboxFullException.class, () -> counting.tell("three"));
    Systems.awaitUntil(() -> totalGot() == 3);
    open.countDown();
    assertEquals(List.of("one", "two", "three"), got.get(7));
  }

  @Test
  void aMessageWhoseKeyFailsDoesNotCountAsWaiting() {
    RouterRef<Object> pool =
        system.spawnPool(
            2,
            Worker::new,
            Routing.smallestMailbox(),
            on(0)
                .withSupervision(Supervision.resume())
                .withMailbox(
                    Mailbox.conflating(
                        message -> {
                          if (message.equals("no key")) {
                            throw new IllegalStateException("wanted by the test");
                          }
                          return message;
                        })));
    pool.tell("no key");
    Systems.awaitUntil(() -> system.stats().failures() == 1);
    assertEquals(1, answer(pool, "who") + answer(pool, "who"));
    assertEquals(1, answer(pool, "who") + answer(pool, "who"));
  }

  private ActorOptions on(int executor) {
    return ActorOptions.defaults().onExecutor(system.executors().get(executor));
  }

  @Test
  void routersAreChildrenOfActors() {
    CompletableFuture<RouterRef<Object>> made = new CompletableFuture<>();
    CompletableFuture<Object> answered = new CompletableFuture<>();
    ActorRef<Object> parent =
        system.spawn(
            () ->
                new Actor<Object>() {
                  @Override
                  public void preStart(ActorContext<Object> context) {
                    RouterRef<Object> pool =
                        context.spawnPool(
                            2, Worker::new, Routing.roundRobin(), ActorOptions.named("pool"));
                    RouterRef<Object> group =
                        context.spawnGroup(
                            pool.routees(), Routing.broadcast(), ActorOptions.named("group"));
                    group.tell("hello");
                    BiFunction<Integer, Throwable, Object> answer =
                        (index, failure) -> failure == null ? index : failure;
                    context.ask(pool, replyTo -> new Ask("who", replyTo), LONG, answer);
                    assertThrows(
                        IllegalArgumentException.class,
                        () ->
                            context.spawnPool(
                                1, Worker::new, Routing.random(), ActorOptions.named("pool")));
                    made.complete(pool);
                  }

                  @Override
                  public void receive(Object message, ActorContext<Object> context) {
                    answered.complete(message);
                  }
                },
            ActorOptions.named("parent").onExecutor(system.executors().get(1)));
    RouterRef<Object> pool = Systems.get(made);
    assertEquals(0, Systems.get(answered));
    assertEquals("/test/parent/pool/1", pool.routees().get(1).path());
    Systems.awaitUntil(() -> totalGot() == 3);
    assertEquals("executor 1 of test /test/parent/pool/1", homes.get(1));
    system.stop(parent);
    awaitEnd(pool);
  }

  @Test
  void wrongRouteesAreRefused() {
    ActorOptions options = ActorOptions.defaults();
    assertThrows(
        IllegalArgumentException.class,
        () -> system.spawnPool(0, Worker::new, Routing.random(), options));
    assertThrows(
        IllegalArgumentException.class,
        () -> system.<Object>spawnGroup(List.of(), Routing.random(), options));
    ActorRef<Object> actor = system.spawn(() -> new Worker(0), options);
    assertThrows(
        IllegalArgumentException.class,
        () -> system.spawnGroup(List.of(actor, actor), Routing.random(), options));
    try (ActorSystem other = Systems.open(driver, 1)) {
      assertThrows(
          IllegalArgumentException.class,
          () -> other.spawnGroup(List.of(actor), Routing.random(), options));
    }
    RouterRef<Object> pool = pool(1, Routing.random());
    assertThrows(IllegalArgumentException.class, () -> pool(1, Routing.random()));
    assertEquals(2, pool.routees().size());
  }
}
