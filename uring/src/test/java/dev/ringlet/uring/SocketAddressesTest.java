package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ringlet.io.UnixAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SocketAddressesTest {
  private static ByteBuffer memory() {
    ByteBuffer memory = ByteBuffer.allocateDirect(128).order(NativeMemory.EMPTY.order());
    for (int i = 0; i < memory.capacity(); i++) {
      memory.put(i, (byte) 0x55);
    }
    return memory;
  }

  @Property
  void ipv4ComesBack(@ForAll @Size(4) byte[] bytes, @ForAll @IntRange(max = 65535) int port)
      throws UnknownHostException {
    comesBack(new InetSocketAddress(InetAddress.getByAddress(bytes), port), 16);
  }

  @Property
  void ipv6ComesBack(
      @ForAll @Size(16) byte[] bytes,
      @ForAll @IntRange(max = 65535) int port,
      @ForAll @IntRange(max = 9) int scope)
      throws UnknownHostException {
    InetAddress address =
        scope == 0
            ? Inet6Address.getByAddress(null, bytes, -1)
            : Inet6Address.getByAddress(null, bytes, scope);
    if (InetAddress.getByAddress(bytes) instanceof Inet6Address) {
      comesBack(new InetSocketAddress(address, port), 28);
    }
  }

  private static void comesBack(InetSocketAddress address, int bytes) {
    ByteBuffer memory = memory();
    int family = SocketAddresses.family(address.getAddress());
    int written =
        SocketAddresses.encode(memory, 0, family, address.getAddress(), address.getPort());
    assertEquals(bytes, written);
    assertEquals((byte) 0x55, memory.get(written), "nothing behind it is touched");
    assertEquals(address, SocketAddresses.decode(memory));
  }

  @Test
  void unixAddressesComeBack() {
    String longest = "/" + "n".repeat(UnixAddress.MAX_BYTES - 1);
    List<UnixAddress> addresses =
        List.of(
            UnixAddress.of(Path.of("/a")),
            UnixAddress.of(Path.of("relative/b")),
            UnixAddress.of(Path.of(longest)),
            UnixAddress.ofAbstract("x"),
            UnixAddress.ofAbstract("\u00fc".repeat(50)));
    for (UnixAddress address : addresses) {
      ByteBuffer memory = memory();
      int written = SocketAddresses.encode(memory, 0, address);
      assertEquals((byte) 0x55, memory.get(written), "nothing behind it is touched");
      assertEquals(address, SocketAddresses.decodeUnix(memory, 0, written));
    }
  }

  /** Others may bind to what they like: it is an address that stands for the same, or none. */
  @Property
  void anyNameIsDecodedOrNone(@ForAll @Size(max = 108) byte[] name, @ForAll boolean isAbstract) {
    ByteBuffer memory = memory();
    memory.put(Structs.SOCKADDR_UN_PATH, name);
    if (isAbstract && name.length > 0) {
      memory.put(Structs.SOCKADDR_UN_PATH, (byte) 0);
    }
    int size = Structs.SOCKADDR_UN_PATH + name.length;
    UnixAddress address = SocketAddresses.decodeUnix(memory, 0, size);
    if (address != null) {
      ByteBuffer again = memory();
      SocketAddresses.encode(again, 0, address);
      boolean abstractName = memory.get(Structs.SOCKADDR_UN_PATH) == 0;
      assertEquals(abstractName, address.isAbstract());
      assertEquals(memory.get(Structs.SOCKADDR_UN_PATH), again.get(Structs.SOCKADDR_UN_PATH));
    }
  }

  @Test
  void whoIsBoundToNothingHasNoAddress() {
    assertNull(SocketAddresses.decodeUnix(memory(), 0, 0));
    assertNull(SocketAddresses.decodeUnix(memory(), 0, Structs.SOCKADDR_UN_PATH));
  }

  @Test
  void mappedAddressesAreThoseOfIpv4() throws UnknownHostException {
    ByteBuffer memory = memory();
    byte[] any = new byte[16];
    SocketAddresses.encode(memory, 0, Posix.AF_INET6, InetAddress.getByAddress(any), 80);
    memory.put(Structs.SOCKADDR_IN6_ADDR + 10, new byte[] {-1, -1, 10, 0, 0, 7});
    byte[] four = {10, 0, 0, 7};
    assertEquals(
        new InetSocketAddress(InetAddress.getByAddress(four), 80), SocketAddresses.decode(memory));
  }

  @Test
  void ipv4IsMappedIntoIpv6() throws UnknownHostException {
    InetAddress wildcard = InetAddress.getByAddress(new byte[4]);
    assertEquals(28, SocketAddresses.encode(memory(), 0, Posix.AF_INET6, wildcard, 1));
    InetAddress four = InetAddress.getByAddress(new byte[] {1, 2, 3, 4});
    ByteBuffer memory = memory();
    assertEquals(28, SocketAddresses.encode(memory, 0, Posix.AF_INET6, four, 1));
    assertEquals(new InetSocketAddress(four, 1), SocketAddresses.decode(memory));
  }
}
