package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.SocketOptions.Option;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Options of listeners and connections, and the addresses that a wildcard stands for. */
interface SocketOptionsContract extends DriverContractPart {
  /** Twice the sizes stay below what every kernel allows. */
  int SEND_BYTES = 40_000;

  int RECEIVE_BYTES = 30_000;

  /** Every option, none of them as it is by default. */
  SocketOptions ALL =
      SocketOptions.defaults()
          .withNoDelay(false)
          .withKeepAlive(Duration.ofSeconds(77), Duration.ofSeconds(7), 3)
          .withResetOnClose(true)
          .withSendBuffer(SEND_BYTES)
          .withReceiveBuffer(RECEIVE_BYTES);

  private void assertAll(IoHandle connection) throws IOException {
    assertEquals(0, option(connection, Option.NO_DELAY));
    assertEquals(1, option(connection, Option.KEEP_ALIVE));
    assertEquals(77, option(connection, Option.KEEP_ALIVE_IDLE));
    assertEquals(7, option(connection, Option.KEEP_ALIVE_INTERVAL));
    assertEquals(3, option(connection, Option.KEEP_ALIVE_COUNT));
    assertEquals(1, option(connection, Option.RESET_ON_CLOSE));
    // The kernel doubles them, which the JDK may know or not.
    assertTrue(isOneOrTwo(option(connection, Option.SEND_BUFFER), SEND_BYTES));
    assertTrue(isOneOrTwo(option(connection, Option.RECEIVE_BUFFER), RECEIVE_BYTES));
  }

  private static boolean isOneOrTwo(int bytes, int asked) {
    return bytes == asked || bytes == 2 * asked;
  }

  @Test
  default void connectionsHaveNoDelayAndElseTheDefaults() throws IOException {
    IoHandle listener = rig().handle(TestRequest.listen(Peers.anyPort(), 16, 0));
    InetSocketAddress address = rig().driver.localAddress(listener);
    IoHandle connected = rig().handle(TestRequest.connect(address));
    IoHandle accepted = rig().handle(TestRequest.accept(listener));
    for (IoHandle connection : new IoHandle[] {connected, accepted}) {
      assertEquals(1, option(connection, Option.NO_DELAY));
      assertEquals(0, option(connection, Option.KEEP_ALIVE));
      assertEquals(0, option(connection, Option.RESET_ON_CLOSE));
    }
  }

  @Test
  default void optionsOfAListenerAreThoseOfItsConnections() throws IOException {
    IoHandle listener = rig().handle(TestRequest.listen(Peers.anyPort(), 16, 0).with(ALL));
    for (int i = 0; i < 2; i++) {
      peers().connect(rig().driver.localAddress(listener));
      assertAll(rig().handle(TestRequest.accept(listener)));
    }
    TestRequest multishot = rig().submit(TestRequest.accept(listener).multishot());
    peers().connect(rig().driver.localAddress(listener));
    rig().awaitCompletions(multishot, 1);
    assertAll((IoHandle) multishot.completions.get(0).payload());
    rig().cancel(multishot);
    rig().await(multishot);
  }

  @Test
  default void optionsOfAConnectAreThoseOfItsConnection() throws IOException {
    assertAll(rig().handle(TestRequest.connect(peers().serverAddress()).with(ALL)));
    peers().accept();
  }

  @Test
  default void anOpenConnectionIsConfigured() throws IOException {
    Peers.Pair pair = peers().pair();
    assertEquals(0, rig().run(TestRequest.configure(pair.handle(), ALL)));
    assertAll(pair.handle());
    SocketOptions back = SocketOptions.defaults().withNoDelay(true).withResetOnClose(false);
    assertEquals(0, rig().run(TestRequest.configure(pair.handle(), back)));
    assertEquals(1, option(pair.handle(), Option.NO_DELAY));
    assertEquals(0, option(pair.handle(), Option.RESET_ON_CLOSE));
    assertEquals(1, option(pair.handle(), Option.KEEP_ALIVE), "what is not set stays");
    rig().close(pair.handle());
    rig().fails(Errno.EBADF, TestRequest.configure(pair.handle(), back));
  }

