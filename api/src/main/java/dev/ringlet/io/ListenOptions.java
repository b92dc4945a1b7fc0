package dev.ringlet.io;

/**
 * How a listener is bound. Immutable.
 *
 * @param backlog how many connections the kernel may hold until they are accepted, 1 to 65535
 * @param sharedPort SO_REUSEPORT: several listeners bind one port and the kernel spreads
 *     connections
 */
public record ListenOptions(int backlog, boolean sharedPort) {
  private static final ListenOptions DEFAULTS = new ListenOptions(1024, false);

  /** Checks the range. */
  public ListenOptions {
    if (backlog < 1 || backlog > 65535) {
      throw new IllegalArgumentException("backlog: " + backlog + "; give 1 to 65535");
    }
  }

  /**
   * Backlog 1024, port not shared.
   *
   * @return the options
   */
  public static ListenOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Shares the port with other listeners, usually one per executor.
   *
   * @return the changed copy
   */
  public ListenOptions withSharedPort() {
    return new ListenOptions(backlog, true);
  }

  /**
   * Sets the backlog.
   *
   * @param connections 1 to 65535
   * @return the changed copy
   */
  public ListenOptions withBacklog(int connections) {
    return new ListenOptions(connections, sharedPort);
  }
}
