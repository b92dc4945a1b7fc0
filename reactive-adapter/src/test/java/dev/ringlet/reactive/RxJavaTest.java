package dev.ringlet.reactive;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import org.reactivestreams.Publisher;

/** With RxJava 3. */
final class RxJavaTest extends RoundTripContract {
  @Override
  Publisher<Long> operate(Publisher<Long> upstream) {
    return Flowable.fromPublisher(upstream)
        .buffer(10)
        .observeOn(Schedulers.computation(), true, 4)
        .concatMapIterable(numbers -> numbers);
  }
}
