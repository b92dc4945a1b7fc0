package dev.ringlet.scheduler;

import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoOp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Begins many operations at once and cancels them all, wherever they may be by then. */
final class Cancelling {
  /** When they are cancelled. */
  enum Moment {
    BEFORE_THE_START,
    IN_THE_SAME_TURN,
    IN_THE_NEXT_TURN,
    WHEN_THE_FIRST_HAS_ENDED,

    /** In any order, some in each of many turns. */
    ONE_AFTER_THE_OTHER
  }

  /** Makes one of them. */
  @FunctionalInterface
  interface Maker<T> {
    IoOp<? extends T> make(Io io, int index);
  }

  /** Told of each end, where it happens; the value is null if it has failed. */
  @FunctionalInterface
  interface End<T> {
    void ended(Io io, int index, @Nullable T value);
  }

  private Cancelling() {}

  /** Returns for each what it has failed with, or null. */
  static <T> List<@Nullable Throwable> all(
      ActorExecutor executor, int count, Moment moment, Maker<T> maker, End<T> end) {
    List<IoOp<? extends T>> ops = new ArrayList<>();
    List<CompletableFuture<@Nullable Throwable>> failures = new ArrayList<>();
    Systems.inTurn(
        executor,
        context -> {
          Io io = context.io();
          for (int i = 0; i < count; i++) {
            ops.add(maker.make(io, i));
          }
          if (moment == Moment.BEFORE_THE_START) {
            ops.forEach(IoOp::cancel);
          }
          for (int i = 0; i < count; i++) {
            failures.add(begin(io, i, ops.get(i), end));
          }
          if (moment == Moment.IN_THE_SAME_TURN) {
            ops.forEach(IoOp::cancel);
          }
        });
    if (moment == Moment.WHEN_THE_FIRST_HAS_ENDED) {
      Systems.get(CompletableFuture.anyOf(failures.toArray(new CompletableFuture<?>[0])));
    } else if (moment == Moment.ONE_AFTER_THE_OTHER) {
      cancelBitByBit(executor, ops);
    }
    Systems.inTurn(executor, context -> ops.forEach(IoOp::cancel));
    List<@Nullable Throwable> outcomes = new ArrayList<>();
    failures.forEach(failure -> outcomes.add(Systems.get(failure)));
    return outcomes;
  }

  private static <T> CompletableFuture<@Nullable Throwable> begin(
      Io io, int index, IoOp<? extends T> op, End<T> end) {
    return op.toCompletionStage()
        .handle(
            (value, failure) -> {
              end.ended(io, index, value);
              return failure;
            })
        .toCompletableFuture();
  }

  private static <T> void cancelBitByBit(ActorExecutor executor, List<IoOp<? extends T>> ops) {
    Random random = FileWorkbench.random("Cancelling");
    List<IoOp<? extends T>> left = new ArrayList<>(ops);
    Collections.shuffle(left, random);
    while (!left.isEmpty()) {
      List<IoOp<? extends T>> some =
          left.subList(0, Math.min(left.size(), 1 + random.nextInt(ops.size() / 10)));
      Systems.inTurn(executor, context -> some.forEach(IoOp::cancel));
      some.clear();
    }
  }
}
