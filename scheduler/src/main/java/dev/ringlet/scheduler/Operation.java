package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.spi.Errno;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One I/O operation: what the user holds, what the driver works on, and the record of who waits, in
 * one object.
 *
 * <pre>
 * from       to         by
 * NEW        STARTED    pipe, await or toCompletionStage, on the owner executor
 * NEW        DONE       cancel before the start
 * STARTED    DONE       the last completion
 * </pre>
 *
 * <p>Owner executor only, but for {@link #timeout}, {@link #toCompletionStage} and {@link #cancel},
 * which go through the executor's inbox when they come from elsewhere.
 */
abstract class Operation<T> extends Source implements IoOp<T> {
  private enum Phase {
    NEW,
    CLAIMED,
    STARTED,
    DONE
  }

  private final String name;
  private Phase phase = Phase.NEW;
  private boolean cancelled;
  private boolean timedOut;
  private boolean abandoned;
  private long timeoutNanos;
  private @Nullable Timer timeoutTimer;
  private @Nullable Receiver<T> receiver;
  private @Nullable T value;
  private @Nullable IoException failure;
  private @Nullable MemoryWait memoryWait;

  Operation(CoreExecutor executor, String name) {
    super(executor);
    this.name = name;
  }

  /** Who gets the outcome: in the driver's completion or in {@link #start}, so no user code. */
  abstract static class Receiver<T> {
    abstract void outcome(Operation<T> op);
  }

  /** What the operation works on, for messages. */
  abstract String subject();

  /** Sees to the request being submitted, now or when its turn in a queue has come. */
  abstract void begin();

  /**
   * Takes one completion of the request.
   *
   * @return true if the operation is complete; false if it was submitted again
   */
  abstract boolean step(int result, @Nullable Object payload);

  /**
   * Asks for memory; {@link #leased} is called with it, now or when there is some. Once, from
   * {@link #begin}, and for all that the operation needs: it must hold none while it waits.
   */
  final void lease(int bytes) {
    memoryWait = executor().buffers().acquireFor(this, bytes);
    if (cancelled && phase != Phase.DONE) {
      endCancelled();
    }
  }

  /** Takes the memory it has asked for. */
  void leased(IoBuffer memory) {
    throw new AssertionError(this + " has asked for no memory");
  }

  /** Its turn in the line for memory has come. */
  final void leasedLater(IoBuffer memory) {
    memoryWait = null;
    try {
      leased(memory);
    } catch (RuntimeException refused) {
      complete(-Errno.EINVAL, refused);
    }
  }

  private void leaveMemoryLine() {
    MemoryWait wait = memoryWait;
    if (wait != null) {
      memoryWait = null;
      executor().buffers().leave(wait);
    }
  }

  /**
   * Whether the operation is not with the driver but waits in a queue, or for others: it leaves
   * now, or in {@link #ended}, and ends as soon as it is cancelled.
   */
  boolean leavesQueue() {
    return false;
  }

  /** On the thread that starts it, before the executor hears of it. */
  void startedAsStage() {}

  /**
   * Gives back what the operation was given, when it has ended in whatever way, or was cancelled
   * before it began and then ends again. Before anybody hears of it.
   */
  void ended() {}

  /** Gives back a value that nobody waits for. */
  void discard(T value) {}

  /** Makes the failure, for operations that have more to tell than the error number. */
  IoException failure(int errno, @Nullable Throwable cause) {
    return new IoException(name, subject(), errno, cause);
  }

  final void succeed(@Nullable T result) {
    value = result;
  }

  final void fail(int errno, @Nullable Throwable cause) {
    failure = failure(errno, cause);
  }

  final void fail(int result, @Nullable Object payload) {
    fail(-result, payload instanceof Throwable cause ? cause : null);
  }

  @Override
  public final IoOp<T> timeout(Duration timeout) {
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("timeout: " + timeout + "; give more than zero");
    }
    if (phase != Phase.NEW) {
      throw new IllegalStateException(
          this + ": started already; call timeout() before pipe, await or toCompletionStage");
    }
    timeoutNanos = Nanos.of(timeout);
    return this;
  }

  @Override
  public final CompletionStage<T> toCompletionStage() {
    claim();
    CompletableFuture<T> stage = new ExecutorFuture<>();
    receiver = new StageReceiver<>(stage);
    startedAsStage();
    CoreExecutor home = executor();
    if (home.isCurrent()) {
      start();
    } else {
      home.send(
          new Command() {
            @Override
            void run(CoreExecutor executor) {
              try {
                start();
              } catch (RuntimeException refused) {
                stage.completeExceptionally(refused);
              }
            }

            @Override
            void refused(CoreExecutor executor) {
              stage.completeExceptionally(failure(Errno.ECANCELED, null));
            }
          });
    }
    return stage;
  }

  @Override
  public final void cancel() {
    CoreExecutor home = executor();
    if (home.isCurrent()) {
      cancelHere();
      return;
    }
    home.send(
        new Command() {
          @Override
          void run(CoreExecutor executor) {
            cancelHere();
          }

          @Override
          void refused(CoreExecutor executor) {
            // The driver's close has cancelled it already.
          }
        });
  }

  final void pipe(
      ActorCell<?> cell,
      BiFunction<? super @Nullable T, ? super @Nullable IoException, ?> adapter) {
    checkHome(cell);
    claim();
    receiver = new PipeReceiver<>(cell, adapter);
    attach(cell);
    start();
  }

  final void await(
      ActorCell<?> cell,
      BiConsumer<? super @Nullable T, ? super @Nullable IoException> continuation) {
    checkHome(cell);
    claim();
    receiver = new AwaitReceiver<>(cell, continuation);
    attach(cell);
    start();
  }

  /**
   * Starts it for a part of the runtime, which belongs to no actor. Owner executor only; the
   * outcome may come before this returns.
   */
  final void startFor(Receiver<T> part) {
    claim();
    receiver = part;
    startedAsStage();
    try {
      start();
    } catch (RuntimeException refused) {
      fail(Errno.EINVAL, refused);
      part.outcome(this);
    }
  }

  /** As {@link #startFor}, with what goes on after it, which is no user code either. */
  final void then(Consumer<Operation<T>> next) {
    startFor(
        new Receiver<>() {
          @Override
          void outcome(Operation<T> op) {
            next.accept(op);
          }
        });
  }

  final String name() {
    return name;
  }

  /** The value of a complete operation that did not fail; for receivers. */
  final @Nullable T value() {
    return value;
  }

  /** Why it has failed, or null; for receivers. */
  final @Nullable IoException failure() {
    return failure;
  }

  private void checkHome(ActorCell<?> cell) {
    if (cell.executor() != executor()) {
      throw new IllegalStateException(
          this
              + " belongs to executor "
              + executor().index()
              + ", the actor "
              + cell.path()
              + " to executor "
              + cell.executor().index()
              + "; open it through the actor's own context.io()");
    }
  }

  /** From NEW, once; any thread, but one at a time as an operation has one holder. */
  private void claim() {
    if (phase != Phase.NEW) {
      throw new IllegalStateException(this + ": started already; make a new operation");
    }
    phase = Phase.CLAIMED;
  }

  private void start() {
    phase = Phase.STARTED;
    if (cancelled || !executor().takesIo()) {
      complete(-Errno.ECANCELED, null);
      return;
    }
    if (timeoutNanos > 0) {
      timeoutTimer = new Timeout();
      executor().schedule(timeoutTimer, timeoutNanos);
    }
    try {
      begin();
    } catch (RuntimeException refused) {
      takeBack();
      throw refused;
    }
  }

  /** The driver has refused it: nothing has begun, nobody waits. */
  private void takeBack() {
    phase = Phase.DONE;
    receiver = null;
    cancelTimeout();
    ended();
    detach();
  }

  private void cancelTimeout() {
    if (timeoutTimer != null) {
      executor().cancel(timeoutTimer);
    }
  }

  private void cancelHere() {
    if (phase == Phase.DONE || cancelled) {
      return;
    }
    cancelled = true;
    if (phase != Phase.STARTED) {
      ended();
      return;
    }
    endCancelled();
  }

  /** From wherever it has come to; it may be cancelled while others make room for it. */
  private void endCancelled() {
    if (memoryWait != null || leavesQueue()) {
      complete(-Errno.ECANCELED, null);
    } else {
      cancelInFlight();
    }
  }

  /** Its time is over: as a cancel, but ETIMEDOUT is what it fails with. */
  final void expire() {
    timedOut = true;
    cancelHere();
  }

  final boolean isCancelled() {
    return cancelled;
  }

  @Override
  final void onCompletion(int result, @Nullable Object payload, boolean more) {
    assert !more;
    complete(result, payload);
  }

  /** Takes the completion of an operation, or ends one that is not with the driver. */
  final void complete(int result, @Nullable Object payload) {
    if (takeStep(result, payload)) {
      finish();
    }
  }

  /** What goes on after a part may be refused, for instance because its buffer was released. */
  private boolean takeStep(int result, @Nullable Object payload) {
    try {
      return step(result, payload);
    } catch (RuntimeException refused) {
      fail(Errno.EINVAL, refused);
      return true;
    }
  }

  private void finish() {
    phase = Phase.DONE;
    cancelTimeout();
    if (failure != null && timedOut && failure.errno() == Errno.ECANCELED) {
      fail(Errno.ETIMEDOUT, null);
    }
    leaveMemoryLine();
    ended();
    detach();
    Receiver<T> waiting = receiver;
    if (abandoned || waiting == null) {
      undelivered();
    } else {
      waiting.outcome(this);
    }
  }

  @Override
  final void abandon() {
    abandoned = true;
    detach();
    cancelHere();
  }

  @Override
  final void deliver(ActorCell<?> cell) throws Exception {
    if (receiver instanceof PipeReceiver<T> pipe) {
      cell.receiveOutcome(pipe.adapter.apply(value, failure));
    } else if (receiver instanceof AwaitReceiver<T> await) {
      await.continuation.accept(value, failure);
    } else {
      throw new AssertionError(this + ": nobody to deliver to");
    }
  }

  @Override
  final void undelivered() {
    T unwanted = value;
    value = null;
    if (unwanted != null) {
      discard(unwanted);
    }
  }

  @Override
  public final String toString() {
    return name + " " + subject();
  }

  private final class Timeout extends Timer {
    @Override
    void fire() {
      expire();
    }
  }

  private static final class PipeReceiver<T> extends Receiver<T> {
    private final ActorCell<?> cell;
    private final BiFunction<? super @Nullable T, ? super @Nullable IoException, ?> adapter;

    PipeReceiver(
        ActorCell<?> cell,
        BiFunction<? super @Nullable T, ? super @Nullable IoException, ?> adapter) {
      this.cell = cell;
      this.adapter = adapter;
    }

    @Override
    void outcome(Operation<T> op) {
      cell.enqueue(op);
    }
  }

  private static final class AwaitReceiver<T> extends Receiver<T> {
    private final ActorCell<?> cell;
    private final BiConsumer<? super @Nullable T, ? super @Nullable IoException> continuation;

    AwaitReceiver(
        ActorCell<?> cell,
        BiConsumer<? super @Nullable T, ? super @Nullable IoException> continuation) {
      this.cell = cell;
      this.continuation = continuation;
    }

    @Override
    void outcome(Operation<T> op) {
      cell.awaitCompleted(op);
    }
  }

  /** Completes the stage in a turn of the executor's own task actor: dependents are user code. */
  private static final class StageReceiver<T> extends Receiver<T> {
    private final CompletableFuture<T> stage;

    StageReceiver(CompletableFuture<T> stage) {
      this.stage = stage;
    }

    @Override
    void outcome(Operation<T> op) {
      try {
        op.executor().execute(() -> settle(op));
      } catch (RejectedExecutionException ended) {
        settle(op); // there are no turns any more
      }
    }

    private void settle(Operation<T> op) {
      boolean wanted =
          op.failure != null ? stage.completeExceptionally(op.failure) : stage.complete(op.value);
      if (!wanted) {
        op.undelivered();
      }
    }
  }
}
