package dev.ringlet.uring;

import dev.ringlet.io.IoException;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.lang.ref.Reference;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Addresses as {@code struct sockaddr_in}, {@code sockaddr_in6} and {@code sockaddr_un}. */
final class SocketAddresses {
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  private SocketAddresses() {}

  static int family(InetAddress address) {
    return address instanceof Inet4Address ? Posix.AF_INET : Posix.AF_INET6;
  }

  /**
   * Writes an address in the form of {@code family}; returns its size. An IPv4 address is mapped
   * into IPv6, the wildcard is that of either.
   */
  static int encode(ByteBuffer memory, int offset, int family, InetAddress address, int port) {
    boolean v6 = family == Posix.AF_INET6;
    int size = v6 ? Structs.SOCKADDR_IN6_BYTES : Structs.SOCKADDR_IN_BYTES;
    for (int i = 0; i < size; i++) {
      memory.put(offset + i, (byte) 0);
    }
    memory.putShort(offset + Structs.SOCKADDR_FAMILY, (short) family);
    memory.putShort(offset + Structs.SOCKADDR_IN_PORT, Short.reverseBytes((short) port));
    if (v6) {
      if (address instanceof Inet6Address inet6) {
        memory.put(offset + Structs.SOCKADDR_IN6_ADDR, inet6.getAddress());
        memory.putInt(offset + Structs.SOCKADDR_IN6_SCOPE_ID, inet6.getScopeId());
      } else if (!address.isAnyLocalAddress()) {
        int end = offset + Structs.SOCKADDR_IN6_ADDR + IPV6_BYTES;
        memory.putShort(end - IPV4_BYTES - Short.BYTES, (short) -1);
        memory.put(end - IPV4_BYTES, address.getAddress());
      }
    } else if (!address.isAnyLocalAddress()) { // all zeros, in both forms
      memory.put(offset + Structs.SOCKADDR_IN_ADDR, address.getAddress());
    }
    return size;
  }

  /**
   * Checks what a request has of addresses.
   *
   * @throws IllegalArgumentException if they do not fit together, or not into a socket's name
   */
  static void check(IoRequest request) {
    SocketAddress local = request.localAddress;
    SocketAddress remote = request.address;
    boolean datagram = request.opcode == IoOpcode.BIND_DATAGRAM;
    Objects.requireNonNull(datagram ? local : remote, datagram ? "localAddress" : "address");
    if (local instanceof InetSocketAddress internet && internet.isUnresolved()) {
      throw new IllegalArgumentException("localAddress: " + local + "; give a resolved one");
    }
    if (local != null && remote != null && family(local) != family(remote)) {
      throw new IllegalArgumentException(
          "localAddress: " + local + "; give one of the family of " + remote);
    }
    checkLength(local);
    checkLength(remote);
  }

  /** Also of what a datagram is sent to: a path may be longer in the encoding of file names. */
  static void checkLength(@Nullable SocketAddress address) {
    if (address instanceof UnixAddress unix && bytes(unix).length > UnixAddress.MAX_BYTES) {
      throw new IllegalArgumentException(
          "address: " + unix + "; give at most " + UnixAddress.MAX_BYTES + " bytes");
    }
  }

  private static byte[] bytes(UnixAddress address) {
    return address.isAbstract()
        ? address.name().getBytes(StandardCharsets.UTF_8)
        : NativePath.bytes(address.name());
  }

  /** Writes an address; returns its size. */
  static int encode(ByteBuffer memory, int offset, SocketAddress address) {
    if (address instanceof UnixAddress unix) {
      return encode(memory, offset, unix);
    }
    InetSocketAddress internet = (InetSocketAddress) address;
    InetAddress host = internet.getAddress();
    return encode(memory, offset, family(host), host, internet.getPort());
  }

  /** A path ends with a zero, an abstract name begins with one. */
  private static int encode(ByteBuffer memory, int offset, UnixAddress address) {
    byte[] name = bytes(address);
    int size = Structs.SOCKADDR_UN_PATH + name.length + 1;
    for (int i = 0; i < size; i++) {
      memory.put(offset + i, (byte) 0);
    }
    memory.putShort(offset + Structs.SOCKADDR_FAMILY, (short) Posix.AF_UNIX);
    int first = offset + Structs.SOCKADDR_UN_PATH;
    memory.put(address.isAbstract() ? first + 1 : first, name);
    return size;
  }

