package dev.ringlet.testkit.sim;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * The ports of one protocol on one machine, and the sockets bound to them. The simulation's thread.
 *
 * @param <T> the sockets
 */
final class SimPorts<T extends SimPorts.Bound> {
  /** As Linux has it: {@code ip_local_port_range}. */
  private static final int FIRST_EPHEMERAL = 32768;

  private static final int EPHEMERALS = 28232;

  private final Map<Integer, List<T>> bound = new TreeMap<>();

  /** A socket with an address. */
  interface Bound {
    SimBinding binding();
  }

  /** Whether a socket could be bound like this. */
  boolean isFree(SimBinding binding) {
    for (T other : at(binding.port())) {
      if (other.binding().isAgainst(binding)) {
        return false;
      }
    }
    return true;
  }

  List<T> at(int port) {
    return bound.getOrDefault(port, List.of());
  }

  void add(T socket) {
    bound.computeIfAbsent(socket.binding().port(), port -> new ArrayList<>(1)).add(socket);
  }

  void remove(T socket) {
    List<T> sockets = bound.get(socket.binding().port());
    if (sockets != null && sockets.remove(socket) && sockets.isEmpty()) {
      bound.remove(socket.binding().port());
    }
  }

  /** Those that hear of what goes to an address: those of the very address before the wildcard. */
  List<T> matching(InetAddress to, int port) {
    List<T> exact = new ArrayList<>(1);
    List<T> wildcards = new ArrayList<>(1);
    for (T socket : at(port)) {
      if (socket.binding().takes(to)) {
        (socket.binding().isWildcard() ? wildcards : exact).add(socket);
      }
    }
    return exact.isEmpty() ? wildcards : exact;
  }

  /** An ephemeral port that is free, or 0 if there is none. */
  static int choose(SimRandom random, IntPredicate isFree) {
    int start = random.index(EPHEMERALS);
    for (int i = 0; i < EPHEMERALS; i++) {
      int port = FIRST_EPHEMERAL + (start + i) % EPHEMERALS;
      if (isFree.test(port)) {
        return port;
      }
    }
    return 0;
  }
}
