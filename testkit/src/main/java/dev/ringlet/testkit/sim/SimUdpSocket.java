package dev.ringlet.testkit.sim;

import dev.ringlet.io.Datagram;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.SocketOptions.Option;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A UDP socket. The simulation's thread. */
final class SimUdpSocket extends SimDatagramSocket implements SimPorts.Bound {
  /** What fits into a packet besides the headers. */
  private static final int MOST_BYTES = 65507;

  /** As Linux has it: {@code UDP_MAX_SEGMENTS}. */
  private static final int MOST_SEGMENTS = 128;

  /** As Linux has it: {@code net.core.rmem_default}, and what each datagram takes of it besides. */
  private static final int DEFAULT_RECEIVE_BYTES = 212_992;

  private static final int PACKET_OVERHEAD_BYTES = 256;

  /** Larger than any index of an interface that there is. */
  private static final int MOST_INTERFACES = 1 << 16;

  private final SimNetwork network;
  private final SimMachine machine;
  private final SimBinding binding;
  private final @Nullable InetSocketAddress remote;
  private final SocketOptions options;
  private final Set<Membership> memberships = new LinkedHashSet<>(0);

  /** Of what it has sent to its own machine. */
  private long lastArrival;

  private record Membership(InetAddress group, int via) {}

  private SimUdpSocket(
      SimNetwork network,
      SimOperation bind,
      SimBinding binding,
      @Nullable InetSocketAddress remote) {
    super(bind.driver);
    this.network = network;
    this.machine = bind.driver.machine();
    this.binding = binding;
    this.remote = remote;
    this.options = bind.request.socketOptions;
  }

  /** BIND_DATAGRAM. */
  static void bind(SimNetwork network, SimOperation bind) {
    SimMachine machine = bind.driver.machine();
    InetSocketAddress remote =
        bind.request.address instanceof InetSocketAddress to ? SimMachine.target(to) : null;
    InetSocketAddress local =
        bind.request.localAddress instanceof InetSocketAddress from
            ? from
            : new InetSocketAddress(0);
    int errno = remote != null && remote.isUnresolved() ? Errno.EINVAL : machine.check(local);
    if (errno != 0) {
      bind.fail(errno);
      return;
    }
    if (remote != null && local.getAddress().isAnyLocalAddress()) {
      local = new InetSocketAddress(machine.source(remote.getAddress()), local.getPort());
    }
    SimBinding wanted = SimBinding.of(local, bind.request.flags);
    SimBinding binding = machine.bind(machine.udpSockets(), wanted);
    if (binding == null) {
      bind.fail(Errno.EADDRINUSE);
      return;
    }
    SimUdpSocket socket = new SimUdpSocket(network, bind, binding, remote);
    machine.udpSockets().add(socket);
    bind.end(0, socket);
  }

  @Override
  public SimBinding binding() {
    return binding;
  }

  private int option(Option option, int otherwise) {
    return options.isSet(option) ? options.get(option) : otherwise;
  }

  // ---- sending

