package dev.ringlet.testkit.sim;

import dev.ringlet.spi.IoRequest;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * What a socket of the internet is bound to.
 *
 * @param shared whether others may be bound to the same, if they say so too
 * @param ipv4 whether the wildcard means IPv4
 * @param ipv6 whether the wildcard means IPv6
 */
record SimBinding(InetSocketAddress address, boolean shared, boolean ipv4, boolean ipv6) {
  static SimBinding of(InetSocketAddress address, int flags) {
    return new SimBinding(
        address,
        (flags & IoRequest.LISTEN_SHARED_PORT) != 0,
        (flags & IoRequest.LISTEN_IPV6_ONLY) == 0,
        (flags & IoRequest.LISTEN_IPV4_ONLY) == 0);
  }

  SimBinding withPort(int port) {
    return new SimBinding(new InetSocketAddress(address.getAddress(), port), shared, ipv4, ipv6);
  }

  int port() {
    return address.getPort();
  }

  boolean isWildcard() {
    return address.getAddress().isAnyLocalAddress();
  }

  /** Whether it hears of what goes to an address, the port being its own. */
  boolean takes(InetAddress to) {
    return isWildcard()
        ? to instanceof Inet4Address ? ipv4 : ipv6
        : address.getAddress().equals(to);
  }

  /** Whether both cannot be, the port being the same. */
  boolean isAgainst(SimBinding other) {
    if (shared && other.shared) {
      return false;
    }
    if (isWildcard() && other.isWildcard()) {
      return (ipv4 && other.ipv4) || (ipv6 && other.ipv6);
    }
    return takes(other.address.getAddress()) || other.takes(address.getAddress());
  }
}