  static int family(SocketAddress address) {
    return address instanceof InetSocketAddress internet
        ? family(internet.getAddress())
        : Posix.AF_UNIX;
  }

  /**
   * A Unix address, or null if there is none in it, or none that can be told as text.
   *
   * @param size of the whole struct, as the kernel tells it
   */
  static @Nullable UnixAddress decodeUnix(ByteBuffer memory, int offset, int size) {
    int length = Math.min(size, Structs.SOCKADDR_UN_BYTES) - Structs.SOCKADDR_UN_PATH;
    if (length <= 1) {
      return null;
    }
    byte[] bytes = new byte[length];
    memory.get(offset + Structs.SOCKADDR_UN_PATH, bytes);
    boolean isAbstract = bytes[0] == 0;
    byte[] name =
        isAbstract
            ? Arrays.copyOfRange(bytes, 1, length)
            : Arrays.copyOf(bytes, indexOfZero(bytes));
    Charset charset = isAbstract ? StandardCharsets.UTF_8 : NativePath.charset();
    String text = new String(name, charset);
    if (!isTold(name, text, charset)) {
      return null;
    }
    return isAbstract ? UnixAddress.ofAbstract(text) : UnixAddress.of(Path.of(text));
  }

  /** Whether the text stands for the same name, and for one that an address may have. */
  private static boolean isTold(byte[] name, String text, Charset charset) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return bytes > 0
        && bytes <= UnixAddress.MAX_BYTES
        && text.indexOf('\0') < 0
        && Arrays.equals(text.getBytes(charset), name);
  }

  private static int indexOfZero(byte[] bytes) {
    int index = 0;
    while (index < bytes.length && bytes[index] != 0) {
      index++;
    }
    return index;
  }

  static InetSocketAddress decode(ByteBuffer memory) {
    return decode(memory, 0);
  }

  static InetSocketAddress decode(ByteBuffer memory, int offset) {
    int port =
        Short.toUnsignedInt(Short.reverseBytes(memory.getShort(offset + Structs.SOCKADDR_IN_PORT)));
    boolean v6 = memory.getShort(offset + Structs.SOCKADDR_FAMILY) == Posix.AF_INET6;
    byte[] bytes = new byte[v6 ? IPV6_BYTES : IPV4_BYTES];
    memory.get(offset + (v6 ? Structs.SOCKADDR_IN6_ADDR : Structs.SOCKADDR_IN_ADDR), bytes);
    int scope = v6 ? memory.getInt(offset + Structs.SOCKADDR_IN6_SCOPE_ID) : 0;
    return new InetSocketAddress(inetAddress(bytes, scope), port);
  }

  /** IPv4 addresses mapped into IPv6 come back as IPv4. */
  private static InetAddress inetAddress(byte[] bytes, int scope) {
    try {
      return scope == 0
          ? InetAddress.getByAddress(bytes)
          : Inet6Address.getByAddress(null, bytes, scope);
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 bytes are always an address", e);
    }
  }

  /** The address a socket is bound to, or connected to. */
  static InetSocketAddress of(UringHandle handle, boolean remote) {
    ByteBuffer memory = NativeMemory.allocate(Structs.SOCKADDR_STORAGE_BYTES);
    ByteBuffer length = NativeMemory.allocate(Integer.BYTES);
    length.putInt(0, memory.capacity());
    long address = NativeMemory.address(memory);
    long lengthAddress = NativeMemory.address(length);
    int result;
    try {
      result =
          remote
              ? Libc.getpeername(handle.fd, address, lengthAddress)
              : Libc.getsockname(handle.fd, address, lengthAddress);
    } finally {
      Reference.reachabilityFence(length);
    }
    if (result < 0) {
      throw failure(remote, handle, -result, null);
    }
    if (memory.getShort(Structs.SOCKADDR_FAMILY) == Posix.AF_UNIX) {
      throw new IllegalArgumentException(handle + " is a Unix domain socket, without such address");
    }
    return decode(memory);
  }

  static IoException failure(
      boolean remote, UringHandle handle, int errno, @Nullable Throwable cause) {
    return new IoException(
        remote ? "get remote address of" : "get local address of", handle.toString(), errno, cause);
  }
}
