package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.DeadLetter;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.spi.Stepping;
import dev.ringlet.spi.SystemStepper;
import dev.ringlet.spi.Ticker;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Trees of actors that do anything at random, against a simple model: every message is handled once
 * or is a dead letter once, every watch and every question is answered once, and nothing is left.
 */
final class ActorModelTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  /** On the test's thread: the same seed gives the same run. */
  @Property(tries = 150)
  void onASteppedSystem(@ForAll long seed) {
    AtomicLong now = new AtomicLong();
    Ticker ticker = now::get;
    SystemStepper stepper =
        new DefaultSystemProvider()
            .createStepped("model", ExecutorPool.of(1 + (int) (seed & 1)), Stepping.on(ticker));
    try (ActorSystem system = stepper.system()) {
      Model model = new Model(system, seed);
      model.play(
          150,
          () -> {
            if (model.random.nextInt(4) == 0) {
              var unused = stepper.step();
            }
          });
      model.finish(
          condition -> {
            for (int turns = 0; !condition.getAsBoolean() && turns < 100_000; turns++) {
              if (!stepper.step()) {
                // Pauses before restarts.
                now.addAndGet(1_000_000);
              }
            }
            assertTrue(condition.getAsBoolean(), () -> "seed " + seed + ": " + model);
          });
    }
  }

  @ParameterizedTest
  @CsvSource({"uring, 1", "uring, 2", "nio, 1", "nio, 2"})
  void onThreads(String driver, int executors) {
    for (int seed = 0; seed < 25; seed++) {
      try (ActorSystem system = ActorSystem.create("model", Systems.pool(driver, executors))) {
        Model model = new Model(system, seed);
        int played = seed;
        model.play(2000, () -> {});
        model.finish(
            condition -> {
              try {
                Systems.awaitUntil(condition::getAsBoolean);
              } catch (ConditionTimeoutException late) {
                throw new AssertionError("seed " + played + ": " + model, late);
              }
            });
      }
    }
  }

  private interface Waiting {
    void until(BooleanSupplier condition);
  }

  /** What a random actor is told; each has a number of its own. */
  private record Order(long number, Kind kind, int target, int argument) {}

  private enum Kind {
    NOTHING,
    FAIL,
    STOP,
    SPAWN,
    WATCH,
    ASK,
    STASH,
    UNSTASH,
    FORWARD,
    BECOME,
    YIELD
  }

  private static final List<Kind> KINDS = List.of(Kind.values());

  private record Question(ActorRef<String> replyTo) {}

  private record Ended(long number) {}

  private record Answered(long number, boolean refused) {}

  private static final class Model {
    final Random random;
    private final ActorSystem system;
    private final List<ActorRef<Object>> actors = new CopyOnWriteArrayList<>();
    private final AtomicLong numbers = new AtomicLong();
    private final Set<Long> sent = ConcurrentHashMap.newKeySet();
    private final Map<Long, String> over = new ConcurrentHashMap<>();
    private final Set<Long> watches = ConcurrentHashMap.newKeySet();
    private final Set<Long> ended = ConcurrentHashMap.newKeySet();
    private final Set<Long> endedInTree = ConcurrentHashMap.newKeySet();
    private final List<CompletableFuture<String>> questions = new CopyOnWriteArrayList<>();
    private final Set<Long> answers = ConcurrentHashMap.newKeySet();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final ActorRef<Object> root;
    private final ActorRef<Object> observer;

    Model(ActorSystem system, long seed) {
      this.system = system;
      this.random = new Random(seed);
      ActorRef<DeadLetter> undertaker =
          system.spawn(
              () ->
                  (letter, context) -> {
                    if (letter.message() instanceof Order order) {
                      happened(order.number(), "lost");
                    }
                  },
              ActorOptions.defaults());
      system.subscribe(DeadLetter.class, undertaker);
      observer =
          system.spawn(
              () ->
                  (message, context) -> {
                    if (message instanceof Order order) {
                      context.watch(actors.get(order.target()), new Ended(order.number()));
                    } else {
                      once(ended, ((Ended) message).number(), "watch");
                    }
                  },
              ActorOptions.defaults());
      root =
          system.spawn(
              Member::new, ActorOptions.named("root").withSupervision(Supervision.resume()));
      actors.add(root);
    }

    private void happened(long number, String what) {
      String before = over.putIfAbsent(number, what);
      if (before != null) {
        faults.add(number + " was " + before + ", then " + what);
      }
    }

    private void once(Set<Long> set, long number, String what) {
      if (!set.add(number)) {
        faults.add(what + " " + number + " came twice");
      }
    }

    private void order(ActorRef<Object> to, Kind kind, int target, int argument) {
      long number = numbers.incrementAndGet();
      sent.add(number);
      to.tell(new Order(number, kind, target, argument));
    }

    private ActorRef<Object> pick(int target) {
      return actors.get(Math.floorMod(target, actors.size()));
    }

    void play(int orders, Runnable between) {
      for (int i = 0; i < orders; i++) {
        Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        int target = random.nextInt(1 << 20);
        if (i < 20 || (kind == Kind.STOP && random.nextInt(4) > 0)) {
          kind = Kind.SPAWN;
        }
        ActorRef<Object> to = pick(random.nextInt(1 << 20));
        if (to == root && (kind == Kind.STOP || kind == Kind.FAIL)) {
          kind = Kind.NOTHING;
        }
        order(to, kind, target, random.nextInt(1 << 20));
        if (random.nextInt(8) == 0) {
          int watched = random.nextInt(actors.size());
          long number = numbers.incrementAndGet();
          // Watching again replaces the message, so each actor is watched once.
          if (watches.add(-watched - 1L)) {
            watches.add(number);
            observer.tell(new Order(number, Kind.WATCH, watched, 0));
          }
        }
        if (random.nextInt(8) == 0) {
          questions.add(pick(target).<String>ask(Question::new, LONG).toCompletableFuture());
        }
        between.run();
      }
    }

    void finish(Waiting waiting) {
      system.stop(root);
      waiting.until(() -> livingActors() == 2);
      waiting.until(() -> over.size() == sent.size());
      Set<Long> wanted = new HashSet<>(watches);
      wanted.removeIf(number -> number < 0);
      waiting.until(() -> ended.size() == wanted.size());
      waiting.until(() -> questions.stream().allMatch(CompletableFuture::isDone));
      assertEquals(List.of(), faults);
      assertEquals(sent, over.keySet());
      assertEquals(wanted, ended);
      assertEquals(
          0,
          system.stats().executors().stream().mapToLong(e -> e.timers()).sum(),
          "timers are left");
    }

    private long livingActors() {
      return system.stats().executors().stream().mapToLong(e -> e.actors()).sum();
    }

    @Override
    public String toString() {
      Set<Long> open = new HashSet<>(sent);
      open.removeAll(over.keySet());
      return "%d actors, living %d; %d of %d orders open: %s; watches %d of %d; faults %s"
          .formatted(
              actors.size(),
              livingActors(),
              open.size(),
              sent.size(),
              open,
              ended.size(),
              watches.size() / 2,
              faults);
    }

    private ActorOptions options(int argument) {
      ActorOptions options =
          ActorOptions.defaults()
              .onExecutor(system.executors().get((argument >>> 8) % system.executors().size()))
              .withSupervision(
                  switch (argument % 6) {
                    case 0 -> Supervision.stop();
                    case 1 -> Supervision.resume();
                    case 2 -> Supervision.restart();
                    case 3 -> Supervision.escalate();
                    case 4 ->
                        Supervision.restart()
                            .withLimit(2, Duration.ofSeconds(1))
                            .withBackoff(Duration.ofMillis(1), Duration.ofMillis(5), 0.5);
                    default ->
                        Supervision.decide(
                            failure ->
                                failure.getMessage().length() % 2 == 0
                                    ? Supervision.resume()
                                    : Supervision.restart());
                  });
      return switch ((argument >>> 4) % 8) {
        case 0 -> options.withMailbox(Mailbox.bounded(4, Mailbox.Overflow.DROP_OLDEST));
        case 1 -> options.withMailbox(Mailbox.bounded(4, Mailbox.Overflow.DROP_NEWEST));
        case 2 -> options.withMailbox(Mailbox.bounded(4, Mailbox.Overflow.REJECT));
        case 3 ->
            options.withMailbox(
                Mailbox.priority((one, other) -> Integer.compare(rank(one), rank(other))));
        default -> options;
      };
    }

    private static int rank(Object message) {
      return message instanceof Order order ? order.argument() : 0;
    }

    private final class Member implements Actor<Object> {
      private final Set<Long> stashed = new HashSet<>();

      @Override
      public void receive(Object message, ActorContext<Object> context) {
        if (message instanceof Question question) {
          question.replyTo().tell("answer");
        } else if (message instanceof Answered answered) {
          once(answers, answered.number(), "answer");
        } else if (message instanceof Ended end) {
          once(endedInTree, end.number(), "watch");
        } else {
          obey((Order) message, context);
        }
      }

      private void obey(Order order, ActorContext<Object> context) {
        if (order.kind() == Kind.STASH && stashed.size() < 4 && stashed.add(order.number())) {
          context.stash(order);
          return;
        }
        happened(order.number(), "handled");
        switch (order.kind()) {
          case FAIL -> throw new IllegalStateException("order " + order.number());
          case STOP -> context.stop();
          case SPAWN -> actors.add(context.spawn(Member::new, options(order.argument())));
          case WATCH -> {
            ActorRef<Object> other = pick(order.target());
            if (other != context.self()) {
              context.watch(other, new Ended(order.number()));
            }
          }
          case ASK ->
              context.<Object, String>ask(
                  pick(order.target()),
                  Question::new,
                  LONG,
                  (answer, failure) -> new Answered(order.number(), failure != null));
          case UNSTASH -> context.unstashAll();
          case FORWARD -> order(pick(order.target()), Kind.NOTHING, 0, order.argument());
          case BECOME -> context.become(new Member());
          case YIELD ->
              context.yield(
                  () -> {
                    order(context.self(), Kind.NOTHING, 0, 0);
                    if (order.argument() % 8 == 0) {
                      throw new IllegalStateException("after yield of " + order.number());
                    }
                  });
          default -> {}
        }
      }
    }
  }
}
