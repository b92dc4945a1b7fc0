package dev.ringlet.scheduler;

import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorStoppedException;
import dev.ringlet.actor.DeadLetter.Reason;
import dev.ringlet.spi.MailboxEntry;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The address of an actor: where it stands, and all the ways of a message to its mailbox. Any
 * thread.
 */
abstract class CellAddress<M> extends Task implements Recipient<M> {
  private final @Nullable ActorCell<?> parent;
  private final @Nullable String name;
  private final long id;

  CellAddress(
      CoreExecutor executor,
      TaskQueue queue,
      @Nullable ActorCell<?> parent,
      @Nullable String name) {
    super(executor, queue, parent == null ? INTERNAL | UNBEGUN : UNBEGUN);
    this.parent = parent;
    this.name = name;
    this.id = executor.system().nextActorId();
  }

  /** This, as what it is. */
  abstract ActorCell<M> cell();

  // ---- where it stands

  @Override
  public final DefaultActorSystem system() {
    return executor.system();
  }

  final @Nullable ActorCell<?> parent() {
    return parent;
  }

  final @Nullable String givenName() {
    return name;
  }

  @Override
  public String path() {
    String own = name != null ? name : "$" + id;
    return parent == null ? "/" + own : parent.path() + "/" + own;
  }

  @Override
  public String toString() {
    return path();
  }

  // ---- what users send

  @Override
  public void tell(M message) {
    send(entryFor(Objects.requireNonNull(message, "message")));
  }

  @Override
  public final boolean tryTell(M message) {
    return tryPost(system().carrying().entry(entryFor(Objects.requireNonNull(message, "message"))));
  }

  @Override
  public <R> CompletionStage<R> ask(
      Function<? super ActorRef<R>, ? extends M> message, Duration timeout) {
    return AskPromise.ask(this, message, timeout);
  }

  @Override
  public final ActorCell<?> cellFor(M message) {
    return cell();
  }

  /**
   * What of the runtime a user sends as a message must not be taken for the runtime's own entry.
   */
  @Override
  public final Object entryFor(Object message) {
    return message instanceof MailboxEntry ? new Wrapped(message) : message;
  }

  // ---- ways to the mailbox

  /** Puts an entry into the mailbox. */
  final void send(Object entry) {
    if (executor.isCurrent()) {
      enqueue(entry);
    } else {
      executor.send(new RemoteMessage(this, entry, CoreExecutor.runningHere()), queue.urgent());
    }
  }

  /** As {@link #tell}, of an entry. */
  void tellEntry(Object entry) {
    post(entry);
  }

  /** As {@link #send}, of a message that a user sends and that may be bounded. */
  void post(Object entry) {
    send(entry);
  }

  /** As {@link #post}, of what makes nothing else give way to it. */
  void postWhereRoom(Object entry) {
    send(entry);
  }

  /** As {@link #post}; false if there is no room. */
  boolean tryPost(Object entry) {
    send(entry);
    return true;
  }

  // ---- what no turn will handle

  @Override
  final void undeliverable(Object entry, Reason reason, @Nullable Task sender) {
    if (entry instanceof Envelope envelope) {
      envelope.undelivered(cell(), reason, sender);
    } else if (entry instanceof Source source) {
      source.undelivered();
    } else {
      executor.system().deadLetters().add(this, entry, reason, sender);
    }
  }

  /** What an asker is told whose question was not taken. */
  RuntimeException refusal(Reason reason) {
    return new ActorStoppedException(path());
  }
}
