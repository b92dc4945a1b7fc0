package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.executor.PriorityClass;
import java.util.function.Supplier;

/** Makes cells and brings them to their executor. */
final class Spawner {
  private Spawner() {}

  /** In a turn of the parent. */
  static <C> ActorRef<C> spawnChild(
      ActorCell<?> parent, Supplier<? extends Actor<C>> factory, ActorOptions options) {
    CoreExecutor here = parent.executor();
    CoreExecutor home = options.executor() == null ? here : here.system().own(options.executor());
    PriorityClass wanted = options.priorityClass();
    TaskQueue queue = wanted == null && home == here ? parent.queue() : null;
    if (queue == null || !queue.membership().enter()) {
      queue = home.enter(wanted == null ? parent.queue().priorityClass() : wanted);
    }
    try {
      parent.extras().children.checkFree(options.name(), parent.path());
    } catch (IllegalArgumentException taken) {
      queue.membership().leave();
      throw taken;
    }
    ActorCell<C> child = newCell(home, queue, parent, factory, options);
    parent.extras().children.add(child);
    home.runOrSend(new Begin<>(child, factory), queue.urgent());
    return child;
  }

  /** A child of the executor's guardian; any thread. The name is claimed already. */
  static <M> ActorCell<M> topLevel(
      CoreExecutor home, Supplier<? extends Actor<M>> factory, ActorOptions options) {
    PriorityClass wanted = options.priorityClass();
    TaskQueue queue = home.enter(wanted == null ? PriorityClass.DEFAULT : wanted);
    return newCell(home, queue, home.guardian(), factory, options);
  }

  private static <M> ActorCell<M> newCell(
      CoreExecutor home,
      TaskQueue queue,
      ActorCell<?> parent,
      Supplier<? extends Actor<M>> factory,
      ActorOptions options) {
    Object policies = ActorCell.policies(options, factory);
    Mailbox kind = options.mailbox();
    if (kind instanceof Mailbox.Bounded bounded) {
      return new BoundedCell<>(home, queue, parent, options.name(), policies, bounded);
    }
    ActorCell<M> cell = new ActorCell<>(home, queue, parent, options.name(), policies);
    if (kind instanceof Mailbox.Priority priority) {
      cell.keepMailbox(new PriorityMailbox(priority.order()));
    } else if (kind instanceof Mailbox.Conflating conflating) {
      cell.keepMailbox(new ConflatingMailbox(conflating.keyOf()));
    }
    return cell;
  }

  /** A child begins on its own executor. */
  private static final class Begin<M> extends Command {
    private final ActorCell<M> cell;
    private final Supplier<? extends Actor<M>> factory;

    Begin(ActorCell<M> cell, Supplier<? extends Actor<M>> factory) {
      this.cell = cell;
      this.factory = factory;
    }

    @Override
    void run(CoreExecutor executor) {
      cell.begin(factory);
    }

    @Override
    void refused(CoreExecutor executor) {
      // What is sent to the cell is refused likewise; the parent must not wait for it.
      cell.tellParent();
    }
  }

  /** A top-level actor is adopted by the guardian and begins. */
  static final class Adopt<M> extends Command {
    private final ActorCell<M> cell;
    private final Supplier<? extends Actor<M>> factory;

    Adopt(ActorCell<M> cell, Supplier<? extends Actor<M>> factory) {
      this.cell = cell;
      this.factory = factory;
    }

    @Override
    void run(CoreExecutor executor) {
      if (executor.guardian().isEnding()) {
        cell.refuse();
      } else {
        executor.guardian().extras().children.add(cell);
        cell.adopted();
        cell.begin(factory);
      }
    }

    @Override
    void refused(CoreExecutor executor) {
      cell.refuse();
    }
  }
}