  @Override
  int send(SimOperation send, byte[] bytes) {
    InetSocketAddress to =
        send.request.address instanceof InetSocketAddress given ? SimMachine.target(given) : remote;
    if (to == null) {
      return -Errno.EDESTADDRREQ;
    }
    if (to.isUnresolved()) {
      return -Errno.EINVAL;
    }
    if (bytes.length > MOST_BYTES) {
      return -Errno.EMSGSIZE;
    }
    if (SimNetwork.isBroadcast(to.getAddress()) && option(Option.BROADCAST, 0) == 0) {
      return -Errno.EACCES;
    }
    int segment = option(Option.SEGMENT_BYTES, 0);
    if (segment == 0 || bytes.length <= segment) {
      send(to, bytes);
      return bytes.length;
    }
    if (bytes.length > (long) segment * MOST_SEGMENTS) {
      return -Errno.EINVAL;
    }
    for (int from = 0; from < bytes.length; from += segment) {
      send(to, Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + segment)));
    }
    return bytes.length;
  }

  private void send(InetSocketAddress to, byte[] bytes) {
    InetAddress ip = to.getAddress();
    if (!ip.isMulticastAddress() && !SimNetwork.isBroadcast(ip)) {
      SimMachine target = network.machineOf(ip, machine);
      if (target != null) {
        fly(target, to, bytes);
      }
      return;
    }
    boolean hops = option(Option.MULTICAST_HOPS, 1) > 0;
    for (SimMachine target : network.machines()) {
      if (target == machine ? option(Option.MULTICAST_LOOP, 1) != 0 : hops) {
        fly(target, to, bytes);
      }
    }
  }

  private void fly(SimMachine target, InetSocketAddress to, byte[] bytes) {
    InetSocketAddress sender = sender(to);
    Faults faults = network.faults();
    if (faults.losesDatagram()) {
      return;
    }
    for (int copies = faults.duplicatesDatagram() ? 2 : 1; copies > 0; copies--) {
      network.in(flightNanos(target), () -> arrive(target, sender, to, bytes));
    }
  }

  /** On the machine itself none overtakes another. */
  private long flightNanos(SimMachine target) {
    long nanos = network.latencyNanos();
    if (target != machine) {
      return nanos;
    }
    long now = network.now();
    lastArrival = Math.max(now + nanos, lastArrival + 1);
    return lastArrival - now;
  }

  private InetSocketAddress sender(InetSocketAddress to) {
    if (!binding.isWildcard()) {
      return binding.address();
    }
    return new InetSocketAddress(machine.source(to.getAddress()), binding.port());
  }

  private void arrive(
      SimMachine target, InetSocketAddress sender, InetSocketAddress to, byte[] bytes) {
    InetAddress ip = to.getAddress();
    if (network.isBlocked(sender.getAddress(), ip)) {
      return;
    }
    if (ip.isMulticastAddress() || SimNetwork.isBroadcast(ip)) {
      for (SimUdpSocket socket :
          target.udpSockets().at(to.getPort()).toArray(SimUdpSocket[]::new)) {
        if (socket.hearsAll(ip)) {
          socket.take(sender, bytes);
        }
      }
      return;
    }
    SimUdpSocket socket = target.udpSocket(to, sender);
    if (socket != null) {
      socket.take(sender, bytes);
    } else if (remote != null && !isClosed()) {
      network.in(network.latencyNanos(), () -> failed(Errno.ECONNREFUSED));
    }
  }

  /** Whether it gets what is sent to a group, or to everybody. */
  private boolean hearsAll(InetAddress to) {
    if (!to.isMulticastAddress()) {
      return binding.isWildcard();
    }
    return (binding.isWildcard() || binding.address().getAddress().equals(to))
        && memberships.stream().anyMatch(each -> each.group.equals(to));
  }

  /** Whether it gets what comes from there: one that is connected hears its peer only. */
  boolean hears(InetSocketAddress sender) {
    return remote == null || remote.equals(sender);
  }

  boolean isConnected() {
    return remote != null;
  }

  /** What finds no room is lost. */
  private void take(InetSocketAddress sender, byte[] bytes) {
    long used = waitingBytes() + (long) waitingPackets() * PACKET_OVERHEAD_BYTES;
    if (hears(sender) && used < option(Option.RECEIVE_BUFFER, DEFAULT_RECEIVE_BYTES)) {
      arrived(sender, bytes);
    }
  }

  // ---- receiving

  @Override
  Object payload(@Nullable SocketAddress sender, IoBuffer data, boolean truncated) {
    return new Datagram((InetSocketAddress) Objects.requireNonNull(sender), data, truncated);
  }

  @Override
  int overheadBytes() {
    return Datagram.OVERHEAD_BYTES;
  }

  // ---- groups

  @Override
  int changeMembership(SimOperation operation) {
    int via = operation.request.length;
    if (!(operation.request.address instanceof InetSocketAddress group)
        || !group.getAddress().isMulticastAddress()) {
      return -Errno.EINVAL;
    }
    if (via < 0 || via >= MOST_INTERFACES) {
      return -Errno.ENODEV;
    }
    Membership membership = new Membership(group.getAddress(), via);
    if (operation.request.opcode == IoOpcode.JOIN_GROUP) {
      return memberships.add(membership) ? 0 : -Errno.EADDRINUSE;
    }
    return memberships.remove(membership) ? 0 : -Errno.EADDRNOTAVAIL;
  }

  @Override
  void release(boolean reset) {
    machine.udpSockets().remove(this);
  }

  @Override
  public String toString() {
    return "UDP socket " + binding.address();
  }
}