  @Test
  default void aResetOnCloseIsSeenByThePeer() throws IOException {
    Peers.Pair pair = peers().pair();
    SocketOptions reset = SocketOptions.defaults().withResetOnClose(true);
    assertEquals(0, rig().run(TestRequest.configure(pair.handle(), reset)));
    rig().close(pair.handle());
    SocketException seen =
        assertThrows(SocketException.class, () -> pair.peer().getInputStream().read());
    assertTrue(seen.getMessage().startsWith("Connection reset"), seen.getMessage());
  }

  @Test
  default void aConnectionComesFromItsLocalAddress() throws IOException {
    InetSocketAddress from = new InetSocketAddress("127.0.0.2", 0);
    IoHandle handle = rig().handle(TestRequest.connect(peers().serverAddress()).from(from));
    InetSocketAddress local = rig().driver.localAddress(handle);
    assertEquals(from.getAddress(), local.getAddress());
    assertEquals(local, peers().accept().getRemoteSocketAddress());
  }

  @Test
  default void aLocalPortIsUsedAgainWhileItsEarlierConnectionLingers() throws IOException {
    IoHandle unused = rig().handle(TestRequest.listen(new InetSocketAddress("127.0.0.2", 0), 1, 0));
    InetSocketAddress from = rig().driver.localAddress(unused);
    rig().close(unused);
    IoHandle first = rig().handle(TestRequest.connect(peers().serverAddress()).from(from));
    assertEquals(from, peers().accept().getRemoteSocketAddress());
    rig().close(first);
    IoHandle other = rig().handle(TestRequest.listen(Peers.anyPort(), 16, 0));
    InetSocketAddress elsewhere = rig().driver.localAddress(other);
    IoHandle second = rig().handle(TestRequest.connect(elsewhere).from(from));
    assertEquals(from, rig().driver.localAddress(second));
  }

  @Test
  default void aLocalAddressOfAnotherMachineIsRefused() {
    int before = DriverRig.descriptors();
    TestRequest connect = TestRequest.connect(peers().serverAddress());
    rig().fails(Errno.EADDRNOTAVAIL, connect.from(new InetSocketAddress("192.0.2.1", 0)));
    rig().until("its socket is closed", () -> DriverRig.descriptors() <= before);
  }

  @Test
  default void theWildcardIsForBothFamilies() throws IOException {
    for (String wildcard : new String[] {"0.0.0.0", "::"}) {
      IoHandle listener = wildcard(wildcard, 0);
      int port = rig().driver.localAddress(listener).getPort();
      peers().connect(new InetSocketAddress(ipv4Loopback(), port));
      rig().handle(TestRequest.accept(listener));
      if (Peers.hasIpv6()) {
        peers().connect(new InetSocketAddress(Peers.ipv6Loopback(), port));
        rig().handle(TestRequest.accept(listener));
      }
    }
  }

  @Test
  default void theWildcardIsForIpv4OnlyIfAsked() throws IOException {
    IoHandle listener = wildcard("0.0.0.0", IoRequest.LISTEN_IPV4_ONLY);
    int port = rig().driver.localAddress(listener).getPort();
    peers().connect(new InetSocketAddress(ipv4Loopback(), port));
    rig().handle(TestRequest.accept(listener));
    Peers.assumeIpv6();
    assertThrows(IOException.class, () -> new Socket(Peers.ipv6Loopback(), port).close());
  }

  /** Or it says that it cannot. */
  @Test
  default void theWildcardIsForIpv6OnlyIfAsked() throws IOException {
    Peers.assumeIpv6();
    TestRequest listen =
        TestRequest.listen(new InetSocketAddress("::", 0), 16, IoRequest.LISTEN_IPV6_ONLY);
    if (rig().run(listen) == -Errno.EINVAL) {
      assertTrue(listen.last().payload() instanceof UnsupportedOperationException);
      return;
    }
    IoHandle listener = (IoHandle) listen.last().payload();
    int port = rig().driver.localAddress(listener).getPort();
    peers().connect(new InetSocketAddress(Peers.ipv6Loopback(), port));
    rig().handle(TestRequest.accept(listener));
    assertThrows(IOException.class, () -> new Socket(ipv4Loopback(), port).close());
  }

  private IoHandle wildcard(String address, int flags) {
    return rig().handle(TestRequest.listen(new InetSocketAddress(address, 0), 16, flags));
  }

  private static InetAddress ipv4Loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }
}
