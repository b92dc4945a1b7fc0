package dev.ringlet.spi;

import dev.ringlet.actor.ActorSystem;

/**
 * A system without threads: all executors run on the thread that made it, one turn at a time, when
 * they are told. For test kits. <b>Thread:</b> the one that made it.
 */
public interface SystemStepper {
  /**
   * The system; its {@code close()} steps it to its end.
   *
   * @return the system
   */
  ActorSystem system();

  /**
   * One turn of each executor, by index.
   *
   * @return whether any had something to do
   */
  boolean step();

  /**
   * How long until a timer or delay may be due.
   *
   * @return nanoseconds; {@link Long#MAX_VALUE} if there is none
   */
  long nanosToNext();
}
