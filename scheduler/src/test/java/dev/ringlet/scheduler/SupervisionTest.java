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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What failures come to. */
@OnBothDrivers
final class SupervisionTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private final String driver;
  private final List<String> events = new CopyOnWriteArrayList<>();
  private ActorSystem system;

  SupervisionTest(String driver) {
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

  private static ActorOptions under(Supervision supervision) {
    return ActorOptions.defaults().withSupervision(supervision);
  }

  /** Does what it is told, and notes its life. */
  private final class Doing implements Actor<Consumer<ActorContext<?>>> {
    private final String name;

    Doing(String name) {
      this.name = name;
    }

    @Override
    public void preStart(ActorContext<Consumer<ActorContext<?>>> context) {
      events.add(name + " starts");
    }

    @Override
    public void receive(
        Consumer<ActorContext<?>> message, ActorContext<Consumer<ActorContext<?>>> context) {
      message.accept(context);
    }

    @Override
    public void preRestart(Throwable failure, ActorContext<Consumer<ActorContext<?>>> context) {
      events.add(name + " restarts: " + failure.getMessage());
    }

    @Override
    public void postStop(ActorContext<Consumer<ActorContext<?>>> context) {
      events.add(name + " stops");
    }
  }

  private static Consumer<ActorContext<?>> failing(String message) {
    return context -> {
      throw new IllegalStateException(message);
    };
  }

  private void awaitEvents(String... expected) {
    try {
      Systems.awaitUntil(() -> events.equals(List.of(expected)));
    } catch (RuntimeException late) {
      throw new AssertionError(events.toString(), late);
    }
  }

  @Test
  void theLimitIsKept() {
    ActorRef<Consumer<ActorContext<?>>> actor =
        system.spawn(() -> new Doing("a"), under(Supervision.restart().withLimit(2, LONG)));
    for (int i = 1; i < 5; i++) {
      actor.tell(failing("failure " + i));
    }
    awaitEvents(
        "a starts",
        "a restarts: failure 1",
        "a starts",
        "a restarts: failure 2",
        "a starts",
        "a stops");
    Systems.awaitUntil(() -> system.stats().deadLetters() == 1);
    assertEquals(3, system.stats().failures());
    assertEquals(2, system.stats().restarts());
  }

  @Test
  void messagesWaitWhileTheActorPausesAndNothingElseDoes() {
    Duration pause = Duration.ofMillis(50);
    ActorRef<Consumer<ActorContext<?>>> actor =
        system.spawn(
            () -> new Doing("a"), under(Supervision.restart().withBackoff(pause, LONG, 0.2)));
    CompletableFuture<Long> failed = new CompletableFuture<>();
    CompletableFuture<Long> handled = new CompletableFuture<>();
    actor.tell(
        context -> {
          failed.complete(System.nanoTime());
          throw new IllegalStateException("once");
        });
    actor.tell(context -> handled.complete(System.nanoTime()));
    long paused = Systems.get(handled) - Systems.get(failed);
    assertTrue(paused >= pause.toNanos(), "it came back after " + paused + " ns");
    assertEquals(List.of("a starts", "a restarts: once", "a starts"), events);
    assertEquals(0, system.stats().deadLetters());
  }

  @Test
  void whoPausesCanBeStopped() {
    ActorRef<Consumer<ActorContext<?>>> actor =
        system.spawn(() -> new Doing("a"), under(Supervision.restart().withBackoff(LONG, LONG, 0)));
    actor.tell(failing("once"));
    actor.tell(failing("never handled"));
    awaitEvents("a starts", "a restarts: once");
    system.stop(actor);
    Systems.awaitUntil(() -> living() == 0 && system.stats().deadLetters() == 1);
    // There is no instance to tell.
    assertEquals(List.of("a starts", "a restarts: once"), events);
    Systems.awaitUntil(() -> system.stats().executors().stream().allMatch(e -> e.timers() == 0));
  }

  private long living() {
    return system.stats().executors().stream().mapToLong(each -> each.actors()).sum();
  }

  /** And does so without filling the stack. */
  @Test
  void aStartThatFailsIsTriedAgainAsOftenAsTheLimitSays() {
    AtomicInteger tries = new AtomicInteger();
    system.spawn(
        () ->
            new Actor<String>() {
              @Override
              public void preStart(ActorContext<String> context) {
                if (tries.incrementAndGet() % 2 == 0) {
                  throw new IllegalStateException("not today");
                }
                context.timers().once(Duration.ZERO, "fail");
                context.spawn(() -> new Doing("child"), ActorOptions.named("child"));
                throw new IllegalStateException("with a child");
              }

              @Override
              public void receive(String message, ActorContext<String> context) {
                events.add("handled by an actor that did not start");
              }
            },
        under(Supervision.restart().withLimit(5_000, LONG)));
    Systems.awaitUntil(() -> tries.get() == 5_001 && living() == 0);
    assertEquals(5_000, system.stats().restarts());
    assertEquals(List.of(), events.stream().filter(e -> !e.startsWith("child")).toList());
  }

  @Test
  void theDecisionIsByTheFailure() {
    Supervision policy =
        Supervision.decide(
            failure ->
                failure instanceof IllegalArgumentException
                    ? Supervision.resume()
                    : failure instanceof IllegalStateException
                        ? Supervision.restart()
                        : Supervision.stop());
    ActorRef<Consumer<ActorContext<?>>> actor = system.spawn(() -> new Doing("a"), under(policy));
    actor.tell(
        context -> {
          throw new IllegalArgumentException("resume");
        });
    actor.tell(failing("restart"));
    actor.tell(
        context -> {
          throw new UnsupportedOperationException("stop");
        });
    awaitEvents("a starts", "a restarts: restart", "a starts", "a stops");
  }

  @Test
  void aDecisionThatIsNoneStopsTheActor() {
    for (Supervision policy :
        List.of(
            Supervision.decide(
                failure -> {
                  throw new IllegalStateException("undecided");
                }),
            Supervision.decide(failure -> Supervision.decide(again -> Supervision.stop())))) {
      events.clear();
      ActorRef<Consumer<ActorContext<?>>> actor = system.spawn(() -> new Doing("a"), under(policy));
      actor.tell(failing("any"));
      awaitEvents("a starts", "a stops");
    }
    assertEquals(4, system.stats().failures());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEscalatedFailureIsTheParentsOwn(boolean elsewhere) {
    ActorRef<Consumer<ActorContext<?>>> parent =
        system.spawn(
            () -> new Doing("parent"),
            under(Supervision.restart()).onExecutor(system.executors().get(0)));
    ActorOptions options =
        under(Supervision.escalate()).onExecutor(system.executors().get(elsewhere ? 1 : 0));
    parent.tell(
        context -> context.spawn(() -> new Doing("child"), options).tell(failing("too much")));
    awaitEvents(
        "parent starts",
        "child starts",
        "child stops",
        "parent restarts: too much",
        "parent starts");
    assertEquals(2, system.stats().failures());
  }

  @Test
  void anEscalatedFailureGoesUpAsFarAsItIsPassed() {
    ActorRef<Consumer<ActorContext<?>>> top =
        system.spawn(() -> new Doing("top"), under(Supervision.escalate()));
    top.tell(
        context ->
            context
                .spawn(() -> new Doing("middle"), under(Supervision.escalate()))
                .tell(
                    inner ->
                        inner
                            .spawn(() -> new Doing("leaf"), under(Supervision.escalate()))
                            .tell(failing("up"))));
    awaitEvents(
        "top starts", "middle starts", "leaf starts", "leaf stops", "middle stops", "top stops");
    assertEquals(3, system.stats().failures());
  }

  /** Its own turn did not fail. */
  @Test
  void whoResumesAfterAChildsFailureKeepsWaiting() {
    CompletableFuture<String> rest = new CompletableFuture<>();
    ActorRef<Consumer<ActorContext<?>>> parent =
        system.spawn(() -> new Doing("parent"), under(Supervision.resume()));
    parent.tell(
        context -> {
          context
              .spawn(() -> new Doing("child"), under(Supervision.escalate()))
              .tell(failing("meanwhile"));
          context.await(
              context.io().delay(Duration.ofMillis(50)), (nothing, error) -> rest.complete("came"));
        });
    assertEquals("came", Systems.get(rest));
    assertEquals(2, system.stats().failures());
  }

  @Test
  void whateverThrowsIsSupervised() {
    ActorRef<Consumer<ActorContext<?>>> actor =
        system.spawn(() -> new Doing("a"), under(Supervision.restart()));
    actor.tell(context -> context.yield(() -> failing("yield").accept(context)));
    actor.tell(
        context ->
            context.await(
                context.io().delay(Duration.ofMillis(1)),
                (nothing, error) -> failing("await").accept(context)));
    awaitEvents("a starts", "a restarts: yield", "a starts", "a restarts: await", "a starts");
    actor.tell(
        context ->
            context.pipe(
                CompletableFuture.completedFuture("value"),
                (value, error) -> {
                  throw new IllegalStateException("adapter");
                }));
    Systems.awaitUntil(() -> system.stats().restarts() == 3);
  }

  @Test
  void aFailureOnTheWayOutDoesNotKeepTheActorFromComingBack() {
    AtomicInteger lives = new AtomicInteger();
    CompletableFuture<Integer> told = new CompletableFuture<>();
    ActorRef<String> actor =
        system.spawn(
            () ->
                new Actor<String>() {
                  private final int life = lives.incrementAndGet();

                  @Override
                  public void receive(String message, ActorContext<String> context) {
                    if (life == 1) {
                      throw new IllegalStateException("fails");
                    }
                    told.complete(life);
                  }

                  @Override
                  public void preRestart(Throwable failure, ActorContext<String> context) {
                    throw new IllegalStateException("fails again");
                  }
                },
            under(Supervision.restart()));
    actor.tell("one");
    actor.tell("two");
    assertEquals(2, Systems.get(told));
    assertEquals(2, system.stats().failures());
  }

  @Test
  void badPoliciesAreRefused() {
    Supervision restart = Supervision.restart();
    for (Runnable wrong :
        List.<Runnable>of(
            () -> restart.withLimit(-1, LONG),
            () -> restart.withLimit(1, Duration.ZERO),
            () -> restart.withBackoff(Duration.ZERO, LONG, 0),
            () -> restart.withBackoff(LONG, Duration.ofSeconds(1), 0),
            () -> restart.withBackoff(LONG, LONG, 1.5),
            () -> restart.withBackoff(LONG, LONG, Double.NaN))) {
      assertThrows(IllegalArgumentException.class, wrong::run);
    }
    assertThrows(IllegalStateException.class, () -> Supervision.stop().withLimit(1, LONG));
  }

  /** The executor goes on, and so do its other actors. */
  @Test
  void aStackOverflowIsAFailureLikeAnyOther() {
    ActorOptions here = under(Supervision.restart()).onExecutor(system.executors().get(0));
    ActorRef<Consumer<ActorContext<?>>> deep = system.spawn(() -> new Doing("deep"), here);
    ActorRef<Consumer<ActorContext<?>>> other = system.spawn(() -> new Doing("other"), here);
    deep.tell(context -> descend(0));
    CompletableFuture<String> answers = new CompletableFuture<>();
    deep.tell(context -> other.tell(another -> answers.complete("both live")));
    assertEquals("both live", Systems.get(answers));
    assertEquals(1, system.stats().restarts());
    assertEquals(1, system.stats().failures());
  }

  @SuppressWarnings("InfiniteRecursion") // wanted
  private static int descend(int depth) {
    return descend(depth + 1) + 1;
  }
}
