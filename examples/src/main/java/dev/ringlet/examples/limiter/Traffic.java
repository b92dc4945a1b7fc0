package dev.ringlet.examples.limiter;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;

/**
 * Made-up calls: the same for the same numbers. Some clients call far more than others, and all
 * together call twice as much as they may.
 *
 * @param calls how many, 1 or more
 * @param clients of how many clients, 1 or more
 * @param limits what each may
 * @param seed of the choice who calls
 */
record Traffic(int calls, int clients, Limits limits, long seed) {
  Traffic {
    if (calls < 1 || clients < 1) {
      throw new IllegalArgumentException(
          "calls: " + calls + ", clients: " + clients + "; give 1 or more");
    }
  }

  Flux<Call> flux() {
    return Flux.defer(
        () -> {
          SplittableRandom random = new SplittableRandom(seed);
          return Flux.range(0, calls).map(number -> call(number, random));
        });
  }

  private Call call(int number, SplittableRandom random) {
    double skewed = random.nextDouble() * random.nextDouble();
    double perSecond = 2.0 * clients * limits.perSecond();
    return new Call(
        (int) (skewed * clients), (long) (number / perSecond * TimeUnit.SECONDS.toNanos(1)));
  }
}
