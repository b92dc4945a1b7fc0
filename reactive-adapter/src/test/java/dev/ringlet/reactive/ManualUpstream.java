package dev.ringlet.reactive;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** An upstream that does what the test says, and writes down what it is asked for. */
class ManualUpstream<T> implements Publisher<T>, Subscription {
  final List<Long> requests = new CopyOnWriteArrayList<>();
  final AtomicLong requested = new AtomicLong();
  final AtomicInteger cancels = new AtomicInteger();
  private volatile Subscriber<? super T> subscriber;

  /** One that fails when it is asked. */
  static <T> ManualUpstream<T> throwingFromRequest(RuntimeException failure) {
    return new ManualUpstream<>() {
      @Override
      public void request(long count) {
        throw failure;
      }
    };
  }

  @Override
  public void subscribe(Subscriber<? super T> target) {
    subscriber = target;
    target.onSubscribe(this);
  }

  @Override
  public void request(long count) {
    requests.add(count);
    requested.addAndGet(count);
  }

  @Override
  public void cancel() {
    cancels.incrementAndGet();
  }

  @SafeVarargs
  final void send(T... elements) {
    for (T element : elements) {
      subscriber.onNext(element);
    }
  }

  /** Sends elements of these numbers, each when it was asked for. */
  final void sendAsAsked(int from, int to, IntFunction<? extends T> element) {
    for (int number = from; number < to; number++) {
      awaitRequested(number + 1);
      subscriber.onNext(element.apply(number));
    }
  }

  void complete() {
    subscriber.onComplete();
  }

  void fail(Throwable failure) {
    subscriber.onError(failure);
  }

  void awaitRequested(long count) {
    TestSystem.awaitUntil(() -> requested.get() >= count);
  }

  /** A stage that is left before does not subscribe at all. */
  void awaitSubscribed() {
    TestSystem.awaitUntil(() -> subscriber != null);
  }

  void awaitCancel() {
    TestSystem.awaitUntil(() -> cancels.get() > 0);
  }
}
