package dev.ringlet.examples.tail;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.TaskOptions;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.reactive.Publishers;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Files of one executor, as Reactor has them. Any thread.
 *
 * @param executor where all signals come from
 * @param io its I/O
 */
record Disk(ActorExecutor executor, Io io) {
  /** On the first executor of a system. */
  static Disk of(ActorSystem system) {
    ActorExecutor executor = system.executors().get(0);
    TaskOptions there = TaskOptions.defaults().onExecutor(executor);
    return new Disk(executor, system.<Io>submit(ActorContext::io, there).join());
  }

  <T> Mono<T> one(Supplier<? extends IoOp<T>> op) {
    return Mono.fromDirect(Publishers.one(executor, op));
  }

  <T> Flux<T> all(IoStream<T> stream) {
    return Flux.from(Publishers.from(stream));
  }
}
