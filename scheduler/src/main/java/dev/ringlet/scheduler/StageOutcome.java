package dev.ringlet.scheduler;

import dev.ringlet.actor.DeadLetter.Reason;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What a stage has come to, on its way to the actor that has piped it. */
final class StageOutcome<T> extends Envelope {
  private final BiFunction<? super @Nullable T, ? super @Nullable Throwable, ?> adapter;
  private final @Nullable T value;
  private final @Nullable Throwable failure;

  private StageOutcome(
      BiFunction<? super @Nullable T, ? super @Nullable Throwable, ?> adapter,
      @Nullable T value,
      @Nullable Throwable failure) {
    this.adapter = adapter;
    this.value = value;
    this.failure = failure;
  }

  static <T> void pipe(
      CompletionStage<T> stage,
      ActorCell<?> cell,
      BiFunction<? super @Nullable T, ? super @Nullable Throwable, ?> adapter) {
    var unused =
        stage.whenComplete(
            (value, failure) ->
                cell.send(
                    new StageOutcome<>(adapter, value, failure == null ? null : unwrap(failure))));
  }

  /** The JDK wraps a failure when it passes from stage to stage; the user means the cause. */
  static Throwable unwrap(Throwable failure) {
    if (failure instanceof CompletionException wrapper && wrapper.getCause() != null) {
      return wrapper.getCause();
    }
    return failure;
  }

  @Override
  void deliver(ActorCell<?> cell) throws Exception {
    cell.receiveOutcome(adapter.apply(value, failure));
  }

  @Override
  void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender) {
    // The actor that wanted to know has stopped; the value is whoever's made the stage.
  }
}
