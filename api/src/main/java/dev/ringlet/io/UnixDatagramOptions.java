package dev.ringlet.io;

import org.jspecify.annotations.Nullable;

/**
 * How a datagram socket of the Unix domain is bound. Immutable.
 *
 * @param socket its settings: buffer sizes and the output limit
 * @param remoteAddress the only one that it sends to and receives from, or null for all
 */
public record UnixDatagramOptions(SocketOptions socket, @Nullable UnixAddress remoteAddress) {
  private static final UnixDatagramOptions DEFAULTS =
      new UnixDatagramOptions(SocketOptions.defaults(), null);

  /**
   * Default settings, not connected.
   *
   * @return the options
   */
  public static UnixDatagramOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets the settings.
   *
   * @param options the settings
   * @return the changed copy
   */
  public UnixDatagramOptions withSocket(SocketOptions options) {
    return new UnixDatagramOptions(options, remoteAddress);
  }

  /**
   * Connects the socket: it sends there, and receives from there only. Somebody must be bound there
   * already.
   *
   * @param address where to
   * @return the changed copy
   */
  public UnixDatagramOptions withRemoteAddress(UnixAddress address) {
    return new UnixDatagramOptions(socket, address);
  }
}
