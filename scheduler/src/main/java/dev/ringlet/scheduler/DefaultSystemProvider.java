package dev.ringlet.scheduler;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.spi.ActorSystemProvider;
import dev.ringlet.spi.Stepping;
import dev.ringlet.spi.SystemStepper;
import dev.ringlet.spi.Ticker;

/** Starts systems of this runtime; made by the service loader. <b>Thread:</b> any thread. */
public final class DefaultSystemProvider implements ActorSystemProvider {
  /** For the service loader. */
  public DefaultSystemProvider() {}

  @Override
  public ActorSystem create(String name, ExecutorPool pool) {
    return DefaultActorSystem.start(name, pool, Ticker.SYSTEM);
  }

  @Override
  public SystemStepper createStepped(String name, ExecutorPool pool, Stepping stepping) {
    return new Stepper(name, pool, stepping);
  }
}
