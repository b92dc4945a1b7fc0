package dev.ringlet.io;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a connection is made. Immutable. How long that may take is {@link IoOp#timeout}'s matter.
 *
 * @param socket the settings of the connection
 * @param localAddress where it comes from, or null to let the kernel choose
 */
public record ConnectOptions(SocketOptions socket, @Nullable InetSocketAddress localAddress) {
  private static final ConnectOptions DEFAULTS = new ConnectOptions(SocketOptions.defaults(), null);

  /** Checks the address. */
  public ConnectOptions {
    if (localAddress != null && localAddress.isUnresolved()) {
      throw new IllegalArgumentException(
          "localAddress: " + localAddress + " is not resolved; resolve the name first");
    }
  }

  /**
   * From where the kernel chooses, with the default settings.
   *
   * @return the options
   */
  public static ConnectOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets the connection's settings.
   *
   * @param options the settings
   * @return the changed copy
   */
  public ConnectOptions withSocket(SocketOptions options) {
    return new ConnectOptions(options, localAddress);
  }

  /**
   * Sets where the connection comes from.
   *
   * @param address a local address of the remote one's family; port 0 lets the kernel choose, with
   *     another one SO_REUSEADDR is set, so that a port that was given like this can be used again
   *     while an earlier connection of it lingers
   * @return the changed copy
   */
  public ConnectOptions withLocalAddress(InetSocketAddress address) {
    return new ConnectOptions(socket, address);
  }
}
