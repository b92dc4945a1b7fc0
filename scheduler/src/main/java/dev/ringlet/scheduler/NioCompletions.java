package dev.ringlet.scheduler;

import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoRequest;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The one way by which outcomes reach the sink, and the count of what is in flight. Owner executor
 * only, but for the counters.
 */
final class NioCompletions {
  private final ArrayDeque<NioOperation> ended = new ArrayDeque<>();
  private final Counter waiting = new Counter();
  private final Counter submitted = new Counter();
  private final Counter completed = new Counter();

  /** How many more completions the present poll may report. */
  private int budget;

  /** Any thread: whether outcomes wait to be reported. */
  boolean areWaiting() {
    return waiting.get() > 0;
  }

  /** Any thread. */
  long submitted() {
    return submitted.get();
  }

  /** Any thread. */
  long completed() {
    return completed.get();
  }

  boolean anyInFlight() {
    return submitted.get() != completed.get();
  }

  /** The driver takes a request. */
  void take(NioOperation operation) {
    IoRequest request = operation.request;
    if (request.driverSlot >= 0) {
      throw new IllegalStateException(
          request.opcode + ": the request is with a driver; wait for its last completion");
    }
    request.driverSlot = 0;
    request.driverState = operation;
    submitted.add(1);
  }

  /** An outcome is known; it is reported by the next poll. */
  void end(NioOperation operation, int result, @Nullable Object payload) {
    operation.endedWith(result, payload);
    ended.add(operation);
    waiting.add(1);
  }

  void cancelled(NioOperation operation) {
    end(operation, -Errno.ECANCELED, null);
  }

  void failed(NioOperation operation, Throwable failure) {
    end(operation, -NioErrno.of(failure), failure);
  }

  void startPoll(int limit) {
    budget = limit;
  }

  boolean isBudgetSpent() {
    return budget <= 0;
  }

  /** How much of the budget is left. */
  int budget() {
    return budget;
  }

  /** Reports the outcome that has waited longest; false if none waits. */
  boolean reportEnded(CompletionSink sink) {
    NioOperation operation = ended.poll();
    if (operation == null) {
      return false;
    }
    waiting.add(-1);
    report(sink, operation);
    return true;
  }

  /** Reports one completion of many. */
  void element(CompletionSink sink, NioOperation operation, int result, Object payload) {
    budget--;
    sink.completed(operation.request, result, payload, true);
  }

  /** Reports the last completion of an operation. */
  void finish(CompletionSink sink, NioOperation operation, int result, @Nullable Object payload) {
    operation.endedWith(result, payload);
    report(sink, operation);
  }

  void fail(CompletionSink sink, NioOperation operation, Throwable failure) {
    finish(sink, operation, -NioErrno.of(failure), failure);
  }

  private void report(CompletionSink sink, NioOperation operation) {
    IoRequest request = operation.request;
    request.driverSlot = -1;
    request.driverState = null;
    completed.add(1);
    budget--;
    sink.completed(request, operation.result(), operation.payload(), false);
  }
}
