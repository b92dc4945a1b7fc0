package dev.ringlet.benchmarks.reactive;

import java.util.concurrent.Executor;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The numbers from 0, of no library: Reactor guards subscribers that are not its own by two atomic
 * updates an element, and would do so before our stage, but not before its own.
 *
 * @param thread who gives them; a thread, or the one that asks
 */
record PlainRange(int count, Executor thread) implements Publisher<Integer> {
  @Override
  public void subscribe(Subscriber<? super Integer> subscriber) {
    subscriber.onSubscribe(new Range(subscriber, count, thread));
  }

  private static final class Range implements Subscription {
    private final Subscriber<? super Integer> subscriber;
    private final int count;
    private final Executor thread;
    private int next;
    private long requested;
    private boolean running;

    Range(Subscriber<? super Integer> subscriber, int count, Executor thread) {
      this.subscriber = subscriber;
      this.count = count;
      this.thread = thread;
    }

    @Override
    public void request(long more) {
      thread.execute(() -> give(more));
    }

    /** On the thread, or where it was asked within an element. */
    private void give(long more) {
      requested += more;
      if (running) {
        return;
      }
      running = true;
      while (requested > 0 && next < count) {
        requested--;
        subscriber.onNext(next++);
      }
      running = false;
      if (next == count) {
        next++;
        subscriber.onComplete();
      }
    }

    @Override
    public void cancel() {
      thread.execute(() -> next = count + 1);
    }
  }
}
