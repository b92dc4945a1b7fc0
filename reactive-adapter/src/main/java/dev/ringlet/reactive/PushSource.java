package dev.ringlet.reactive;

import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.reactive.PushOptions.Overflow;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;

/**
 * What the pushing threads and the actor of the subscriber share. Any thread, but for what says
 * otherwise.
 *
 * <p>Elements wait in a ring and do not travel as messages: there they are counted by the offer
 * itself, wait before there is an actor, and can be dropped and given back by any thread; an offer
 * allocates nothing, and costs a message only when the actor rests.
 *
 * <p>Once abandoned, elements are given back by whoever has abandoned the source, or by the offer
 * that was going on: it fills its place and then looks, the other one marks the source and then
 * takes what it finds.
 */
final class PushSource<T> implements PushPublisher<T> {
  private final int capacity;
  private final Overflow overflow;
  private final Discard<T> discard;
  private final PushRing<T> ring;
  private final ActorPublisher<T> publisher;
  private final Waker waker = new Waker();
  private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();

  /** Set before the ring is closed, but for a subscriber that has gone. */
  private final AtomicReference<@Nullable End> end = new AtomicReference<>();

  /** Nobody takes an element any more. */
  private volatile boolean abandoned;

  /** The one subscriber has come. Executor only. */
  private boolean claimed;

  PushSource(ActorExecutor executor, PushOptions<T> options) {
    this.capacity = options.capacity();
    this.overflow = options.overflow();
    this.discard = options.discard();
    this.ring = new PushRing<>(capacity);
    this.publisher =
        new ActorPublisher<>(
            executor,
            options.actor().withSupervision(Supervision.stop()),
            Names.of(options.actor(), "push"),
            subscription -> () -> new PushActor<>(this, subscription));
  }

  // ---- those who push

  @Override
  public boolean offer(T element) {
    Objects.requireNonNull(element, "element");
    PushRing.Answer answer = ring.offer(element);
    while (answer == PushRing.Answer.FULL && overflow == Overflow.DROP_OLDEST) {
      if (ring.isClosed()) {
        return false; // nothing has to make room any more
      }
      dropOldest();
      answer = ring.offer(element);
    }
    return switch (answer) {
      case KEPT -> kept();
      case FULL -> hasNoRoom(element);
      case CLOSED -> false;
    };
  }

  private void dropOldest() {
    T oldest = ring.poll();
    if (oldest == null) {
      // Others have made room, or its place is claimed and not yet filled.
      PushRing.giveWay();
    } else {
      discard.accept(oldest);
    }
  }

  private boolean kept() {
    if (abandoned) {
      giveBackAll();
    }
    waker.wake();
    return true;
  }

  private boolean hasNoRoom(T element) {
    if (overflow == Overflow.DROP_NEWEST) {
      discard.accept(element);
      return true;
    }
    if (overflow == Overflow.FAIL) {
      fail(
          new IllegalStateException(
              "capacity: "
                  + capacity
                  + "; one element more was offered while as many waited for the subscriber; give"
                  + " more room, or an overflow policy that drops or rejects"));
    }
    return false;
  }

  @Override
  public void complete() {
    end(new End(null));
  }

  @Override
  public void fail(Throwable failure) {
    end(new End(Objects.requireNonNull(failure, "failure")));
  }

  /** The first end counts; whoever comes second still finds it closed when it returns. */
  private void end(End how) {
    boolean unused = end.compareAndSet(null, how);
    ring.close();
    waker.wake();
  }

  @Override
  public void close() {
    cutOff(new CancellationException("the push source was closed before its stream was over"));
  }

  /** Ends it without what waits: never regularly, for a subscriber may still listen. */
  void cutOff(Throwable failure) {
    end.updateAndGet(known -> known == null || known.failure() == null ? new End(failure) : known);
    abandon();
    waker.wake();
  }

  @Override
  public boolean isClosed() {
    return ring.isClosed();
  }

  @Override
  public CompletionStage<@Nullable Void> whenOver() {
    return over.minimalCompletionStage();
  }

  // ---- the subscriber and its actor

  @Override
  public void subscribe(Subscriber<? super T> subscriber) {
    publisher.subscribe(subscriber);
  }

  /** True for the actor of the first subscriber. Executor only. */
  boolean claim() {
    boolean first = !claimed;
    claimed = true;
    return first;
  }

  Waker waker() {
    return waker;
  }

  /** The next element; null if none is there now. */
  @Nullable T poll() {
    return ring.poll();
  }

  /** Gives a polled element back. */
  void giveBack(T element) {
    discard.accept(element);
  }

  /** Whether it has ended and no element comes any more. */
  boolean isDrained() {
    return ring.isDrained();
  }

  /** Why it has ended; null if regularly. Only once it is drained. */
  @Nullable Throwable failure() {
    return Objects.requireNonNull(end.get(), "end").failure();
  }

  /** Takes no element any more and gives back those that wait. */
  void abandon() {
    ring.close();
    abandoned = true;
    giveBackAll();
    boolean unused = over.complete(null);
  }

  private void giveBackAll() {
    T element = ring.poll();
    while (element != null) {
      discard.accept(element);
      element = ring.poll();
    }
  }

  private record End(@Nullable Throwable failure) {}
}
