package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.Supervision;
import dev.ringlet.actor.TimerHandle;
import dev.ringlet.io.IoSubscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages to oneself later, and ticks as a stream. */
@OnBothDrivers
final class TimersTest {
  private final String driver;

  /** Only touched by the one executor, and read after it has told the end. */
  private final List<String> events = new ArrayList<>();

  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private ActorSystem system;

  TimersTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = Systems.open(driver, 1);
  }

  @AfterEach
  void close() {
    system.close();
  }

  /** An actor that notes what it is told and does something first. */
  private abstract class Noting implements Actor<String> {
    abstract void begin(ActorContext<String> context);

    @Override
    public final void preStart(ActorContext<String> context) {
      begin(context);
    }

    @Override
    public void receive(String message, ActorContext<String> context) {
      events.add(message);
      if (message.equals("end")) {
        end.complete(null);
      }
    }
  }

  @FunctionalInterface
  private interface Begin {
    void run(ActorContext<String> context);
  }

  private void run(Begin begin) {
    system.spawn(
        () ->
            new Noting() {
              @Override
              void begin(ActorContext<String> context) {
                begin.run(context);
              }
            },
        ActorOptions.defaults());
    Systems.get(end);
  }

  @Test
  void timersOfOneDeadlineTickInTheOrderTheyWereStarted() {
    run(
        context -> {
          for (int i = 0; i < 1000; i++) {
            context.timers().once(Duration.ofMillis(5), String.valueOf(i));
          }
          context.timers().once(Duration.ofMillis(6), "end");
        });
    for (int i = 0; i < 1000; i++) {
      assertEquals(String.valueOf(i), events.get(i));
    }
  }

  @Test
  void aTimerIsNeverEarlyAndAnIdleExecutorIsSoonAwake() {
    CompletableFuture<List<Long>> late = new CompletableFuture<>();
    system.spawn(() -> new Lateness(late), ActorOptions.defaults());
    List<Long> sorted = Systems.get(late).stream().sorted().toList();
    assertTrue(sorted.get(0) >= 0, "early by " + -sorted.get(0) + " ns");
    long median = sorted.get(sorted.size() / 2);
    assertTrue(median < 1_000_000, "late by " + median + " ns at the median");
  }

  /** Else timers that are due in a row would each pay for a park of their own. */
  @Test
  void timersThatAreDueInARowShareParks() {
    long parks = system.stats().executors().get(0).parks();
    long begin = System.nanoTime();
    run(
        context -> {
          for (int i = 0; i < 1_000; i++) {
            context.timers().once(Duration.ofNanos(20_000L * i), "tick");
          }
          context.timers().once(Duration.ofMillis(20), "end");
        });
    // The one before the actor came, and the one after the end.
    long allowed = 2 + (System.nanoTime() - begin) / 125_000;
    long taken = system.stats().executors().get(0).parks() - parks;
    assertTrue(taken <= allowed, taken + " parks, " + allowed + " would do");
  }

  @Test
  void noDelayMeansTheNextTurnAndLessIsRefused() {
    run(
        context -> {
          context.timers().once(Duration.ZERO, "first");
          context.self().tell("second");
          context.timers().once(Duration.ofMillis(1), "end");
          for (Duration wrong : List.of(Duration.ofNanos(-1), Duration.ofDays(-40_000))) {
            String message =
                assertThrows(
                        IllegalArgumentException.class, () -> context.timers().once(wrong, "never"))
                    .getMessage();
            assertTrue(message.contains(wrong.toString()), message);
          }
          assertThrows(
              IllegalArgumentException.class,
              () -> context.timers().fixedRate("key", Duration.ZERO, "never"));
        });
    assertEquals(List.of("first", "second", "end"), events);
  }

  private static final class Lateness implements Actor<Long> {
    private static final int ROUNDS = 100;
    private final List<Long> late = new ArrayList<>();
    private final CompletableFuture<List<Long>> done;

    Lateness(CompletableFuture<List<Long>> done) {
      this.done = done;
    }

    @Override
    public void preStart(ActorContext<Long> context) {
      arm(context);
    }

    private void arm(ActorContext<Long> context) {
      long delay = 100_000 + 37_000L * late.size();
      context.timers().once(Duration.ofNanos(delay), System.nanoTime() + delay);
    }

    @Override
    public void receive(Long due, ActorContext<Long> context) {
      late.add(System.nanoTime() - due);
      if (late.size() == ROUNDS) {
        done.complete(late);
      } else {
        arm(context);
      }
    }
  }

  @Test
  void aHandleCancelsOnceAndOnlyBeforeTheTick() {
    CompletableFuture<List<Boolean>> answers = new CompletableFuture<>();
    system.spawn(
        () ->
            new Actor<String>() {
              private final List<Boolean> told = new ArrayList<>();
              private TimerHandle ticking;

              @Override
              public void preStart(ActorContext<String> context) {
                TimerHandle never = context.timers().once(Duration.ofMillis(1), "never");
                told.add(never.cancel());
                told.add(never.cancel());
                ticking = context.timers().once(Duration.ofMillis(2), "tick");
              }

              @Override
              public void receive(String message, ActorContext<String> context) {
                told.add(ticking.cancel());
                events.add(message);
                answers.complete(told);
              }
            },
        ActorOptions.defaults());
    assertEquals(List.of(true, false, false), Systems.get(answers));
    assertEquals(List.of("tick"), events);
  }

  @Test
  void aHandleIsForTheTurnsOfItsActor() {
    CompletableFuture<TimerHandle> handle = new CompletableFuture<>();
    run(
        context -> {
          handle.complete(context.timers().once(Duration.ofHours(1), "late"));
          context.timers().once(Duration.ofNanos(0), "end");
        });
    assertThrows(IllegalStateException.class, () -> Systems.get(handle).cancel());
  }

  /** The third tick is handled late; the next ones catch up. */
  @Test
  void aRateIsKeptOnTheAverage() {
    CompletableFuture<Long> took = new CompletableFuture<>();
    system.spawn(
        () ->
            new Actor<String>() {
              private long start;
              private int ticks;

              @Override
              public void preStart(ActorContext<String> context) {
                start = System.nanoTime();
                context.timers().fixedRate("rate", Duration.ofMillis(2), "tick");
              }

              @Override
              public void receive(String message, ActorContext<String> context) {
                ticks++;
                if (ticks == 3) {
                  busy(20_000_000);
                }
                if (ticks == 30) {
                  context.timers().cancel("rate");
                  took.complete(System.nanoTime() - start);
                }
              }
            },
        ActorOptions.defaults());
    long nanos = Systems.get(took);
    assertTrue(nanos >= 60_000_000, "30 ticks of 2 ms within " + nanos + " ns");
  }

  private static void busy(long nanos) {
    long until = System.nanoTime() + nanos;
    while (System.nanoTime() - until < 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aRestartEndsTheTimersOfTheLifeBefore() {
    ActorRef<String> actor =
        system.spawn(
            () ->
                new Actor<String>() {
                  @Override
                  public void preStart(ActorContext<String> context) {
                    events.add("start");
                    if (events.size() == 1) {
                      context.timers().once(Duration.ofMillis(1), "old");
                      context.timers().once("key", Duration.ofMillis(1), "old with key");
                      context.timers().fixedRate("rate", Duration.ofMillis(1), "old rate");
                    } else {
                      context.timers().once(Duration.ofMillis(20), "end");
                    }
                  }

                  @Override
                  public void receive(String message, ActorContext<String> context) {
                    if (message.equals("fail")) {
                      throw new IllegalStateException("on purpose");
                    }
                    events.add(message); // old ones too, while they are not old yet
                    if (message.equals("end")) {
                      end.complete(null);
                    }
                  }
                },
            ActorOptions.defaults().withSupervision(Supervision.restart()));
    actor.tell("fail");
    Systems.get(end);
    assertEquals("start", events.get(0));
    assertEquals("end", events.get(events.size() - 1));
    assertEquals(2, events.stream().filter("start"::equals).count());
    assertFalse(events.subList(events.lastIndexOf("start"), events.size()).contains("old"));
    assertFalse(events.subList(events.lastIndexOf("start"), events.size()).contains("old rate"));
  }

  @Test
  void aMillionTimersAreStartedCancelledAndForgotten() {
    CompletableFuture<Void> started = new CompletableFuture<>();
    system.spawn(
        () ->
            new Actor<String>() {
              @Override
              public void preStart(ActorContext<String> context) {
                for (int i = 0; i < 1_000_000; i++) {
                  TimerHandle timer = context.timers().once(Duration.ofMinutes(1 + i % 60), "late");
                  if (i % 2 == 0) {
                    timer.cancel();
                  }
                }
                started.complete(null);
              }

              @Override
              public void receive(String message, ActorContext<String> context) {}
            },
        ActorOptions.named("million"));
    Systems.get(started);
    Systems.awaitUntil(() -> timers() == 500_000);
    system.executors().get(0).execute(() -> {});
    system.close();
    assertEquals(0, system.stats().executors().get(0).actors());
  }

  private long timers() {
    return system.stats().executors().get(0).timers();
  }

  @Test
  void theTimersOfAStoppedActorDoNotWakeTheExecutor() {
    ActorRef<String> actor =
        system.spawn(
            () ->
                new Noting() {
                  @Override
                  void begin(ActorContext<String> context) {
                    for (int i = 0; i < 10_000; i++) {
                      context.timers().once(Duration.ofSeconds(60), "late");
                    }
                  }
                },
            ActorOptions.defaults());
    Systems.awaitUntil(() -> timers() == 10_000);
    system.stop(actor);
    Systems.awaitUntil(() -> timers() == 0);
  }

  // ---- ticks

  @Test
  void ticksComeWithTheirNumbersWhileTheyAreWanted() {
    CompletableFuture<List<Long>> done = new CompletableFuture<>();
    system.spawn(
        () ->
            new Actor<Long>() {
              private final List<Long> seen = new ArrayList<>();
              private IoSubscription ticks;

              @Override
              public void preStart(ActorContext<Long> context) {
                ticks =
                    context.subscribe(
                        context.io().ticks(Duration.ofMillis(1)), tick -> tick, Long.MAX_VALUE);
              }

              @Override
              public void receive(Long tick, ActorContext<Long> context) {
                seen.add(tick);
                if (seen.size() == 20) {
                  ticks.cancel();
                  done.complete(seen);
                }
              }
            },
        ActorOptions.defaults());
    List<Long> seen = Systems.get(done);
    assertEquals(0, seen.get(0));
    for (int i = 1; i < seen.size(); i++) {
      assertTrue(seen.get(i) > seen.get(i - 1), seen.toString());
    }
  }

  @Test
  void ticksThatNobodyWantsAreLeftOut() {
    CompletableFuture<List<Long>> done = new CompletableFuture<>();
    system.spawn(
        () ->
            new Actor<Long>() {
              private final List<Long> seen = new ArrayList<>();
              private IoSubscription ticks;

              @Override
              public void preStart(ActorContext<Long> context) {
                ticks =
                    context.subscribe(context.io().ticks(Duration.ofMillis(1)), tick -> tick, 1);
              }

              @Override
              public void receive(Long tick, ActorContext<Long> context) {
                seen.add(tick);
                if (seen.size() == 2) {
                  ticks.cancel();
                  done.complete(seen);
                  return;
                }
                busy(20_000_000);
                ticks.request(1);
              }
            },
        ActorOptions.defaults());
    List<Long> seen = Systems.get(done);
    assertTrue(seen.get(1) >= 15, "the second tick has number " + seen.get(1));
  }
}
