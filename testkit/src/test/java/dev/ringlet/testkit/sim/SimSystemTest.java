package dev.ringlet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.AskTimeoutException;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.TcpStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The order of what goes on, and time. */
final class SimSystemTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Two that add one to a number at the same time, each on an executor of its own. */
  private static void add(SimSystem sim) throws Exception {
    ActorSystem system = sim.start("adding", ExecutorPool.of(2));
    ActorRef<Counter.Message> counter = Counter.spawn(system, 0);
    for (int i = 0; i < 2; i++) {
      ActorRef<String> adder =
          system
              .executors()
              .get(i)
              .spawn(() -> new Counter.Adder(counter), ActorOptions.named("adder-" + i));
      adder.tell("add");
    }
    sim.runUntilIdle();
    assertEquals(2, sim.await(counter.<Integer>ask(Counter.Get::new, SECOND), SECOND));
  }

  @Test
  void oneSeedGivesOneRun() {
    Set<Long> hashes = new HashSet<>();
    for (long seed = 0; seed < 50; seed++) {
      SimResult one = SimSystem.run(seed, SimSystemTest::add);
      SimResult other = SimSystem.run(seed, SimSystemTest::add);
      assertEquals(one.trace(), other.trace());
      assertEquals(one.traceHash(), other.traceHash());
      assertEquals(one.steps(), other.steps());
      assertEquals(one.time(), other.time());
      assertEquals(one.passed(), other.passed());
      hashes.add(one.traceHash());
    }
    assertTrue(hashes.size() > 40, () -> hashes.size() + " different runs");
  }

  @Test
  void seedsFindTheRaceAndReplayIt() {
    List<SimResult> failed = new ArrayList<>();
    int passed = 0;
    for (long seed = 0; seed < 100; seed++) {
      SimResult result = SimSystem.run(seed, SimSystemTest::add);
      if (result.passed()) {
        passed++;
      } else {
        failed.add(result);
      }
    }
    assertTrue(passed > 5, passed + " passed");
    assertTrue(failed.size() > 5, failed.size() + " failed");
    SimResult first = failed.get(0);
    SimResult again = SimSystem.run(first.seed(), SimSystemTest::add);
    assertEquals(first.traceHash(), again.traceHash());
    SimulationError error = assertThrows(SimulationError.class, again::check);
    assertTrue(
        error.getMessage().startsWith("seed " + first.seed() + " fails"), error.getMessage());
    assertTrue(error.getMessage().contains("-Dsim.seed=" + first.seed()), error.getMessage());
    assertTrue(error.getMessage().contains("expected: <2> but was: <1>"), error.getMessage());
    assertTrue(error.getMessage().contains("adding/1"), error.getMessage());
    assertNotNull(error.getCause());
    assertEquals(first.seed(), error.result().seed());
  }

  @Test
  void timeJumpsToTimersAndDelays() {
    List<String> events = new ArrayList<>();
    SimResult result =
        SimSystem.run(
            1,
            sim -> {
              ActorSystem system = sim.start("timers", ExecutorPool.of(2));
              system.spawn(() -> new Ticking(events, sim), ActorOptions.defaults());
              sim.run(Duration.ofMinutes(59));
              assertEquals(List.of(), events);
              assertEquals(Duration.ofMinutes(59), sim.now());
              assertTrue(sim.runUntil(() -> events.size() == 2, Duration.ofDays(1)));
              assertTrue(sim.now().toMinutes() < 100);
              assertFalse(sim.runUntil(() -> events.size() == 3, Duration.ofDays(1)));
              assertTrue(sim.now().compareTo(Duration.ofDays(1)) > 0);
              assertEquals("2026-01-02", sim.clock().instant().toString().substring(0, 10));
            });
    result.check();
    assertEquals(List.of("60 after an hour", "90 delay"), events);
  }

  private static final class Ticking implements Actor<String> {
    private final List<String> events;
    private final SimSystem sim;

    Ticking(List<String> events, SimSystem sim) {
      this.events = events;
      this.sim = sim;
    }

    @Override
    public void preStart(ActorContext<String> context) {
      context.timers().once("hour", Duration.ofHours(1), "after an hour");
      context.pipe(context.io().delay(Duration.ofMinutes(90)), (nothing, failure) -> "delay");
    }

    @Override
    public void receive(String message, ActorContext<String> context) {
      events.add(sim.now().toMinutes() + " " + message);
    }
  }

  @Test
  void equalTimersComeInAnyOrderOfExecutors() {
    Set<List<String>> orders = new HashSet<>();
    for (long seed = 0; seed < 50; seed++) {
      List<String> events = new ArrayList<>();
      SimSystem.run(
              seed,
              sim -> {
                ActorSystem system = sim.start("timers", ExecutorPool.of(3));
                for (int i = 0; i < 3; i++) {
                  String name = "" + i;
                  Runnable note = () -> events.add(name);
                  system.executors().get(i).spawn(() -> new Later(note), ActorOptions.defaults());
                }
                sim.run(Duration.ofSeconds(2));
              })
          .check();
      orders.add(events);
    }
    assertEquals(6, orders.size());
  }

  private static final class Later implements Actor<String> {
    private final Runnable body;

    Later(Runnable body) {
      this.body = body;
    }

    @Override
    public void preStart(ActorContext<String> context) {
      context.timers().once("later", SECOND, "now");
    }

    @Override
    public void receive(String message, ActorContext<String> context) {
      body.run();
    }
  }

  @Test
  void aQuestionThatNobodyAnswersTimesOut() {
    SimResult result =
        SimSystem.run(
            1,
            sim -> {
              ActorSystem system = sim.start("silent", ExecutorPool.of(1));
              ActorRef<Object> silent =
                  system.spawn(() -> (message, context) -> {}, ActorOptions.defaults());
              CompletionStage<Object> answer = silent.ask(replyTo -> replyTo, SECOND);
              assertThrows(
                  AskTimeoutException.class, () -> sim.await(answer, Duration.ofMinutes(1)));
              CompletionStage<Object> late = silent.ask(replyTo -> replyTo, SECOND);
              AssertionError error =
                  assertThrows(AssertionError.class, () -> sim.await(late, Duration.ofMillis(10)));
              assertTrue(error.getMessage().contains("silent/0: "), error.getMessage());
            });
    result.check();
  }

  @Test
  void offloadedWorkIsAStepLikeOthers() {
    Set<List<String>> orders = new HashSet<>();
    for (long seed = 0; seed < 30; seed++) {
      List<String> events = new ArrayList<>();
      SimSystem.run(
              seed,
              sim -> {
                ActorSystem system = sim.start("offloading", ExecutorPool.of(1));
                CompletionStage<Boolean> work = system.offload(() -> events.add("work"));
                ActorRef<String> actor =
                    system.spawn(
                        () -> (message, context) -> events.add(message), ActorOptions.defaults());
                actor.tell("message");
                assertTrue(sim.await(work, SECOND));
                sim.runUntilIdle();
              })
          .check();
      orders.add(events);
    }
    assertEquals(Set.of(List.of("work", "message"), List.of("message", "work")), orders);
  }

  @Test
  void aCrashedSystemDoesNothingAndAnotherTakesItsName() {
    List<String> events = new ArrayList<>();
    SimResult result =
        SimSystem.run(
            3,
            sim -> {
              ActorSystem first = sim.start("server", ExecutorPool.of(2));
              first.spawn(() -> new Later(() -> events.add("first")), ActorOptions.named("a"));
              sim.run(Duration.ofMillis(500));
              sim.crash(first);
              assertThrows(IllegalArgumentException.class, () -> sim.crash(first));
              ActorSystem second = sim.start("server", ExecutorPool.of(2));
              second.spawn(() -> new Later(() -> events.add("second")), ActorOptions.named("a"));
              sim.run(Duration.ofSeconds(2));
              second.close();
              ActorSystem third = sim.start("server", ExecutorPool.of(2));
              third.spawn(() -> new Later(() -> events.add("third")), ActorOptions.named("a"));
              sim.powerLoss();
              sim.run(Duration.ofSeconds(2));
            });
    result.check();
    assertEquals(List.of("second"), events);
    assertTrue(result.trace().stream().anyMatch(line -> line.endsWith(" crash server")));
    assertTrue(result.trace().stream().anyMatch(line -> line.endsWith(" start server(2)")));
  }

  @Test
  void partitionsEndAndHostsThatVanishComeBack() {
    SimSystem.run(
            9,
            sim -> {
              InetAddress one = InetAddress.getByName("10.1.0.1");
              InetAddress other = InetAddress.getByName("10.1.0.2");
              InetSocketAddress address = new InetSocketAddress(one, 7000);
              ExecutorPool pool = ExecutorPool.of(1);
              startEcho(sim, one);
              ActorSystem client = sim.start("client", pool, other);
              CompletionStage<TcpStream> first = connect(client, address);
              assertEquals(other, sim.await(first, SECOND).localAddress().getAddress());
              sim.partition(one, other);
              CompletionStage<TcpStream> blocked = connect(client, address);
              assertFalse(sim.runUntil(() -> done(blocked), Duration.ofMillis(500)));
              sim.heal();
              sim.await(blocked, Duration.ofMinutes(1));
              sim.vanish(one);
              assertThrows(
                  IoException.class,
                  () -> sim.await(connect(client, address), Duration.ofHours(1)));
              startEcho(sim, one);
              sim.await(connect(client, address), Duration.ofMinutes(1));
            })
        .check();
  }

  private static void startEcho(SimSystem sim, InetAddress host) {
    InetSocketAddress address = new InetSocketAddress(host, 7000);
    ActorSystem server = sim.start("server", ExecutorPool.of(1), host);
    server.spawn(() -> new Traffic.Echo(address), ActorOptions.named("echo"));
    sim.runUntilIdle();
  }

  private static CompletionStage<TcpStream> connect(ActorSystem from, InetSocketAddress to) {
    return from.submit(context -> context.io().connect(to).toCompletionStage())
        .toCompletionStage()
        .thenCompose(stage -> stage);
  }

  private static boolean done(CompletionStage<?> stage) {
    return stage.toCompletableFuture().isDone();
  }

  @Test
  void preemptionAlwaysGivesTheCoreBackAfterEachMessage() {
    assertEquals(1, longestRun(SimOptions.defaults().withPreemptAlways(true)));
    assertTrue(longestRun(SimOptions.defaults()) > 1);
    int sometimes =
        longestRun(
            SimOptions.defaults().withFaults(FaultPlan.none().withProbability(Fault.PREEMPT, 0.5)));
    assertTrue(sometimes > 1, () -> sometimes + " messages in a row");
  }

  /** How many messages one of two actors gets in a row. */
  private static int longestRun(SimOptions options) {
    List<String> events = new ArrayList<>();
    SimSystem.run(
            7,
            options,
            sim -> {
              ActorSystem system = sim.start("two", ExecutorPool.of(1));
              for (String name : List.of("a", "b")) {
                ActorRef<Integer> actor =
                    system.spawn(
                        () -> (message, context) -> events.add(name), ActorOptions.named(name));
                for (int i = 0; i < 20; i++) {
                  actor.tell(i);
                }
              }
              sim.runUntilIdle();
            })
        .check();
    assertEquals(40, events.size());
    int longest = 0;
    int run = 0;
    for (int i = 0; i < events.size(); i++) {
      boolean same = i > 0 && events.get(i).equals(events.get(i - 1));
      run = same ? run + 1 : 1;
      // The last messages have nobody to give way to.
      longest = i < 30 ? Math.max(longest, run) : longest;
    }
    return longest;
  }

  @Test
  void theScenarioHasChanceOfItsOwnAndActionsAtTimes() {
    List<String> events = new ArrayList<>();
    SimScenario scenario =
        sim -> {
          events.add("" + sim.random().nextLong());
          sim.after(SECOND, () -> events.add("at " + sim.now()));
          sim.note("a note");
          sim.run(Duration.ofSeconds(2));
          sim.atEnd(() -> events.add("end"));
        };
    SimResult result = SimSystem.run(5, scenario).check();
    assertTrue(result.trace().stream().anyMatch(line -> line.endsWith("note: a note")));
    assertEquals(List.of("at PT1S", "end"), events.subList(1, 3));
    SimSystem.run(5, scenario).check();
    assertEquals(events.subList(0, 3), events.subList(3, 6));
    SimSystem.run(6, scenario).check();
    assertNotEquals(events.get(0), events.get(6));
  }

  @Test
  void memoryIsGoneWithTheRun() {
    List<Boolean> direct = new ArrayList<>();
    SimSystem.run(
            1,
            sim -> {
              ActorSystem system = sim.start("memory", ExecutorPool.of(1));
              Actor<String> actor =
                  (message, context) -> {
                    IoBuffer buffer = context.io().buffer(100);
                    direct.add(buffer.memory().bytes().isDirect());
                    buffer.release();
                  };
              system.spawn(() -> actor, ActorOptions.defaults()).tell("go");
              sim.runUntilIdle();
            })
        .check();
    assertEquals(List.of(false), direct);
  }

  @Test
  void timesMayBeLongerThanNanosecondsCount() {
    Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
    SimSystem.run(
            1,
            SimOptions.defaults()
                .withRestWithin(forever)
                .withFaults(FaultPlan.none().withEnd(forever).withAction(forever, "n", s -> {})),
            sim -> {
              ActorSystem system = sim.start("system", ExecutorPool.of(1));
              List<String> events = new ArrayList<>();
              system.spawn(() -> new Later(() -> events.add("now")), ActorOptions.defaults());
              sim.after(forever, () -> events.add("never"));
              assertTrue(sim.runUntil(() -> !events.isEmpty(), forever));
              assertEquals(List.of("now"), events);
            })
        .check();
  }

  @Test
  void aStepHasNoOtherStepInIt() {
    for (long seed = 0; seed < 10; seed++) {
      List<String> refused = new ArrayList<>();
      SimSystem.run(
              seed,
              sim -> {
                sim.after(Duration.ofMillis(1), () -> refused.add(refusal(sim::step)));
                ActorSystem system = sim.start("system", ExecutorPool.of(1));
                Actor<String> actor =
                    (message, context) -> {
                      sim.after(Duration.ZERO, () -> {});
                      refused.add(refusal(sim::runUntilIdle));
                    };
                system.spawn(() -> actor, ActorOptions.defaults()).tell("go");
                sim.run(SECOND);
                ActorSystem other = sim.start("other", ExecutorPool.of(1));
                sim.after(SECOND, other::close);
                sim.run(Duration.ofSeconds(2));
                assertTrue(done(other.whenTerminated()));
              })
          .check();
      assertEquals(List.of("a step within a step", "a step within a step"), refused);
    }
  }

  private static String refusal(Executable step) {
    return assertThrows(IllegalStateException.class, step).getMessage().replaceFirst(";.*", "");
  }

  @Test
  void spuriousTurnsThatDoSomethingAreInTheTrace() {
    FaultPlan plan = FaultPlan.none().withProbability(Fault.SPURIOUS_WAKEUP, 1);
    for (long seed = 0; seed < 20; seed++) {
      SimResult result =
          SimSystem.run(
              seed,
              SimOptions.defaults().withFaults(plan),
              sim -> {
                ActorSystem system = sim.start("system", ExecutorPool.of(1));
                ActorRef<String> actor =
                    system.spawn(() -> (message, context) -> {}, ActorOptions.named("actor"));
                sim.runUntilIdle();
                sim.note("now");
                sim.after(Duration.ZERO, () -> actor.tell("go"));
                sim.runUntilIdle();
              });
      List<String> trace = result.check().trace();
      int now = 0;
      while (!trace.get(now).endsWith("note: now")) {
        now++;
      }
      assertTrue(
          trace.subList(now, trace.size()).stream().anyMatch(line -> line.contains("/actor")),
          trace::toString);
    }
  }

  @Test
  void whatTheScenarioThrowsFailsTheRun() {
    SimResult result =
        SimSystem.run(
            1,
            sim -> {
              throw new java.io.IOException("wanted by the test");
            });
    assertFalse(result.passed());
    assertInstanceOf(java.io.IOException.class, result.failure());
    assertEquals("java.io.IOException: wanted by the test", result.reason());
  }
}
