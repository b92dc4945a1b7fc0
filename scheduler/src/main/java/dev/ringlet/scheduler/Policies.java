package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.Supervision;
import java.util.function.Supplier;

/**
 * What a cell keeps of the options that its actor was spawned with. Most actors are served by the
 * {@link Supervision} alone, and keep just that: the fewer words each of them has, the better.
 */
record Policies<M>(
    Supervision supervision, Supplier<? extends Actor<M>> factory, int stashCapacity) {

  /** A {@link Supervision}; {@link Policies} where there is more to say. */
  static <M> Object of(ActorOptions options, Supplier<? extends Actor<M>> factory) {
    Supervision supervision = options.supervision();
    boolean plain =
        !supervision.mayRestart() && options.stashCapacity() == ActorOptions.DEFAULT_STASH_CAPACITY;
    return plain ? supervision : new Policies<>(supervision, factory, options.stashCapacity());
  }

  static Supervision supervision(Object policies) {
    return policies instanceof Policies<?> several ? several.supervision : (Supervision) policies;
  }

  static int stashCapacity(Object policies) {
    return policies instanceof Policies<?> several
        ? several.stashCapacity
        : ActorOptions.DEFAULT_STASH_CAPACITY;
  }

  /** Of an actor that may restart, as it was given for it. */
  static <M> Supplier<? extends Actor<M>> factory(Object policies) {
    @SuppressWarnings("unchecked") // the cell that keeps them was made with them
    Policies<M> several = (Policies<M>) policies;
    return several.factory;
  }
}
