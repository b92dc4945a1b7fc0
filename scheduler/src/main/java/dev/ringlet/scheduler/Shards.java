package dev.ringlet.scheduler;

import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ShardedRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** One actor per executor, and whose key is whose. Any thread. */
final class Shards<M> implements ShardedRef<M>, Recipient<M> {
  /** 2^64 divided by the golden ratio: neighbouring hash codes go to different shards. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final String path;
  private final List<ActorRef<M>> shards;
  private final Function<? super M, ?> keyOf;

  Shards(String path, List<ActorRef<M>> shards, Function<? super M, ?> keyOf) {
    this.path = path;
    this.shards = List.copyOf(shards);
    this.keyOf = keyOf;
  }

  @Override
  public List<ActorRef<M>> shards() {
    return shards;
  }

  @Override
  public ActorRef<M> shardOf(Object key) {
    long spread = (key.hashCode() * SPREAD) >>> 32;
    return shards.get((int) ((spread * shards.size()) >>> 32));
  }

  private ActorRef<M> shardFor(M message) {
    Object key =
        Objects.requireNonNull(
            keyOf.apply(Objects.requireNonNull(message, "message")),
            "keyOf gave null; every message needs a key, or goes to all");
    return shardOf(key);
  }

  @Override
  public void tell(M message) {
    shardFor(message).tell(message);
  }

  @Override
  public boolean tryTell(M message) {
    return shardFor(message).tryTell(message);
  }

  @Override
  public void tellAll(M message) {
    shards.forEach(shard -> shard.tell(message));
  }

  @Override
  public ActorCell<?> cellFor(M message) {
    return (ActorCell<?>) shardFor(message);
  }

  @Override
  public Object entryFor(M message) {
    return cellFor(message).entryFor(message);
  }

  @Override
  public DefaultActorSystem system() {
    return ((ActorCell<?>) shards.get(0)).system();
  }

  @Override
  public <R> CompletionStage<R> ask(
      Function<? super ActorRef<R>, ? extends M> message, Duration timeout) {
    return AskPromise.ask(this, message, timeout);
  }

  @Override
  public <R> CompletionStage<List<R>> askAll(
      Function<? super ActorRef<R>, ? extends M> message, Duration timeout) {
    List<CompletableFuture<R>> replies = new ArrayList<>();
    for (ActorRef<M> shard : shards) {
      replies.add(shard.<R>ask(message, timeout).toCompletableFuture());
    }
    ExecutorFuture<List<R>> all = new ExecutorFuture<>();
    var unused =
        CompletableFuture.allOf(replies.toArray(new CompletableFuture<?>[0]))
            .whenComplete(
                (nothing, failure) -> {
                  if (failure == null) {
                    all.complete(replies.stream().map(CompletableFuture::join).toList());
                  } else {
                    all.completeExceptionally(StageOutcome.unwrap(failure));
                  }
                });
    return all;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String toString() {
    return path;
  }
}
