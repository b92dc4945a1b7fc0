package dev.ringlet.scheduler;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A stage that comes from an executor, and that no executor's thread may wait for: it would wait
 * for itself, or for one that waits for it. Any thread.
 */
class ExecutorFuture<T extends @Nullable Object> extends CompletableFuture<T> {
  @Override
  public T get() throws InterruptedException, ExecutionException {
    checkMayBlock();
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    checkMayBlock();
    return super.get(timeout, unit);
  }

  @Override
  public T join() {
    checkMayBlock();
    return super.join();
  }

  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    return new ExecutorFuture<>();
  }

  private void checkMayBlock() {
    if (!isDone()) {
      CoreExecutor.checkMayBlock("waiting for a stage");
      QuestionClock.checkMayBlock("waiting for a stage");
    }
  }
}
