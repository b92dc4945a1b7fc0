package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import java.util.function.Supplier;

/** A child begins on its own executor. */
final class Begin<M> extends Command {
  private final ActorCell<M> cell;
  private final Supplier<? extends Actor<M>> factory;

  Begin(ActorCell<M> cell, Supplier<? extends Actor<M>> factory) {
    this.cell = cell;
    this.factory = factory;
  }

  ActorCell<M> cell() {
    return cell;
  }

  /** On the parent's executor. */
  void send() {
    cell.executor().runOrSend(this, cell.queue().urgent());
  }

  @Override
  void run(CoreExecutor executor) {
    cell.begin(factory);
  }

  /** The parent must not wait for it. */
  @Override
  void refused(CoreExecutor executor) {
    cell.refuse();
    cell.tellParent();
  }
}
