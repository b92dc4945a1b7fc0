package dev.ringlet.uring;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.SocketOptions.Option;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoRequest;
import java.lang.ref.Reference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes sockets, by plain system calls that do not block. They are blocking sockets: the ring waits
 * for readiness itself, and would report EAGAIN for others. <b>Thread:</b> owner executor.
 */
final class Sockets {
  private final ByteBuffer value = NativeMemory.allocate(Structs.IP_MREQN_BYTES);
  private final ByteBuffer name = NativeMemory.allocate(Structs.SOCKADDR_STORAGE_BYTES);
  private final long valueAddress = NativeMemory.address(value);
  private final long nameAddress = NativeMemory.address(name);

  /**
   * A socket that can be connected, bound where {@code local} says; or {@code -errno}. It has no
   * delay unless the options say otherwise.
   */
  int connection(int family, SocketOptions options, @Nullable InetSocketAddress local) {
    int fd = stream(family, options);
    if (fd < 0 || local == null) {
      return fd;
    }
    int result = 0;
    if (local.getPort() != 0) {
      result = set(fd, Posix.SOL_SOCKET, Posix.SO_REUSEADDR, 1);
    }
    if (result == 0) {
      result = bind(fd, family, local);
    }
    return okOrClose(fd, result);
  }

  /** A datagram socket that is bound, and connected if there is an address; or {@code -errno}. */
  int datagrams(IoRequest request) {
    SocketAddress local = Objects.requireNonNull(request.localAddress);
    int family = SocketAddresses.family(local);
    int fd = Libc.socket(family, Posix.SOCK_DGRAM | Posix.SOCK_CLOEXEC, 0);
    if (fd < 0) {
      return fd;
    }
    int result = 0;
    if (family == Posix.AF_INET6) {
      result = set(fd, Posix.IPPROTO_IPV6, Posix.IPV6_V6ONLY, 0);
    }
    if (result == 0 && (request.flags & IoRequest.LISTEN_SHARED_PORT) != 0) {
      result = set(fd, Posix.SOL_SOCKET, Posix.SO_REUSEADDR, 1);
      result = result == 0 ? set(fd, Posix.SOL_SOCKET, Posix.SO_REUSEPORT, 1) : result;
    }
    if (result == 0) {
      result = configure(fd, family, request.socketOptions);
    }
    return okOrClose(fd, result == 0 ? place(fd, family, local, request.address) : result);
  }

  /** Binds and connects. A path is bound last: that makes a file, which nothing takes back. */
  private int place(int fd, int family, SocketAddress local, @Nullable SocketAddress remote) {
    boolean unix = family == Posix.AF_UNIX;
    int result = unix ? connect(fd, remote) : bind(fd, local);
    if (result < 0) {
      return result;
    }
    return unix ? bind(fd, local) : connect(fd, remote);
  }

  private int bind(int fd, SocketAddress local) {
    return Libc.bind(fd, nameAddress, SocketAddresses.encode(name, 0, local));
  }

  private int connect(int fd, @Nullable SocketAddress remote) {
    return remote == null
        ? 0
        : Libc.connect(fd, nameAddress, SocketAddresses.encode(name, 0, remote));
  }

  /**
   * Sees that a descriptor which has come from elsewhere is what it is to be. A connection is set
   * to blocking: the ring would report EAGAIN instead of waiting.
   *
   * @throws IllegalArgumentException if it is something else
   */
  void check(PassedFd passed, boolean connection) {
    int fd = passed.fd();
    int domain = get(fd, Posix.SO_DOMAIN);
    if (!connection) {
      if (domain >= 0) {
        throw new IllegalArgumentException(passed + " is a socket; take it as a connection");
      }
      return;
    }
    boolean internet = domain == Posix.AF_INET || domain == Posix.AF_INET6;
    boolean stream = internet && get(fd, Posix.SO_TYPE) == Posix.SOCK_STREAM;
    if (!stream || get(fd, Posix.SO_ACCEPTCONN) != 0) {
      throw new IllegalArgumentException(passed + " is no TCP connection; take it as what it is");
    }
    int flags = Libc.fcntl(fd, Posix.F_GETFL, 0);
    if (flags >= 0 && (flags & Posix.O_NONBLOCK) != 0) {
      flags = Libc.fcntl(fd, Posix.F_SETFL, flags & ~Posix.O_NONBLOCK);
    }
    if (flags < 0) {
      throw new UringException("setting " + passed + " to blocking", -flags, "it was closed");
    }
  }

