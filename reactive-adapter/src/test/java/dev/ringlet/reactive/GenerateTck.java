package dev.ringlet.reactive;

import dev.ringlet.actor.ActorOptions;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import org.testng.Assert;

/** A publisher that steps a state, which is closed at the end. */
abstract class GenerateTck extends PublisherTck<Long> {
  private final AtomicInteger openStates = new AtomicInteger();

  GenerateTck(String driver) {
    super(driver);
  }

  @Override
  public void prepare(TestSystem on) {
    on.atClose(() -> Assert.assertEquals(openStates.get(), 0));
  }

  @Override
  Publisher<Long> publisher(TestSystem on, long elements) {
    return Publishers.generate(
        on.executor(),
        () -> {
          openStates.incrementAndGet();
          return new long[1];
        },
        (next, sink) -> {
          if (next[0] == elements) {
            sink.complete();
          } else {
            sink.next(next[0]++);
          }
        },
        state -> openStates.decrementAndGet(),
        ActorOptions.defaults());
  }
}
