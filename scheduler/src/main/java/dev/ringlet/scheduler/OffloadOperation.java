package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An operation that the driver does not have: it runs on the threads for what blocks. It can always
 * end at once on this side; what its work gives after that is dropped. Owner executor only, but for
 * the work.
 */
final class OffloadOperation<T> extends Operation<T> {
  private final String subject;
  private final Callable<T> work;
  private final Consumer<T> drop;
  private boolean over;

  /**
   * @param drop gives back a value that nobody waits for; any thread
   */
  OffloadOperation(
      CoreExecutor executor, String name, String subject, Callable<T> work, Consumer<T> drop) {
    super(executor, name);
    this.subject = subject;
    this.work = work;
    this.drop = drop;
  }

  @Override
  String subject() {
    return subject;
  }

  @Override
  void begin() {
    executor().io().offloaded(this);
    CompletionStage<T> running = executor().system().offload(work);
    running.whenComplete((value, failure) -> executor().runOrSend(new Done(value, failure), false));
  }

  @Override
  boolean step(int result, @Nullable Object payload) {
    if (result < 0) {
      fail(result, payload);
    } else {
      @SuppressWarnings("unchecked") // the work's
      T value = (T) payload;
      succeed(value);
    }
    return true;
  }

  @Override
  boolean leavesQueue() {
    return true;
  }

  @Override
  void ended() {
    over = true;
    executor().io().ended(this);
  }

  @Override
  void discard(T value) {
    drop.accept(value);
  }

  private final class Done extends Command {
    private final @Nullable T value;
    private final @Nullable Throwable failure;

    Done(@Nullable T value, @Nullable Throwable failure) {
      this.value = value;
      this.failure = failure;
    }

    @Override
    void run(CoreExecutor executor) {
      if (over) {
        dropped();
      } else if (failure == null) {
        complete(0, value);
      } else {
        boolean tooMuch = failure instanceof RejectedExecutionException;
        complete(tooMuch ? -Errno.EAGAIN : -NioErrno.of(failure), failure);
      }
    }

    /** Whoever waited was told when the driver was closed. */
    @Override
    void refused(CoreExecutor executor) {
      dropped();
    }

    private void dropped() {
      if (value != null) {
        drop.accept(value);
      }
    }
  }
}
