package dev.ringlet.uring;

import dev.ringlet.spi.Errno;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Makes sockets, by plain system calls that do not block. They are blocking sockets: the ring waits
 * for readiness itself, and would report EAGAIN for others. <b>Thread:</b> owner executor.
 */
final class Sockets {
  private final ByteBuffer one = NativeMemory.allocate(Integer.BYTES);
  private final ByteBuffer zero = NativeMemory.allocate(Integer.BYTES);
  private final ByteBuffer name = NativeMemory.allocate(Structs.SOCKADDR_IN6_BYTES);
  private final long oneAddress = NativeMemory.address(one);
  private final long zeroAddress = NativeMemory.address(zero);
  private final long nameAddress = NativeMemory.address(name);

  Sockets() {
    one.putInt(0, 1);
  }

  /** A socket for a connection, without delay; or {@code -errno}. */
  int stream(int family) {
    int fd = Libc.socket(family, Posix.SOCK_STREAM | Posix.SOCK_CLOEXEC, 0);
    return fd < 0 ? fd : setOrClose(fd, Posix.IPPROTO_TCP, Posix.TCP_NODELAY, oneAddress);
  }

  /**
   * A bound and listening socket, or {@code -errno}. The wildcard address listens for IPv6 and IPv4
   * alike, as Java's own sockets do, unless the machine has no IPv6. Accepted connections inherit
   * TCP_NODELAY.
   */
  int listener(InetSocketAddress address, int backlog, boolean sharedPort) {
    InetAddress host = address.getAddress();
    if (!host.isAnyLocalAddress()) {
      return listener(SocketAddresses.family(host), address, backlog, sharedPort);
    }
    int fd = listener(Posix.AF_INET6, address, backlog, sharedPort);
    boolean noIpv6 = fd == -Posix.EAFNOSUPPORT || fd == -Errno.EADDRNOTAVAIL;
    return noIpv6 ? listener(Posix.AF_INET, address, backlog, sharedPort) : fd;
  }

  private int listener(int family, InetSocketAddress address, int backlog, boolean sharedPort) {
    int fd = stream(family);
    if (fd >= 0 && family == Posix.AF_INET6) {
      fd = setOrClose(fd, Posix.IPPROTO_IPV6, Posix.IPV6_V6ONLY, zeroAddress);
    }
    if (fd >= 0) {
      fd = setOrClose(fd, Posix.SOL_SOCKET, Posix.SO_REUSEADDR, oneAddress);
    }
    if (fd >= 0 && sharedPort) {
      fd = setOrClose(fd, Posix.SOL_SOCKET, Posix.SO_REUSEPORT, oneAddress);
    }
    return fd < 0 ? fd : bindAndListen(fd, family, address, backlog);
  }

  private int bindAndListen(int fd, int family, InetSocketAddress address, int backlog) {
    int bytes = SocketAddresses.encode(name, 0, family, address.getAddress(), address.getPort());
    int result = Libc.bind(fd, nameAddress, bytes);
    if (result == 0) {
      result = Libc.listen(fd, backlog);
    }
    return okOrClose(fd, result);
  }

  private static int setOrClose(int fd, int level, int option, long value) {
    return okOrClose(fd, Libc.setsockopt(fd, level, option, value, Integer.BYTES));
  }

  private static int okOrClose(int fd, int result) {
    if (result >= 0) {
      return fd;
    }
    Libc.close(fd);
    return result;
  }
}
