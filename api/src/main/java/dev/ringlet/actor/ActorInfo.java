package dev.ringlet.actor;

/**
 * What an actor was doing when its executor was asked, see {@link ActorSystem#actors}. Immutable.
 *
 * @param path where it lives
 * @param type the class that handles its messages; an empty string before it has started
 * @param executor the index of its executor
 * @param priorityClass the name of its class
 * @param state what it was doing
 * @param mailboxSize how many messages waited for it
 */
public record ActorInfo(
    String path, String type, int executor, String priorityClass, State state, int mailboxSize) {
  /** What an actor is doing. */
  public enum State {
    /** It is about to start. */
    STARTING,

    /** It handles messages, when there are any. */
    ACTIVE,

    /** It has yielded, or awaits an operation; also in its {@code preStart}. */
    WAITING,

    /** It has failed, and waits for its children, or for the pause before its next start. */
    RESTARTING,

    /** It waits for its children to stop. */
    STOPPING
  }
}
