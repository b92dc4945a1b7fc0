package dev.ringlet.testkit.sim;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.SocketOptions.Option;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixDatagram;
import dev.ringlet.spi.Errno;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A datagram socket of the Unix domain. The simulation's thread. */
final class SimUnixDatagramSocket extends SimDatagramSocket {
  /** As Linux has it: {@code net.unix.max_dgram_qlen}, and one more. */
  private static final int MOST_WAITING = 11;

  /** As Linux has it: {@code net.core.wmem_default}, less what the kernel needs. */
  private static final int DEFAULT_SEND_BYTES = 212_992 - 32;

  private final SimMachine machine;
  private final @Nullable UnixAddress address;
  private final @Nullable SimUnixDatagramSocket peer;
  private final int mostBytes;

  private SimUnixDatagramSocket(
      SimOperation bind, @Nullable UnixAddress address, @Nullable SimUnixDatagramSocket peer) {
    super(bind.driver);
    this.machine = bind.driver.machine();
    this.address = address;
    this.peer = peer;
    this.mostBytes =
        bind.request.socketOptions.isSet(Option.SEND_BUFFER)
            ? bind.request.socketOptions.get(Option.SEND_BUFFER)
            : DEFAULT_SEND_BYTES;
  }

  /** BIND_DATAGRAM. */
  static void bind(SimOperation bind) {
    SimMachine machine = bind.driver.machine();
    SimUnixDatagramSocket peer = null;
    if (bind.request.address instanceof UnixAddress to) {
      peer = find(machine, to);
      if (peer == null) {
        bind.end(nobody(machine, to));
        return;
      }
    }
    UnixAddress address = bind.request.localAddress instanceof UnixAddress local ? local : null;
    SimMachine.UnixName name = address == null ? null : machine.bindUnix(address);
    if (address != null && name == null) {
      bind.fail(Errno.EADDRINUSE);
      return;
    }
    SimUnixDatagramSocket socket = new SimUnixDatagramSocket(bind, address, peer);
    if (name != null) {
      name.datagrams = socket;
    }
    bind.end(0, socket);
  }

  private static @Nullable SimUnixDatagramSocket find(SimMachine machine, UnixAddress address) {
    SimMachine.UnixName name = machine.unixName(address);
    return name == null ? null : name.datagrams;
  }

  /** What is told where no socket is found. */
  private static int nobody(SimMachine machine, UnixAddress address) {
    boolean missing = machine.unixName(address) == null && !address.isAbstract();
    return missing ? -Errno.ENOENT : -Errno.ECONNREFUSED;
  }

  @Override
  int send(SimOperation send, byte[] bytes) {
    SimUnixDatagramSocket to = peer;
    if (send.request.address instanceof UnixAddress given) {
      to = find(machine, given);
      if (to == null) {
        return nobody(machine, given);
      }
    } else if (to == null) {
      return -Errno.EDESTADDRREQ;
    }
    if (bytes.length > mostBytes) {
      return -Errno.EMSGSIZE;
    }
    if (to.isClosed()) {
      return -Errno.ECONNREFUSED;
    }
    if (to.peer != null && to.peer != this) {
      return -Errno.EPERM;
    }
    if (to.waitingPackets() >= MOST_WAITING) {
      return -Errno.EAGAIN;
    }
    to.arrived(address, bytes);
    return bytes.length;
  }

  @Override
  Object payload(@Nullable SocketAddress sender, IoBuffer data, boolean truncated) {
    return new UnixDatagram((UnixAddress) sender, data, truncated);
  }

  @Override
  int overheadBytes() {
    return UnixDatagram.OVERHEAD_BYTES;
  }

  @Override
  int changeMembership(SimOperation operation) {
    return -Errno.EOPNOTSUPP;
  }

  @Override
  void release(boolean reset) {
    if (address != null) {
      machine.unbindUnix(address);
    }
  }

  @Override
  public String toString() {
    return "Unix datagram socket " + address;
  }
}
