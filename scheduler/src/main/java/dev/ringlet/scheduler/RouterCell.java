package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.DeadLetter.Reason;
import dev.ringlet.actor.RouterRef;
import dev.ringlet.actor.Supervision;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An actor whose messages its senders give to its routees; its own mailbox has only what the
 * runtime sends. Routees that are its own are its children; of others it watches the end.
 */
final class RouterCell<M> extends ActorCell<M> implements RouterRef<M> {
  private static final Routee[] NONE = {};

  private final Route route;

  /** Set before the address is handed out, then written by the owner. */
  private volatile Routee[] routees = NONE;

  /** Routees of its own that have not begun. */
  private List<Begin<M>> pool = List.of();

  RouterCell(
      CoreExecutor executor,
      TaskQueue queue,
      ActorCell<?> parent,
      @Nullable String name,
      Route route) {
    super(executor, queue, parent, name, Supervision.escalate());
    this.route = route;
  }

  /** Before it begins. */
  void routeTo(List<? extends ActorCell<?>> cells) {
    Routee[] all = new Routee[cells.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = new Routee(cells.get(i), (i + 1) * Route.SPREAD);
    }
    routees = all;
  }

  /** Before it begins: these are its children, and begin with it. */
  void routeToOwn(List<Begin<M>> own) {
    pool = own;
    routeTo(own.stream().map(Begin::cell).toList());
  }

  /** What it is itself: hears of the end of routees that are not its own. */
  Actor<M> newHead() {
    return new Head();
  }

  // ---- any thread

  @Override
  public void tell(M message) {
    tellEntry(system().carrying().entry(entryFor(Objects.requireNonNull(message, "message"))));
  }

  @Override
  void tellEntry(Object entry) {
    var unused = route(entry, Route.Way.TELL);
  }

  @Override
  void post(Object entry) {
    try {
      var unused = route(entry, Route.Way.POST);
    } catch (RuntimeException noKey) {
      if (!(entry instanceof Question question)) {
        throw noKey;
      }
      question.refuse(noKey);
    }
  }

  @Override
  boolean tryPost(Object entry) {
    return route(entry, Route.Way.TRY);
  }

  private boolean route(Object entry, Route.Way way) {
    Routee[] all = routees;
    if (all.length == 0) {
      undeliverable(entry, Reason.STOPPED, CoreExecutor.runningHere());
      return true;
    }
    return route.send(all, entry, way);
  }

  @Override
  public List<ActorRef<M>> routees() {
    return Arrays.stream(routees).map(RouterCell::<M>address).toList();
  }

  @SuppressWarnings("unchecked") // it was given as one that takes these messages
  private static <M> ActorRef<M> address(Routee routee) {
    return (ActorRef<M>) routee.cell;
  }

  // ---- the owner

  @Override
  void begin(Supplier<? extends Actor<M>> factory) {
    for (Begin<M> begin : pool) {
      extras().children.add(begin.cell());
      begin.send();
    }
    pool = List.of();
    super.begin(factory);
  }

  @Override
  void refuse() {
    super.refuse();
    for (Begin<M> begin : pool) {
      begin.cell().executor().runOrSend(new Refuse(begin.cell()), false);
    }
    pool = List.of();
  }

  /** A routee does not begin, because its router does not. */
  private static final class Refuse extends Command {
    private final ActorCell<?> routee;

    Refuse(ActorCell<?> routee) {
      this.routee = routee;
    }

    @Override
    void run(CoreExecutor executor) {
      routee.refuse();
    }

    @Override
    void refused(CoreExecutor executor) {
      routee.refuse();
    }
  }

  @Override
  void childTerminated(ActorCell<?> child) {
    super.childTerminated(child);
    leaveOut(child);
  }

  private void leaveOut(ActorCell<?> cell) {
    routees = Arrays.stream(routees).filter(routee -> routee.cell != cell).toArray(Routee[]::new);
    if (routees.length == 0) {
      requestStop();
    }
  }

  @Override
  void terminated() {
    routees = NONE;
  }

  @Override
  void leftBehind() {
    routees = NONE;
    super.leftBehind();
  }

  private record Gone(ActorCell<?> routee) {}

  private final class Head implements Actor<M> {
    @Override
    public void preStart(ActorContext<M> context) {
      for (Routee routee : routees) {
        if (routee.cell.parent() != RouterCell.this) {
          watching().watch(routee.cell, new Gone(routee.cell));
        }
      }
    }

    @Override
    public void receive(M message, ActorContext<M> context) {
      leaveOut(((Gone) (Object) message).routee());
    }
  }
}
