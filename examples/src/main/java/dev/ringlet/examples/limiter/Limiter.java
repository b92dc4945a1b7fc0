package dev.ringlet.examples.limiter;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import io.micrometer.context.ContextSnapshot;
import java.util.HashMap;
import java.util.Map;

/** One shard of the limiter: it has the buckets of its clients to itself. */
final class Limiter implements Actor<Limiter.Ask> {
  private final int shard;
  private final Limits limits;
  private final Map<Integer, Bucket> buckets = new HashMap<>();

  /**
   * The question whether a call may go on.
   *
   * @param call the call
   * @param known what the subscriber of the pipeline knows of the request, for the shard's thread
   * @param replyTo who asks
   */
  record Ask(Call call, ContextSnapshot known, ActorRef<Verdict> replyTo) {}

  Limiter(int shard, Limits limits) {
    this.shard = shard;
    this.limits = limits;
  }

  @Override
  public void receive(Ask ask, ActorContext<Ask> context) {
    ask.known().wrap(() -> ask.replyTo().tell(decide(ask.call()))).run();
  }

  private Verdict decide(Call call) {
    Bucket bucket =
        buckets.computeIfAbsent(call.client(), client -> new Bucket(limits, call.atNanos()));
    return new Verdict(bucket.take(call.atNanos()), shard, Trace.current());
  }
}
