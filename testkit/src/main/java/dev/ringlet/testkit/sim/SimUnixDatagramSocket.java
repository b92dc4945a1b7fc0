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

  /** What it is bound by. */
  private final @Nullable Object name;

  private final @Nullable SimUnixDatagramSocket peer;
  private final int mostBytes;

  private SimUnixDatagramSocket(
      SimOperation bind,
      @Nullable UnixAddress address,
      @Nullable Object name,
      @Nullable SimUnixDatagramSocket peer) {
    super(bind.driver);
    this.machine = bind.driver.machine();
    this.address = address;
    this.name = name;
    this.peer = peer;
    this.mostBytes =
        bind.request.socketOptions.isSet(Option.SEND_BUFFER)
            ? bind.request.socketOptions.get(Option.SEND_BUFFER)
            : DEFAULT_SEND_BYTES;
  }

  /** BIND_DATAGRAM. */
  static void bind(SimOperation bind) {
    SimUnixDatagramSocket socket;
    try {
      socket = make(bind);
    } catch (DiskException e) {
      bind.fail(e.errno());
      return;
    }
    bind.end(0, socket);
  }

  private static SimUnixDatagramSocket make(SimOperation bind) throws DiskException {
    SimUnixNames names = bind.driver.machine().unixNames();
    UnixAddress to = bind.request.address instanceof UnixAddress remote ? remote : null;
    SimUnixDatagramSocket peer = to == null ? null : names.find(to, SimUnixDatagramSocket.class);
    UnixAddress address = bind.request.localAddress instanceof UnixAddress local ? local : null;
    Object name = address == null ? null : names.make(address);
    SimUnixDatagramSocket socket = new SimUnixDatagramSocket(bind, address, name, peer);
    if (name != null) {
      names.bind(name, socket);
    }
    return socket;
  }

  private @Nullable SimUnixDatagramSocket target(SimOperation send) throws DiskException {
    return send.request.address instanceof UnixAddress given
        ? machine.unixNames().find(given, SimUnixDatagramSocket.class)
        : peer;
  }

  @Override
  int send(SimOperation send, byte[] bytes) {
    SimUnixDatagramSocket to;
    try {
      to = target(send);
    } catch (DiskException e) {
      return -e.errno();
    }
    if (to == null) {
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
    if (name != null) {
      machine.unixNames().unbind(name);
    }
  }

  @Override
  public String toString() {
    return "Unix datagram socket " + address;
  }
}
