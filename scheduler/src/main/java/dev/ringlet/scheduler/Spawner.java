package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.actor.Routing;
import dev.ringlet.executor.PriorityClass;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Makes cells and brings them to their executor. */
final class Spawner {
  /** On each executor, of which there may be 1024. */
  private static final int MAX_ROUTEES = 1 << 16;

  private Spawner() {}

  /** In a turn of the parent. */
  static <C> ActorRef<C> spawnChild(
      ActorCell<?> parent, Supplier<? extends Actor<C>> factory, ActorOptions options) {
    TaskQueue queue = queueOfChild(parent, options);
    ActorCell<C> child = newCell(homeOfChild(parent, options), queue, parent, factory, options);
    addChild(parent, child, factory);
    return child;
  }

  /** In a turn of the parent. */
  static <C> RouterCell<C> spawnChildPool(
      ActorCell<?> parent,
      int routees,
      IntFunction<? extends Actor<C>> factory,
      Routing<C> routing,
      ActorOptions options) {
    checkCount(routees);
    RouterCell<C> router = newChildRouter(parent, routing, options);
    addRoutees(router, List.of(router.executor()), routees, factory, options);
    addChild(parent, router, router::newHead);
    return router;
  }

  /** In a turn of the parent. */
  static <C> RouterCell<C> spawnChildGroup(
      ActorCell<?> parent,
      List<? extends ActorRef<C>> routees,
      Routing<C> routing,
      ActorOptions options) {
    List<ActorCell<?>> cells = cellsOf(parent.system(), routees);
    RouterCell<C> router = newChildRouter(parent, routing, options);
    router.routeTo(cells);
    addChild(parent, router, router::newHead);
    return router;
  }

  private static <C> RouterCell<C> newChildRouter(
      ActorCell<?> parent, Routing<C> routing, ActorOptions options) {
    Route route = Route.of(routing);
    TaskQueue queue = queueOfChild(parent, options);
    return new RouterCell<>(homeOfChild(parent, options), queue, parent, options.name(), route);
  }

  private static CoreExecutor homeOfChild(ActorCell<?> parent, ActorOptions options) {
    return options.executor() == null ? parent.executor() : parent.system().own(options.executor());
  }

  /** The queue that the child is a member of from now on. Its name is free. */
  private static TaskQueue queueOfChild(ActorCell<?> parent, ActorOptions options) {
    parent.extras().children.checkFree(options.name(), parent.path());
    CoreExecutor home = homeOfChild(parent, options);
    PriorityClass wanted = options.priorityClass();
    TaskQueue own = parent.queue();
    if (wanted == null && home == parent.executor() && own.membership().enter()) {
      return own;
    }
    return home.enter(wanted == null ? own.priorityClass() : wanted);
  }

  private static <C> void addChild(
      ActorCell<?> parent, ActorCell<C> child, Supplier<? extends Actor<C>> factory) {
    parent.extras().children.add(child);
    new Begin<>(child, factory).send();
  }

  /** A child of the executor's guardian, to be adopted by it; any thread. */
  static <M> ActorCell<M> topLevel(
      CoreExecutor home, Supplier<? extends Actor<M>> factory, ActorOptions options) {
    return newCell(
        home, queueOfTopLevel(home, options), home.residents().guardian(), factory, options);
  }

  /** As {@link #topLevel}. */
  static <M> RouterCell<M> topLevelRouter(
      CoreExecutor home, Routing<M> routing, ActorOptions options) {
    Route route = Route.of(routing);
    return new RouterCell<>(
        home, queueOfTopLevel(home, options), home.residents().guardian(), options.name(), route);
  }

  private static TaskQueue queueOfTopLevel(CoreExecutor home, ActorOptions options) {
    PriorityClass wanted = options.priorityClass();
    return home.enter(wanted == null ? PriorityClass.DEFAULT : wanted);
  }

  /** Makes the routees of a pool. */
  static <M> void addRoutees(
      RouterCell<M> router,
      List<CoreExecutor> homes,
      int onEach,
      IntFunction<? extends Actor<M>> factory,
      ActorOptions options) {
    PriorityClass priorityClass = router.queue().priorityClass();
    List<Begin<M>> routees = new ArrayList<>();
    for (int i = 0; i < onEach * homes.size(); i++) {
      int index = i;
      CoreExecutor home = homes.get(i % homes.size());
      Supplier<Actor<M>> own = () -> factory.apply(index);
      ActorOptions named = options.withName(Integer.toString(i));
      TaskQueue queue = home.enter(priorityClass);
      routees.add(new Begin<>(newCell(home, queue, router, own, named), own));
    }
    router.routeToOwn(routees);
  }

  static void checkCount(int routees) {
    if (routees < 1 || routees > MAX_ROUTEES) {
      throw new IllegalArgumentException("routees: " + routees + "; give 1 to " + MAX_ROUTEES);
    }
  }

  /** The actors behind the addresses of a group. */
  static <M> List<ActorCell<?>> cellsOf(
      DefaultActorSystem system, List<? extends ActorRef<M>> routees) {
    checkCount(routees.size());
    Set<ActorCell<?>> cells = new LinkedHashSet<>();
    for (ActorRef<M> routee : routees) {
      if (!(routee instanceof ActorCell<?> cell) || cell.system() != system) {
        throw new IllegalArgumentException(
            "routees: " + routee.path() + " is no actor of system " + system.name());
      }
      if (!cells.add(cell)) {
        throw new IllegalArgumentException("routees: " + routee.path() + " is there twice");
      }
    }
    return List.copyOf(cells);
  }

  private static <M> ActorCell<M> newCell(
      CoreExecutor home,
      TaskQueue queue,
      ActorCell<?> parent,
      Supplier<? extends Actor<M>> factory,
      ActorOptions options) {
    Object policies = Policies.of(options, factory);
    Mailbox kind = options.mailbox();
    if (kind instanceof Mailbox.Bounded bounded) {
      return new BoundedCell<>(home, queue, parent, options.name(), policies, bounded);
    }
    ActorCell<M> cell =
        home.system().carrying().isOn()
            ? new CarryingCell<>(home, queue, parent, options.name(), policies)
            : new ActorCell<>(home, queue, parent, options.name(), policies);
    if (kind instanceof Mailbox.Priority priority) {
      cell.keepMailbox(new PriorityMailbox(priority.order()));
    } else if (kind instanceof Mailbox.Conflating conflating) {
      cell.keepMailbox(new ConflatingMailbox(conflating.keyOf()));
    }
    return cell;
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
      if (executor.residents().guardian().isEnding()) {
        cell.refuse();
      } else {
        executor.residents().guardian().extras().children.add(cell);
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
