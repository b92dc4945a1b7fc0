package dev.ringlet.spi;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.RingletException;
import dev.ringlet.executor.ExecutorPool;
import java.util.ServiceLoader;

/** Makes actor systems; found by {@link ServiceLoader}. <b>Thread:</b> any thread. */
public interface ActorSystemProvider {
  /**
   * Starts a system.
   *
   * @param name its name
   * @param pool its settings
   * @return the running system
   */
  ActorSystem create(String name, ExecutorPool pool);

  /**
   * Makes a system that is stepped by hand.
   *
   * @param name its name
   * @param pool its settings; placement, spinning and driver are not looked at
   * @param ticker its clock
   * @return the system, at rest
   */
  SystemStepper createStepped(String name, ExecutorPool pool, Ticker ticker);

  /**
   * Finds the provider.
   *
   * @return the first one
   * @throws RingletException if there is none
   */
  static ActorSystemProvider load() {
    return ServiceLoader.load(ActorSystemProvider.class, ActorSystemProvider.class.getClassLoader())
        .findFirst()
        .orElseThrow(
            () ->
                new RingletException(
                    "no scheduler found; add the artifact dev.ringlet:ringlet-scheduler to the class"
                        + " or module path"));
  }
}
