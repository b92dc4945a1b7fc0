package dev.ringlet.scheduler;

/**
 * A mailbox entry that is more than a plain message: the cell asks it to deliver itself. A class
 * and not an interface, because the check stands on the path of every message and is one load and
 * one compare this way.
 */
abstract class Envelope {
  /** Runs in a turn of the cell; may call user code and may throw what it throws. */
  abstract void deliver(ActorCell<?> cell) throws Exception;

  /** The cell has stopped before this could be delivered. Must not throw. */
  abstract void undelivered(ActorCell<?> cell);
}