  /** An option of SOL_SOCKET; or {@code -errno}, of what is no socket too. */
  private int get(int fd, int option) {
    value.putInt(0, 0);
    name.putInt(0, Integer.BYTES);
    int result = Libc.getsockopt(fd, Posix.SOL_SOCKET, option, valueAddress, nameAddress);
    return result < 0 ? result : value.getInt(0);
  }

  /** Joins or leaves a multicast group; 0 or {@code -errno}. */
  int membership(int fd, int option, InetSocketAddress group, int interfaceIndex) {
    ByteBuffer request = NativeMemory.allocate(Structs.GROUP_REQ_BYTES);
    request.putInt(Structs.GROUP_REQ_INTERFACE, interfaceIndex);
    SocketAddresses.encode(request, Structs.GROUP_REQ_GROUP, group);
    boolean v6 = SocketAddresses.family(group) == Posix.AF_INET6;
    int level = v6 ? Posix.IPPROTO_IPV6 : Posix.IPPROTO_IP;
    long address = NativeMemory.address(request);
    try {
      return Libc.setsockopt(fd, level, option, address, Structs.GROUP_REQ_BYTES);
    } finally {
      Reference.reachabilityFence(request);
    }
  }

  private int stream(int family, SocketOptions options) {
    int fd = Libc.socket(family, Posix.SOCK_STREAM | Posix.SOCK_CLOEXEC, 0);
    if (fd < 0) {
      return fd;
    }
    int result = 0;
    if (family != Posix.AF_UNIX && !options.isSet(Option.NO_DELAY)) {
      result = set(fd, Posix.IPPROTO_TCP, Posix.TCP_NODELAY, 1);
    }
    return okOrClose(fd, result == 0 ? configure(fd, family, options) : result);
  }

  /** Sets options of a connection; 0 or {@code -errno}. */
  int configure(int fd, SocketOptions options) {
    return configure(fd, Posix.AF_INET, options);
  }

  private int configure(int fd, int family, SocketOptions options) {
    for (Option option : options.kernelOptions()) {
      int result = set(fd, family, option, options.get(option));
      if (result < 0) {
        return result;
      }
    }
    return 0;
  }

  private int set(int fd, int family, Option option, int to) {
    return switch (option) {
      case NO_DELAY -> set(fd, Posix.IPPROTO_TCP, Posix.TCP_NODELAY, to);
      case KEEP_ALIVE -> set(fd, Posix.SOL_SOCKET, Posix.SO_KEEPALIVE, to);
      case KEEP_ALIVE_IDLE -> set(fd, Posix.IPPROTO_TCP, Posix.TCP_KEEPIDLE, to);
      case KEEP_ALIVE_INTERVAL -> set(fd, Posix.IPPROTO_TCP, Posix.TCP_KEEPINTVL, to);
      case KEEP_ALIVE_COUNT -> set(fd, Posix.IPPROTO_TCP, Posix.TCP_KEEPCNT, to);
      case SEND_BUFFER -> set(fd, Posix.SOL_SOCKET, Posix.SO_SNDBUF, to);
      case RECEIVE_BUFFER -> set(fd, Posix.SOL_SOCKET, Posix.SO_RCVBUF, to);
      case RESET_ON_CLOSE -> lingerForNothing(fd, to);
      case BROADCAST -> set(fd, Posix.SOL_SOCKET, Posix.SO_BROADCAST, to);
      case SEGMENT_BYTES -> set(fd, Posix.IPPROTO_UDP, Posix.UDP_SEGMENT, to);
      case MULTICAST_INTERFACE, MULTICAST_HOPS, MULTICAST_LOOP ->
          setMulticast(fd, family, option, to);
    };
  }

