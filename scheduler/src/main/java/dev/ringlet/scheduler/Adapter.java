package dev.ringlet.scheduler;

import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.DeadLetter.Reason;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The address of an actor in another protocol: converts in the actor's turn. Any thread. */
final class Adapter<T> implements Recipient<T> {
  private final ActorCell<?> cell;
  private final Class<T> type;
  private final Function<? super T, ?> conversion;

  Adapter(ActorCell<?> cell, Class<T> type, Function<? super T, ?> conversion) {
    this.cell = cell;
    this.type = type;
    this.conversion = conversion;
  }

  ActorCell<?> cell() {
    return cell;
  }

  @Override
  public ActorCell<?> cellFor(T message) {
    return cell;
  }

  @Override
  public Object entryFor(T message) {
    return new Adapted<>(this, message);
  }

  @Override
  public DefaultActorSystem system() {
    return cell.executor().system();
  }

  @Override
  public void tell(T message) {
    Objects.requireNonNull(message, "message");
    cell.post(system().carrying().entry(entryFor(message)));
  }

  @Override
  public boolean tryTell(T message) {
    Object entry = entryFor(Objects.requireNonNull(message, "message"));
    return cell.tryPost(system().carrying().entry(entry));
  }

  @Override
  public boolean mayRefuse() {
    return cell.mayRefuse();
  }

  @Override
  public <R> CompletionStage<R> ask(
      Function<? super ActorRef<R>, ? extends T> message, Duration timeout) {
    return AskPromise.ask(this, message, timeout);
  }

  @Override
  public String path() {
    return cell.path() + "/$" + type.getSimpleName();
  }

  @Override
  public String toString() {
    return path();
  }

  private static final class Adapted<T> extends Envelope {
    private final Adapter<T> adapter;
    private final T message;

    Adapted(Adapter<T> adapter, T message) {
      this.adapter = adapter;
      this.message = message;
    }

    @Override
    void deliver(ActorCell<?> cell) throws Exception {
      cell.receiveAdapted(adapter.conversion.apply(adapter.type.cast(message)));
    }

    @Override
    void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender) {
      adapter.system().deadLetters().add(adapter, message, reason, sender);
    }
  }
}
