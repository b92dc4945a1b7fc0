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
   * @throws IllegalArgumentException if the name is blank or has a {@code '/'} in it
   */
  ActorSystem create(String name, ExecutorPool pool);

  /**
   * Makes a system that is stepped by hand, on the calling thread. It starts no threads, but for
   * those of the NIO driver, and watches no directories.
   *
   * @param name its name
   * @param pool its settings; placement, spinning, driver and stall detection are not looked at; as
   *     many executors as it says, one if it leaves that to the machine
   * @param stepping its clock, its drivers, and what is left to chance
   * @return the system, at rest
   * @throws IllegalArgumentException as {@link #create}
   * @throws RingletException if a driver cannot be set up
   */
  SystemStepper createStepped(String name, ExecutorPool pool, Stepping stepping);

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
