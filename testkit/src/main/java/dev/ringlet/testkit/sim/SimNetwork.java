package dev.ringlet.testkit.sim;

import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoRequest;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of a simulation, and what is between them. Hosts are addresses: a machine that was
 * {@link #machine made for one} has it, and the loopback addresses of its own; the others are all
 * of the machine that is there from the beginning, but for those of 192.0.2.0/24, which are
 * nobody's: what goes there is lost. The simulation's thread.
 */
final class SimNetwork {
  private static final long LEAST_LATENCY_NANOS = 5_000;
  private static final long MOST_LATENCY_NANOS = 500_000;

  private final SimWorld world;
  private final SimMachine first;
  private final Map<InetAddress, SimMachine> machines = new LinkedHashMap<>();
  private final Map<Ends, SimTcp> connections = new LinkedHashMap<>();
  private final Set<Way> blocked = new HashSet<>();
  private final Set<InetAddress> dark = new HashSet<>();
  private long leastLatency = LEAST_LATENCY_NANOS;
  private long mostLatency = MOST_LATENCY_NANOS;

  private record Ends(SimMachine machine, InetSocketAddress local, InetSocketAddress remote) {}

  private record Way(InetAddress from, InetAddress to) {}

  SimNetwork(SimWorld world) {
    this.world = world;
    this.first = new SimMachine(this, world.disk(), null);
  }

  // ---- machines

  /** The one that is there from the beginning. */
  SimMachine machine() {
    return first;
  }

  /** The one that has an address, made if nobody has it. */
  SimMachine machine(InetAddress address) {
    return machines.computeIfAbsent(address, own -> new SimMachine(this, world.disk(), own));
  }

  /** Whether no machine was made for it, and there can be one. */
  boolean isNobodys(InetAddress address) {
    return !machines.containsKey(address)
        && !address.isMulticastAddress()
        && !isBroadcast(address)
        && !isForDocumentation(address);
  }

  static boolean isBroadcast(InetAddress address) {
    return "255.255.255.255".equals(address.getHostAddress());
  }

  private static boolean isForDocumentation(InetAddress address) {
    return address instanceof Inet4Address && address.getHostAddress().startsWith("192.0.2.");
  }

  /** Where an address leads to from a machine; null for nowhere. */
  @Nullable SimMachine machineOf(InetAddress address, SimMachine from) {
    if (from.has(address)) {
      return from;
    }
    SimMachine known = machines.get(address);
    return known != null ? known : first.has(address) ? first : null;
  }

  List<SimMachine> machines() {
    List<SimMachine> all = new ArrayList<>();
    all.add(first);
    all.addAll(machines.values());
    return all;
  }

  // ---- what can be done to it

  /** What a packet takes from one end to the other, within these bounds. */
  void setLatency(long leastNanos, long mostNanos) {
    if (leastNanos < 0 || mostNanos < leastNanos) {
      throw new IllegalArgumentException(leastNanos + " to " + mostNanos + " ns of latency");
    }
    leastLatency = leastNanos;
    mostLatency = mostNanos;
  }

  /** Nothing comes through between two hosts; connections wait, and give up in the end. */
  void partition(InetAddress one, InetAddress other) {
    blocked.add(new Way(one, other));
    blocked.add(new Way(other, one));
    waysChanged("partition of " + one + " and " + other);
  }

  /** Nothing comes through in one direction. */
  void block(InetAddress from, InetAddress to) {
    blocked.add(new Way(from, to));
    waysChanged("nothing from " + from + " to " + to);
  }

  /** All comes through again, but to and from hosts that have vanished. */
  void heal() {
    blocked.clear();
    waysChanged("healed");
  }

  /**
   * A host is gone with its connections, and nobody is told: their other ends stay half open. Kill
   * the drivers of its processes besides.
   */
  void vanish(InetAddress host) {
    dark.add(host);
    for (SimTcp end : List.copyOf(connections.values())) {
      if (end.localAddress().getAddress().equals(host)) {
        end.vanish();
      }
    }
    waysChanged(host + " vanishes");
  }

  /** Whether it has vanished. */
  boolean isDark(InetAddress host) {
    return dark.contains(host);
  }

  /** It is there again, and knows nothing of its connections. */
  void appear(InetAddress host) {
    dark.remove(host);
    waysChanged(host + " appears");
  }

  /**
   * Resets a connection that chance chooses, on both ends.
   *
   * @return false if there is none
   */
  boolean reset() {
    List<SimTcp> made = connections.values().stream().filter(SimTcp::hasPeer).toList();
    if (made.isEmpty()) {
      return false;
    }
    SimTcp chosen = made.get(random().index(made.size()));
    SimTcp other = chosen.peer();
    world.trace().add(chosen + " is reset");
    chosen.reset();
    other.reset();
    return true;
  }

  /** What comes of itself: connections are lost, hosts do not reach each other for a while. */
  void disturb(Faults faults) {
    if (!connections.isEmpty() && faults.happens(Fault.CONNECTION_RESET, "a connection")) {
      var unused = reset();
    }
    if (machines.size() > 1) {
      long nanos = faults.lasting(Fault.PARTITION, "two hosts");
      if (nanos > 0) {
        partitionSome(nanos);
      }
    }
  }

  private void partitionSome(long nanos) {
    List<InetAddress> hosts = List.copyOf(machines.keySet());
    int one = random().index(hosts.size());
    int other = (one + 1 + random().index(hosts.size() - 1)) % hosts.size();
    partition(hosts.get(one), hosts.get(other));
    var unused = world.agenda().timer(nanos, () -> heal(hosts.get(one), hosts.get(other)));
  }

  private void heal(InetAddress one, InetAddress other) {
    blocked.remove(new Way(one, other));
    blocked.remove(new Way(other, one));
    waysChanged(one + " and " + other + " healed");
  }

  private void waysChanged(String why) {
    world.trace().add(why);
    for (SimTcp end : List.copyOf(connections.values())) {
      end.wayChanged();
    }
  }

  // ---- what the sockets ask

  /** Whether what an end sends does not come to the other. */
  boolean isBlocked(SimTcp from) {
    return isBlocked(from.localAddress().getAddress(), from.remoteAddress().getAddress());
  }

  /** Whether what is sent to an end does not come to it. */
  boolean isBlockedBack(SimTcp to) {
    return isBlocked(to.remoteAddress().getAddress(), to.localAddress().getAddress());
  }

  boolean isBlocked(InetAddress from, InetAddress to) {
    return (!dark.isEmpty() && (dark.contains(from) || dark.contains(to)))
        || (!blocked.isEmpty() && blocked.contains(new Way(from, to)));
  }

  long latencyNanos() {
    return faults().networkLatencyNanos(leastLatency, mostLatency);
  }

  long now() {
    return world.clock().elapsedNanos();
  }

  Agenda.Entry in(long nanos, Runnable action) {
    return world.agenda().in(nanos, action);
  }

  void finding(String text) {
    world.finding(text);
  }

  SimRandom random() {
    return world.random();
  }

  Faults faults() {
    return world.faults();
  }

  // ---- operations

  /** LISTEN, CONNECT, BIND_DATAGRAM and PIPE. */
  void execute(SimOperation operation) {
    switch (operation.request.opcode) {
      case LISTEN -> SimListener.listen(operation);
      case CONNECT -> connect(operation);
      case BIND_DATAGRAM -> bindDatagram(operation);
      case PIPE -> operation.end(0, SimPipe.make(operation.driver));
      default -> operation.fail(Errno.EOPNOTSUPP);
    }
  }

  private void bindDatagram(SimOperation bind) {
    IoRequest request = bind.request;
    boolean unix =
        request.localAddress instanceof UnixAddress || request.address instanceof UnixAddress;
    if (unix) {
      SimUnixDatagramSocket.bind(bind);
    } else {
      SimUdpSocket.bind(this, bind);
    }
  }

  private void connect(SimOperation connect) {
    SocketAddress address = connect.request.address;
    if (address instanceof UnixAddress unix) {
      connectUnix(connect, unix);
    } else if (address instanceof InetSocketAddress internet && !internet.isUnresolved()) {
      connectTcp(connect, SimMachine.target(internet));
    } else {
      connect.fail(Errno.EINVAL);
    }
  }

  private static void connectUnix(SimOperation connect, UnixAddress address) {
    SimListener listener;
    try {
      listener = connect.driver.machine().unixNames().find(address, SimListener.class);
    } catch (DiskException e) {
      connect.fail(e.errno());
      return;
    }
    listener.connect(connect);
  }

  private void connectTcp(SimOperation connect, InetSocketAddress remote) {
    SimMachine machine = connect.driver.machine();
    InetSocketAddress wanted = new InetSocketAddress(machine.source(remote.getAddress()), 0);
    if (connect.request.localAddress instanceof InetSocketAddress local) {
      int errno = machine.check(local);
      if (errno != 0) {
        connect.fail(errno);
        return;
      }
      InetAddress from =
          local.getAddress().isAnyLocalAddress() ? wanted.getAddress() : local.getAddress();
      wanted = new InetSocketAddress(from, local.getPort());
    }
    connectFrom(connect, machine, wanted, remote);
  }

  private void connectFrom(
      SimOperation connect,
      SimMachine machine,
      InetSocketAddress wanted,
      InetSocketAddress remote) {
    if (wanted.getPort() != 0 && !machine.listeners().isFree(SimBinding.of(wanted, 0))) {
      connect.fail(Errno.EADDRINUSE);
      return;
    }
    InetSocketAddress local = withFreePort(machine, wanted, remote);
    if (local == null) {
      connect.fail(Errno.EADDRNOTAVAIL);
      return;
    }
    SimTcp end = connection(machine, local, remote);
    end.configure(connect.request.socketOptions);
    new SimConnect(this, end, connect).start();
  }

  /** Null if there is such a connection. */
  private @Nullable InetSocketAddress withFreePort(
      SimMachine machine, InetSocketAddress wanted, InetSocketAddress remote) {
    InetAddress from = wanted.getAddress();
    if (wanted.getPort() != 0) {
      return connections.containsKey(new Ends(machine, wanted, remote)) ? null : wanted;
    }
    int port =
        SimPorts.choose(
            random(),
            candidate -> {
              InetSocketAddress local = new InetSocketAddress(from, candidate);
              return !connections.containsKey(new Ends(machine, local, remote))
                  && machine.listeners().isFree(SimBinding.of(local, 0));
            });
    return port == 0 ? null : new InetSocketAddress(from, port);
  }

  /** An end of a connection that is being made. */
  SimTcp connection(SimMachine machine, InetSocketAddress local, InetSocketAddress remote) {
    SimTcp end = new SimTcp(this, machine, local, remote);
    connections.put(new Ends(machine, local, remote), end);
    return end;
  }

  /** Nothing will happen to it any more. */
  void forget(SimTcp end) {
    connections.remove(new Ends(end.machine(), end.localAddress(), end.remoteAddress()), end);
  }

  /** Ends of connections on which something may still happen. */
  int openEnds() {
    return connections.size();
  }

  // ---- what drivers ask

  DetachedTcpStream detach(IoHandle handle) {
    if (!(handle instanceof SimStreamHandle socket) || !socket.stream().isConnection()) {
      throw new IllegalArgumentException("handle: " + handle + " is no connection");
    }
    if (socket.isClosed() || !socket.isIdle()) {
      throw new IllegalStateException(socket + ": requests are in flight, or it is closed");
    }
    return new SimDetached(socket.leave());
  }

  IoHandle attach(DetachedTcpStream connection, SimDriver driver) {
    if (connection instanceof SimDetached detached) {
      return detached.take().handle(driver);
    }
    throw new IllegalArgumentException("connection: " + connection + " is of another driver");
  }

  InetSocketAddress localAddress(IoHandle handle) {
    if (handle instanceof SimStreamHandle socket) {
      return socket.stream().localAddress();
    }
    if (handle instanceof SimListener listener) {
      return listener.localAddress();
    }
    if (handle instanceof SimUdpSocket socket) {
      return socket.binding().address();
    }
    throw new IllegalArgumentException("handle: " + handle + " has no address of the internet");
  }

  InetSocketAddress remoteAddress(IoHandle handle) {
    if (handle instanceof SimStreamHandle socket) {
      return socket.stream().remoteAddress();
    }
    throw new IllegalArgumentException("handle: " + handle + " is no connection");
  }
}
