package dev.ringlet.benchmarks.savina;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** On Ringlet. */
final class RingletActors implements Actors {
  private final ActorSystem system;
  private final List<ActorOptions> places;
  private final AtomicInteger next = new AtomicInteger();

  RingletActors(String driver) {
    system = ActorSystem.create("savina", ExecutorPool.defaults().withDriver(driver));
    places =
        system.executors().stream()
            .map(executor -> ActorOptions.defaults().onExecutor(executor))
            .toList();
  }

  private ActorOptions nextPlace() {
    return places.get(Math.floorMod(next.getAndIncrement(), places.size()));
  }

  @Override
  public <M> Ref<M> spawn(Supplier<Body<M>> factory) {
    return new Address<>(system.spawn(() -> new Adapted<>(this, factory.get()), nextPlace()));
  }

  @Override
  public void close() {
    system.close();
  }

  private record Address<M>(ActorRef<M> ref) implements Ref<M> {
    @Override
    public void tell(M message) {
      ref.tell(message);
    }
  }

  private static final class Adapted<M> implements Actor<M>, Here<M> {
    private final RingletActors actors;
    private final Body<M> body;
    private ActorContext<M> context;

    @SuppressWarnings("NullAway.Init") // set by preStart
    Adapted(RingletActors actors, Body<M> body) {
      this.actors = actors;
      this.body = body;
    }

    @Override
    public void preStart(ActorContext<M> own) {
      context = own;
    }

    @Override
    public void receive(M message, ActorContext<M> own) {
      body.receive(message, this);
    }

    @Override
    public Ref<M> self() {
      return new Address<>(context.self());
    }

    @Override
    public <C> Ref<C> spawn(Supplier<Body<C>> factory) {
      return new Address<>(
          context.spawn(() -> new Adapted<>(actors, factory.get()), ActorOptions.defaults()));
    }

    @Override
    public <C> Ref<C> spawnSpread(Supplier<Body<C>> factory) {
      return new Address<>(
          context.spawn(() -> new Adapted<>(actors, factory.get()), actors.nextPlace()));
    }

    @Override
    public void stop() {
      context.stop();
    }
  }
}
