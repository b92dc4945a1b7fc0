package dev.ringlet.scheduler;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;

/** In which order the addresses of a host are tried: RFC 8305, section 4. Any thread. */
final class AddressOrder {
  private AddressOrder() {}

  /** IPv6 and IPv4 in turns, IPv6 first; within a family the order is kept, and each comes once. */
  static List<InetAddress> interleave(List<InetAddress> found) {
    Deque<InetAddress> first = new ArrayDeque<>();
    Deque<InetAddress> second = new ArrayDeque<>();
    for (InetAddress address : new LinkedHashSet<>(found)) {
      (address instanceof Inet6Address ? first : second).add(address);
    }
    List<InetAddress> ordered = new ArrayList<>(first.size() + second.size());
    while (!first.isEmpty() || !second.isEmpty()) {
      if (!first.isEmpty()) {
        ordered.add(first.remove());
      }
      if (!second.isEmpty()) {
        ordered.add(second.remove());
      }
    }
    return ordered;
  }
}
