package dev.ringlet.io;

import java.net.StandardProtocolFamily;
import org.jspecify.annotations.Nullable;

/**
 * How a listener is bound. Immutable.
 *
 * <p>The wildcard address, of either family, listens for IPv4 and IPv6 alike where the machine has
 * both, as Java's own sockets do; {@link #withFamily} chooses one. SO_REUSEADDR is always set: a
 * port can be bound again while earlier connections of it linger in TIME_WAIT, but never while
 * another listener has it.
 *
 * @param backlog how many connections the kernel may hold until they are accepted, 1 to 65535
 * @param sharedPort SO_REUSEPORT: several listeners bind one port and the kernel spreads
 *     connections
 * @param family INET for IPv4 only, INET6 for IPv6 only, or null for what the address says
 * @param socket the settings of accepted connections
 */
public record ListenOptions(
    int backlog,
    boolean sharedPort,
    @Nullable StandardProtocolFamily family,
    SocketOptions socket) {
  private static final ListenOptions DEFAULTS =
      new ListenOptions(1024, false, null, SocketOptions.defaults());

  /** Checks the ranges. */
  public ListenOptions {
    if (backlog < 1 || backlog > 65535) {
      throw new IllegalArgumentException("backlog: " + backlog + "; give 1 to 65535");
    }
    if (family == StandardProtocolFamily.UNIX) {
      throw new IllegalArgumentException("family: " + family + "; give INET or INET6");
    }
  }

  /**
   * Backlog 1024, port not shared, the family of the address, both for the wildcard, default
   * settings for connections.
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
    return new ListenOptions(backlog, true, family, socket);
  }

  /**
   * Sets the backlog.
   *
   * @param connections 1 to 65535
   * @return the changed copy
   */
  public ListenOptions withBacklog(int connections) {
    return new ListenOptions(connections, sharedPort, family, socket);
  }

  /**
   * Listens for one family only. IPv6 only (IPV6_V6ONLY) is not possible with the NIO driver, where
   * the listen fails and says so; give a concrete IPv6 address there.
   *
   * @param chosen INET or INET6
   * @return the changed copy
   */
  public ListenOptions withFamily(StandardProtocolFamily chosen) {
    return new ListenOptions(backlog, sharedPort, chosen, socket);
  }

  /**
   * Sets the settings of accepted connections.
   *
   * @param options the settings
   * @return the changed copy
   */
  public ListenOptions withSocket(SocketOptions options) {
    return new ListenOptions(backlog, sharedPort, family, options);
  }
}
