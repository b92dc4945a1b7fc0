package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * No wake-up is lost: 250,000 times, or as often as {@code -Dringlet.test.wakeups} says, an
 * executor goes to park while somebody sends it the only message that can end the park. One that is
 * lost leaves both sides waiting, and the deadline tells.
 */
@OnBothDrivers
final class WakeupStressTest {
  private static final long WAKEUPS = Long.getLong("ringlet.test.wakeups", 250_000);
  private static final Duration DEADLINE = Duration.ofMinutes(4);

  private final String driver;

  WakeupStressTest(String driver) {
    this.driver = driver;
  }

  private static long wakeups(ActorSystem system) {
    return system.executors().stream()
        .mapToLong(executor -> ((CoreExecutor) executor).counters().wakeups())
        .sum();
  }

  /**
   * The thread sends at varying distances from the moment in which the executor decides to park:
   * just before, during, and long after.
   */
  @Test
  void aPlainThreadWakesAParkingExecutor() {
    try (ActorSystem system = Systems.open(driver, 1)) {
      AtomicLong answered = new AtomicLong();
      ActorRef<Long> echo =
          system.spawn(
              () -> (number, context) -> answered.setOpaque(number), ActorOptions.defaults());
      ExecutorCounters counters = ((CoreExecutor) system.executors().get(0)).counters();
      long end = System.nanoTime() + DEADLINE.toNanos();
      long sent = 0;
      // The spawn may have been one.
      long before = wakeups(system);
      while (wakeups(system) - before < WAKEUPS) {
        long parksBefore = counters.parks.get();
        echo.tell(++sent);
        while (answered.getOpaque() != sent) {
          check(end, sent);
        }
        // Three times of four the next message comes when the executor has come to its park.
        while ((sent & 3) != 0 && counters.parks.get() == parksBefore) {
          check(end, sent);
        }
        for (long spin = sent & 63; spin > 0; spin--) {
          Thread.onSpinWait();
        }
      }
      assertTrue(sent >= WAKEUPS, sent + " messages");
    }
  }

  private static void check(long end, long sent) {
    Thread.onSpinWait();
    if (System.nanoTime() - end > 0) {
      throw new AssertionError("message " + sent + " woke nobody, or the machine stands still");
    }
  }

  /** Two executors, each of which has nothing to do until the other has sent its message. */
  @Test
  void executorsWakeEachOther() throws InterruptedException {
    try (ActorSystem system = Systems.open(driver, 2)) {
      CountDownLatch done = new CountDownLatch(1);
      ActorRef<ActorRef<?>> right =
          system
              .executors()
              .get(1)
              .spawn(
                  () -> (sender, context) -> reply(sender, context.self()),
                  ActorOptions.named("right"));
      ActorRef<ActorRef<?>> left =
          system.executors().get(0).spawn(() -> new Left(right, done), ActorOptions.named("left"));
      left.tell(right);
      assertTrue(
          done.await(DEADLINE.toSeconds(), TimeUnit.SECONDS),
          () -> "after " + wakeups(system) + " wake-ups nobody was woken any more");
    }
  }

  @SuppressWarnings("unchecked") // both actors take references, of which these are two
  private static void reply(ActorRef<?> to, ActorRef<?> from) {
    ((ActorRef<ActorRef<?>>) to).tell(from);
  }

  private static final class Left implements Actor<ActorRef<?>> {
    private final ActorRef<ActorRef<?>> right;
    private final CountDownLatch done;

    Left(ActorRef<ActorRef<?>> right, CountDownLatch done) {
      this.right = right;
      this.done = done;
    }

    @Override
    public void receive(ActorRef<?> sender, ActorContext<ActorRef<?>> context) {
      if (wakeups(context.system()) >= WAKEUPS) {
        done.countDown();
      } else {
        right.tell(context.self());
      }
    }
  }
}
