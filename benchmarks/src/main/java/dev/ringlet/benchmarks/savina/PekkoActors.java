package dev.ringlet.benchmarks.savina;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** On Pekko typed, with its own defaults. */
final class PekkoActors implements Actors {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final ActorSystem<Spawn<?>> system =
      ActorSystem.create(
          Behaviors.setup(PekkoActors::guardian),
          "savina",
          ConfigFactory.parseString("pekko.log-dead-letters = off, pekko.loglevel = OFF")
              .withFallback(ConfigFactory.load()));

  private record Spawn<M>(Behavior<M> behavior, ActorRef<ActorRef<M>> replyTo) {
    void in(ActorContext<?> context) {
      replyTo.tell(context.spawnAnonymous(behavior, Props.empty()));
    }
  }

  private static Behavior<Spawn<?>> guardian(ActorContext<Spawn<?>> context) {
    return Behaviors.receiveMessage(
        spawn -> {
          spawn.in(context);
          return Behaviors.same();
        });
  }

  @Override
  public <M> Ref<M> spawn(Supplier<Body<M>> factory) {
    Function<ActorRef<ActorRef<M>>, Spawn<?>> question =
        replyTo -> new Spawn<>(behavior(factory), replyTo);
    CompletionStage<ActorRef<M>> spawned =
        AskPattern.ask(system, question::apply, PATIENCE, system.scheduler());
    return new Address<>(spawned.toCompletableFuture().join());
  }

  private static <M> Behavior<M> behavior(Supplier<Body<M>> factory) {
    return Behaviors.setup(context -> new Adapted<>(context, factory.get()));
  }

  @Override
  public void close() {
    system.terminate();
    var unused = system.getWhenTerminated().toCompletableFuture().join();
  }

  private record Address<M>(ActorRef<M> ref) implements Ref<M> {
    @Override
    public void tell(M message) {
      ref.tell(message);
    }
  }

  private static final class Adapted<M> extends AbstractBehavior<M> implements Here<M> {
    private final Body<M> body;
    private boolean stopped;

    Adapted(ActorContext<M> context, Body<M> body) {
      super(context);
      this.body = body;
    }

    @Override
    public Receive<M> createReceive() {
      return newReceiveBuilder().onAnyMessage(this::handle).build();
    }

    private Behavior<M> handle(M message) {
      body.receive(message, this);
      return stopped ? Behaviors.stopped() : this;
    }

    @Override
    public Ref<M> self() {
      return new Address<>(getContext().getSelf());
    }

    @Override
    public <C> Ref<C> spawn(Supplier<Body<C>> factory) {
      return new Address<>(getContext().spawnAnonymous(behavior(factory)));
    }

    @Override
    public <C> Ref<C> spawnSpread(Supplier<Body<C>> factory) {
      return spawn(factory);
    }

    @Override
    public void stop() {
      stopped = true;
    }
  }
}
