package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.DeadLetter.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an actor by its path, from parent to child, each on its own executor; then waits in the
 * mailbox of the one that is found until it has started.
 */
final class Lookup<M> extends Envelope {
  private final String[] names;
  private final Class<? extends Actor<M>> type;
  private final ExecutorFuture<Optional<ActorRef<M>>> answer = new ExecutorFuture<>();

  private Lookup(String[] names, Class<? extends Actor<M>> type) {
    this.names = names;
    this.type = type;
  }

  /** From the names of the top-level actors on. Any thread. */
  static <M> CompletionStage<Optional<ActorRef<M>>> find(
      Map<String, ActorCell<?>> topLevel, String names, Class<? extends Actor<M>> type) {
    Lookup<M> lookup = new Lookup<>(names.split("/", -1), type);
    lookup.visit(topLevel.get(lookup.names[0]), 0);
    return lookup.answer;
  }

  private void visit(@Nullable ActorCell<?> cell, int depth) {
    if (cell == null) {
      answer.complete(Optional.empty());
    } else {
      cell.executor().runOrSend(new Visit(this, cell, depth), cell.queue().urgent());
    }
  }

  /** On the cell's executor. */
  private void at(ActorCell<?> cell, int depth) {
    if (depth < names.length - 1) {
      visit(cell.child(names[depth + 1]), depth + 1);
    } else if (cell.firstClass() == null || cell.isRestarting()) {
      cell.enqueue(this);
    } else {
      found(cell);
    }
  }

  private void found(ActorCell<?> cell) {
    Class<?> actual = cell.firstClass();
    if (cell.isEnding() || actual == null) {
      answer.complete(Optional.empty());
    } else if (!type.isAssignableFrom(actual)) {
      answer.completeExceptionally(
          new IllegalArgumentException(
              "type: " + cell.path() + " is a " + actual.getName() + ", no " + type.getName()));
    } else {
      @SuppressWarnings("unchecked") // its actor is of a type that takes these messages
      ActorRef<M> typed = (ActorRef<M>) cell;
      answer.complete(Optional.of(typed));
    }
  }

  @Override
  void deliver(ActorCell<?> cell) {
    found(cell);
  }

  @Override
  void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender) {
    answer.complete(Optional.empty());
  }

  private static final class Visit extends Command {
    private final Lookup<?> lookup;
    private final ActorCell<?> cell;
    private final int depth;

    Visit(Lookup<?> lookup, ActorCell<?> cell, int depth) {
      this.lookup = lookup;
      this.cell = cell;
      this.depth = depth;
    }

    @Override
    void run(CoreExecutor executor) {
      lookup.at(cell, depth);
    }

    @Override
    void refused(CoreExecutor executor) {
      lookup.answer.complete(Optional.empty());
    }
  }
}
