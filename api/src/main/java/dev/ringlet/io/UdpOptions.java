package dev.ringlet.io;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a UDP socket is bound. Immutable.
 *
 * @param socket its settings
 * @param remoteAddress the only one that it sends to and receives from, or null for all
 * @param sharedPort SO_REUSEPORT and SO_REUSEADDR: several sockets bind one port; each gets every
 *     multicast datagram, and the kernel spreads the others over them
 */
public record UdpOptions(
    SocketOptions socket, @Nullable InetSocketAddress remoteAddress, boolean sharedPort) {
  private static final UdpOptions DEFAULTS = new UdpOptions(SocketOptions.defaults(), null, false);

  /** Checks the address. */
  public UdpOptions {
    if (remoteAddress != null && remoteAddress.isUnresolved()) {
      throw new IllegalArgumentException(
          "remoteAddress: " + remoteAddress + " is not resolved; resolve the name first");
    }
  }

  /**
   * Default settings, not connected, port not shared.
   *
   * @return the options
   */
  public static UdpOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets the settings.
   *
   * @param options the settings
   * @return the changed copy
   */
  public UdpOptions withSocket(SocketOptions options) {
    return new UdpOptions(options, remoteAddress, sharedPort);
  }

  /**
   * Connects the socket: it sends there, and receives from there only.
   *
   * @param address a resolved address of the local one's family
   * @return the changed copy
   */
  public UdpOptions withRemoteAddress(InetSocketAddress address) {
    return new UdpOptions(socket, address, sharedPort);
  }

  /**
   * Shares the port with other sockets.
   *
   * @return the changed copy
   */
  public UdpOptions withSharedPort() {
    return new UdpOptions(socket, remoteAddress, true);
  }
}
