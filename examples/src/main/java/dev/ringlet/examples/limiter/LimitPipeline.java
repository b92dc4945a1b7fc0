package dev.ringlet.examples.limiter;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.ShardedRef;
import dev.ringlet.reactive.AskOptions;
import dev.ringlet.reactive.DemandOptions;
import dev.ringlet.reactive.Processors;
import io.micrometer.context.ContextSnapshot;
import java.time.Duration;
import reactor.core.publisher.Flux;

/**
 * Calls go in, verdicts come out, in order; in between each call is a question to the shard that
 * has the client's bucket. Any thread.
 */
final class LimitPipeline {
  /** Far longer than a shard is ever busy. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final ActorSystem system;
  private final ShardedRef<Limiter.Ask> limiter;
  private final int parallelism;

  /**
   * Starts the service.
   *
   * @param parallelism how many calls are with the shards at most
   */
  LimitPipeline(ActorSystem system, Limits limits, int parallelism) {
    this.system = system;
    this.parallelism = parallelism;
    this.limiter =
        system.spawnSharded(
            "limiter", shard -> new Limiter(shard, limits), ask -> ask.call().client());
  }

  /**
   * Puts the service behind a stream of calls.
   *
   * <p>A stage that is no operator of Reactor does not hand its subscriber's context on by itself.
   * Here it goes both ways: to the shards with each question, and to the operators before the stage
   * by {@code contextWrite}.
   */
  Flux<Verdict> verdicts(Flux<Call> calls) {
    return calls.transformDeferredContextual(
        (source, context) -> ask(source.contextWrite(context), Trace.of(context)));
  }

  private Flux<Verdict> ask(Flux<Call> calls, ContextSnapshot known) {
    return Flux.from(
        Processors.<Call, Limiter.Ask, Verdict>askEach(
            calls,
            system.executors().get(0),
            limiter,
            (call, replyTo) -> new Limiter.Ask(call, known, replyTo),
            AskOptions.ordered(parallelism, TIMEOUT),
            DemandOptions.batch(parallelism)));
  }
}
