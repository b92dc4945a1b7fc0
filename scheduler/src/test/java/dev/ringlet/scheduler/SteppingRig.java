package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.spi.IoDriverProvider;
import dev.ringlet.spi.Stepping;
import dev.ringlet.spi.SystemStepper;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A system that is stepped, by a clock that stands still unless a test moves it. */
abstract class SteppingRig {
  static final ExecutorPool TWO = ExecutorPool.of(2);

  final List<String> events = new ArrayList<>();
  long now;
  boolean preempts;
  BooleanSupplier idle = () -> false;
  @Nullable IoDriverProvider drivers;
  @Nullable SystemStepper made;

  final SystemStepper make(ExecutorPool pool, long seed) {
    made =
        new DefaultSystemProvider()
            .createStepped(
                "stepped",
                pool,
                new Stepping(
                    () -> now,
                    drivers,
                    new SplittableRandom(seed),
                    () -> preempts,
                    () -> idle.getAsBoolean()));
    return made;
  }

  final SystemStepper make(ExecutorPool pool) {
    return make(pool, 1);
  }

  @AfterEach
  final void close() {
    if (made != null) {
      made.system().close();
    }
  }

  static void rest(SystemStepper stepper) {
    int turns = 0;
    while (stepper.step()) {
      assertTrue(++turns < 10_000, "it never rests");
    }
  }

  /** Has code run in a turn, with the next step of the executor. */
  static void inTurn(ActorExecutor executor, Consumer<ActorContext<Object>> code) {
    executor.spawn(
        () ->
            new Actor<Object>() {
              @Override
              public void preStart(ActorContext<Object> context) {
                code.accept(context);
              }

              @Override
              public void receive(Object message, ActorContext<Object> context) {}
            },
        ActorOptions.defaults());
  }
}