  /** A socket of IPv6 may send IPv4 too, so it gets both. */
  private int setMulticast(int fd, int family, Option option, int to) {
    int v6 =
        switch (option) {
          case MULTICAST_INTERFACE -> Posix.IPV6_MULTICAST_IF;
          case MULTICAST_HOPS -> Posix.IPV6_MULTICAST_HOPS;
          default -> Posix.IPV6_MULTICAST_LOOP;
        };
    int result = family == Posix.AF_INET6 ? set(fd, Posix.IPPROTO_IPV6, v6, to) : 0;
    if (result < 0) {
      return result;
    }
    return switch (option) {
      case MULTICAST_INTERFACE -> setMulticastInterface(fd, to);
      case MULTICAST_HOPS -> set(fd, Posix.IPPROTO_IP, Posix.IP_MULTICAST_TTL, to);
      default -> set(fd, Posix.IPPROTO_IP, Posix.IP_MULTICAST_LOOP, to);
    };
  }

  private int setMulticastInterface(int fd, int index) {
    value.putLong(0, 0).putInt(Structs.IP_MREQN_IFINDEX, index);
    int bytes = Structs.IP_MREQN_BYTES;
    return Libc.setsockopt(fd, Posix.IPPROTO_IP, Posix.IP_MULTICAST_IF, valueAddress, bytes);
  }

  private int lingerForNothing(int fd, int on) {
    value.putInt(Structs.LINGER_ONOFF, on).putInt(Structs.LINGER_LINGER, 0);
    int bytes = Structs.LINGER_BYTES;
    return Libc.setsockopt(fd, Posix.SOL_SOCKET, Posix.SO_LINGER, valueAddress, bytes);
  }

  private int set(int fd, int level, int option, int to) {
    value.putInt(0, to);
    return Libc.setsockopt(fd, level, option, valueAddress, Integer.BYTES);
  }

  /**
   * A bound and listening socket, or {@code -errno}. The wildcard address listens for IPv6 and IPv4
   * alike, as Java's own sockets do, unless a flag of LISTEN says otherwise or the machine has no
   * IPv6. Accepted connections inherit the options, TCP_NODELAY among them.
   */
  int listener(SocketAddress any, int backlog, int flags, SocketOptions options) {
    if (any instanceof InetSocketAddress address) {
      return listener(address, backlog, flags, options);
    }
    int fd = stream(Posix.AF_UNIX, options);
    if (fd < 0) {
      return fd;
    }
    int result = bind(fd, any);
    return okOrClose(fd, result == 0 ? Libc.listen(fd, backlog) : result);
  }

  private int listener(InetSocketAddress address, int backlog, int flags, SocketOptions options) {
    InetAddress host = address.getAddress();
    if (!host.isAnyLocalAddress()) {
      return listener(SocketAddresses.family(host), address, backlog, flags, options);
    }
    if ((flags & IoRequest.LISTEN_IPV4_ONLY) != 0) {
      return listener(Posix.AF_INET, address, backlog, flags, options);
    }
    int fd = listener(Posix.AF_INET6, address, backlog, flags, options);
    boolean noIpv6 = fd == -Posix.EAFNOSUPPORT || fd == -Errno.EADDRNOTAVAIL;
    return noIpv6 && (flags & IoRequest.LISTEN_IPV6_ONLY) == 0
        ? listener(Posix.AF_INET, address, backlog, flags, options)
        : fd;
  }

  private int listener(
      int family, InetSocketAddress address, int backlog, int flags, SocketOptions options) {
    int fd = stream(family, options);
    if (fd < 0) {
      return fd;
    }
    int result = set(fd, Posix.SOL_SOCKET, Posix.SO_REUSEADDR, 1);
    if (result == 0 && family == Posix.AF_INET6) {
      int only = (flags & IoRequest.LISTEN_IPV6_ONLY) != 0 ? 1 : 0;
      result = set(fd, Posix.IPPROTO_IPV6, Posix.IPV6_V6ONLY, only);
    }
    if (result == 0 && (flags & IoRequest.LISTEN_SHARED_PORT) != 0) {
      result = set(fd, Posix.SOL_SOCKET, Posix.SO_REUSEPORT, 1);
    }
    if (result == 0) {
      result = bind(fd, family, address);
    }
    if (result == 0) {
      result = Libc.listen(fd, backlog);
    }
    return okOrClose(fd, result);
  }

  private int bind(int fd, int family, InetSocketAddress address) {
    int bytes = SocketAddresses.encode(name, 0, family, address.getAddress(), address.getPort());
    return Libc.bind(fd, nameAddress, bytes);
  }

  private static int okOrClose(int fd, int result) {
    if (result >= 0) {
      return fd;
    }
    Libc.close(fd);
    return result;
  }
}
