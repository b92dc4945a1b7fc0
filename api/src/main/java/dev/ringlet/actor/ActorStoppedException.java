package dev.ringlet.actor;

/** Tells an asker that its message was not handled, because the actor has stopped. Immutable. */
public final class ActorStoppedException extends RingletException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param path the path of the actor that has stopped
   */
  public ActorStoppedException(String path) {
    super(path + ": the actor has stopped; spawn it again, or watch it before asking");
  }
}
