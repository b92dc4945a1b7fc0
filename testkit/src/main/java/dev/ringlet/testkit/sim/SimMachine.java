package dev.ringlet.testkit.sim;

import dev.ringlet.spi.Errno;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine of the simulated network: its addresses, its ports, and its names of the Unix domain.
 * The simulation's thread.
 */
final class SimMachine {
  private static final InetAddress IPV4_LOOPBACK = address(127, 0, 0, 1);
  private static final InetAddress IPV6_LOOPBACK =
      address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

  /** What a machine that has no address of its own sends from. */
  private static final InetAddress IPV4_OF_ITS_OWN = address(10, 0, 0, 1);

  private static final InetAddress IPV6_OF_ITS_OWN =
      address(0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

  private final SimNetwork network;

  /** Null if it has all addresses that are nobody else's. */
  private final @Nullable InetAddress own;

  private final SimPorts<SimListener> listeners = new SimPorts<>();
  private final SimPorts<SimUdpSocket> udpSockets = new SimPorts<>();
  private final SimUnixNames unixNames;

  SimMachine(SimNetwork network, SimDisk disk, @Nullable InetAddress own) {
    this.network = network;
    this.own = own;
    this.unixNames = new SimUnixNames(disk);
  }

  private static InetAddress address(int... bytes) {
    byte[] raw = new byte[bytes.length];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (byte) bytes[i];
    }
    try {
      return InetAddress.getByAddress(raw);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  boolean has(InetAddress address) {
    if (address.isLoopbackAddress()) {
      return true;
    }
    return own == null ? network.isNobodys(address) : own.equals(address);
  }

  /** Where what goes to an address comes from. */
  InetAddress source(InetAddress to) {
    boolean ipv4 = to instanceof Inet4Address;
    if (to.isLoopbackAddress()) {
      return ipv4 ? IPV4_LOOPBACK : IPV6_LOOPBACK;
    }
    if (own != null && ipv4 == own instanceof Inet4Address) {
      return own;
    }
    if (own == null && has(to)) {
      return to;
    }
    return ipv4 ? IPV4_OF_ITS_OWN : IPV6_OF_ITS_OWN;
  }

  /** What the wildcard stands for where something goes to it. */
  static InetSocketAddress target(InetSocketAddress to) {
    if (to.isUnresolved() || !to.getAddress().isAnyLocalAddress()) {
      return to;
    }
    boolean ipv4 = to.getAddress() instanceof Inet4Address;
    return new InetSocketAddress(ipv4 ? IPV4_LOOPBACK : IPV6_LOOPBACK, to.getPort());
  }

  /** 0, or the error number that tells why a socket cannot be bound to an address. */
  int check(InetSocketAddress address) {
    if (address.isUnresolved()) {
      return Errno.EINVAL;
    }
    InetAddress ip = address.getAddress();
    boolean group = ip.isMulticastAddress();
    return ip.isAnyLocalAddress() || group || has(ip) ? 0 : Errno.EADDRNOTAVAIL;
  }

  /** With a port, which is chosen if there is none; null if it is taken. */
  <T extends SimPorts.Bound> @Nullable SimBinding bind(SimPorts<T> ports, SimBinding wanted) {
    if (wanted.port() != 0) {
      return ports.isFree(wanted) ? wanted : null;
    }
    int port =
        SimPorts.choose(network.random(), candidate -> ports.isFree(wanted.withPort(candidate)));
    return port == 0 ? null : wanted.withPort(port);
  }

  SimPorts<SimListener> listeners() {
    return listeners;
  }

  SimPorts<SimUdpSocket> udpSockets() {
    return udpSockets;
  }

  /** Who hears of a connection to an address: of those who share the port any one. */
  @Nullable SimListener listener(InetSocketAddress to) {
    List<SimListener> matching = listeners.matching(to.getAddress(), to.getPort());
    return switch (matching.size()) {
      case 0 -> null;
      case 1 -> matching.get(0);
      default -> matching.get(network.random().index(matching.size()));
    };
  }

  /** Who hears of a datagram: before others who is connected to its sender. */
  @Nullable SimUdpSocket udpSocket(InetSocketAddress to, InetSocketAddress sender) {
    List<SimUdpSocket> hearing =
        udpSockets.matching(to.getAddress(), to.getPort()).stream()
            .filter(socket -> socket.hears(sender))
            .toList();
    for (SimUdpSocket socket : hearing) {
      if (socket.isConnected()) {
        return socket;
      }
    }
    return hearing.isEmpty() ? null : hearing.get(network.random().index(hearing.size()));
  }

  SimUnixNames unixNames() {
    return unixNames;
  }

  @Override
  public String toString() {
    return own == null ? "the machine" : "machine " + own.getHostAddress();
  }
}
