package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.Supervision;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The actors that live on one executor: the guardian, whose children are those of the top level,
 * and guests, whose parents live on other executors. Owner executor, but for what is marked.
 */
final class Residents {
  private final CoreExecutor executor;
  private final ActorCell<Void> guardian;
  private final Set<ActorCell<?>> guests = new LinkedHashSet<>();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();

  Residents(CoreExecutor executor, TaskQueue queue) {
    this.executor = executor;
    this.guardian =
        new ActorCell<>(executor, queue, null, executor.system().name(), Supervision.stop());
  }

  /** When the executor has all that actors need. */
  void begin() {
    guardian.begin(this::newGuardian);
  }

  private Actor<Void> newGuardian() {
    return new Guardian(drained);
  }

  ActorCell<Void> guardian() {
    return guardian;
  }

  void guestCame(ActorCell<?> guest) {
    guests.add(guest);
  }

  void guestLeft(ActorCell<?> guest) {
    guests.remove(guest);
  }

  /** Any thread. */
  void stop() {
    guardian.stopFromAnywhere();
  }

  /** Complete when the last actor has stopped after {@link #stop}. Any thread. */
  CompletableFuture<Void> drained() {
    return drained;
  }

  /** Actors that did not stop end now, and no more are taken. */
  void endInstances() {
    guardian.takeNoMore();
    List<ActorCell<?>> left = living();
    for (int i = left.size() - 1; i >= 0; i--) {
      endInstance(left.get(i));
    }
  }

  /** The others have their turn, whatever becomes of this one and of what is said about it. */
  private void endInstance(ActorCell<?> cell) {
    try {
      try {
        cell.endWithExecutor();
      } catch (VirtualMachineError fatal) {
        executor.system().failures().record(cell, fatal);
      }
    } catch (VirtualMachineError unsaid) {
      // It is counted; there is no memory to say more.
    }
  }

  /**
   * The last that the executor does for its actors: stages that were waited for are settled, and
   * what waits in the mailboxes of actors that did not stop becomes dead letters.
   */
  void leaveBehind() {
    living().forEach(ActorCell::leftBehind);
    List.copyOf(guests).forEach(ActorCell::tellParent);
  }

  private List<ActorCell<?>> living() {
    List<ActorCell<?>> living = new ArrayList<>();
    collectLiving(
        cell -> {
          if (cell.executor() == executor) {
            living.add(cell);
          }
        });
    return living;
  }

  /** The cells of this executor, and children of theirs that live elsewhere. */
  void collectLiving(Consumer<ActorCell<?>> sink) {
    guardian.collectLiving(sink);
    for (ActorCell<?> guest : List.copyOf(guests)) {
      sink.accept(guest);
      guest.collectLiving(sink);
    }
  }

  /** Nobody needs to wait any longer. */
  void executorEnded() {
    drained.complete(null);
  }
}
