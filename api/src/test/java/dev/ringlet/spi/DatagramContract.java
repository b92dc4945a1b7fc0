package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringlet.io.Datagram;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.SocketOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** UDP sockets: whole datagrams with their senders, shortages, groups. */
interface DatagramContract extends DriverContractPart {
  /** What a datagram can have of a receive buffer. */
  int ROOM = DriverRig.RECEIVE_BUFFER_BYTES - Datagram.OVERHEAD_BYTES;

  private IoHandle bound() {
    return bound(Peers.anyPort(), null);
  }

  private IoHandle bound(InetSocketAddress local, InetSocketAddress remote) {
    return rig().handle(TestRequest.bindDatagram(local, remote));
  }

  private InetSocketAddress address(IoHandle socket) {
    return rig().driver.localAddress(socket);
  }

  private void send(IoHandle from, byte[] content, InetSocketAddress to) {
    IoBuffer buffer = rig().buffer(Math.max(1, content.length)).write(content);
    TestRequest send = TestRequest.sendDatagram(from, buffer, to);
    assertEquals(content.length, rig().run(send));
  }

  private static Datagram datagram(TestRequest.Completion completion) {
    Datagram datagram = assertInstanceOf(Datagram.class, completion.payload());
    assertEquals(completion.result(), datagram.data().readableBytes());
    return datagram;
  }

  private static byte[] take(Datagram datagram) {
    byte[] bytes = datagram.data().readAll();
    datagram.release();
    return bytes;
  }

  @Test
  default void datagramsComeOneByOneWithTheirSender() {
    IoHandle near = bound();
    IoHandle far = bound();
    for (String text : new String[] {"one", "", "three"}) {
      TestRequest receive = rig().submit(TestRequest.receiveDatagram(far));
      send(near, Bytes.of(text), address(far));
      rig().await(receive);
      Datagram datagram = datagram(receive.last());
      assertEquals(address(near), datagram.sender());
      assertFalse(datagram.truncated());
      assertArrayEquals(Bytes.of(text), take(datagram));
    }
  }

  @Test
  default void aMultishotReceiveGoesOnAndTellsManySendersApart() {
    IoHandle far = bound();
    TestRequest receive = rig().submit(TestRequest.receiveDatagram(far).multishot());
    List<IoHandle> senders = List.of(bound(), bound(), bound());
    for (int i = 0; i < 30; i++) {
      IoHandle sender = senders.get(i % 3);
      byte[] content = Bytes.random(1 + i * 30);
      send(sender, content, address(far));
      int count = i + 1;
      rig().awaitCompletions(receive, count);
      TestRequest.Completion completion = receive.completions.get(i);
      assertTrue(completion.more());
      Datagram datagram = datagram(completion);
      assertEquals(address(sender), datagram.sender());
      assertArrayEquals(content, take(datagram));
    }
    rig().cancel(receive);
    assertEquals(-Errno.ECANCELED, rig().await(receive).last().result());
  }

  /** A multishot request may end with it, but the stream does not. */
  @Test
  default void anEmptyDatagramIsNotAnEnd() {
    IoHandle near = bound();
    IoHandle far = bound();
    TestRequest receive = rig().submit(TestRequest.receiveDatagram(far).multishot());
    send(near, new byte[0], address(far));
    rig().awaitCompletions(receive, 1);
    Datagram empty = datagram(receive.completions.get(0));
    assertEquals(address(near), empty.sender());
    assertArrayEquals(new byte[0], take(empty));
    if (receive.isFinished()) {
      rig().submit(receive);
    }
    send(near, Bytes.of("next"), address(far));
    rig().awaitCompletions(receive, 2);
    assertArrayEquals(Bytes.of("next"), take(datagram(receive.completions.get(1))));
    rig().cancel(receive);
    rig().await(receive);
  }

  @Test
  default void whatIsTooLongIsCutAndSaysSo() {
    IoHandle near = bound();
    IoHandle far = bound();
    for (boolean multishot : new boolean[] {false, true}) {
      for (int length : new int[] {ROOM, ROOM + 1, 5 * ROOM}) {
        TestRequest receive = TestRequest.receiveDatagram(far);
        rig().submit(multishot ? receive.multishot() : receive);
        byte[] content = Bytes.random(length);
        send(near, content, address(far));
        rig().awaitCompletions(receive, 1);
        Datagram datagram = datagram(receive.completions.get(0));
        assertEquals(length > ROOM, datagram.truncated(), "length " + length);
        assertEquals(address(near), datagram.sender());
        byte[] expected = Arrays.copyOf(content, Math.min(length, ROOM));
        assertArrayEquals(expected, take(datagram));
        rig().cancel(receive);
        rig().await(receive);
      }
    }
  }

  @Test
  default void theJdkIsUnderstood() throws IOException {
    IoHandle socket = bound();
    try (DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      peer.setSoTimeout((int) DriverRig.PATIENCE.toMillis());
      InetSocketAddress peerAddress = (InetSocketAddress) peer.getLocalSocketAddress();
      send(socket, Bytes.of("ask"), peerAddress);
      DatagramPacket packet = new DatagramPacket(new byte[10], 10);
      peer.receive(packet);
      assertEquals(3, packet.getLength());
      assertEquals(address(socket), packet.getSocketAddress());
      peer.send(new DatagramPacket(Bytes.of("answer"), 6, packet.getSocketAddress()));
      TestRequest receive = rig().await(rig().submit(TestRequest.receiveDatagram(socket)));
      Datagram answer = datagram(receive.last());
      assertEquals(peerAddress, answer.sender());
      assertArrayEquals(Bytes.of("answer"), take(answer));
    }
  }

  @Test
  default void aConnectedSocketHearsItsPeerOnly() {
    IoHandle far = bound();
    IoHandle near = bound(Peers.anyPort(), address(far));
    IoHandle stranger = bound();
    TestRequest receive = rig().submit(TestRequest.receiveDatagram(near));
    send(stranger, Bytes.of("strange"), address(near));
    send(near, Bytes.of("ask"), null);
    assertComes(far, "ask", near);
    send(far, Bytes.of("answer"), address(near));
    rig().await(receive);
    assertArrayEquals(Bytes.of("answer"), take(datagram(receive.last())));
    // An empty one, or it says that it cannot.
    TestRequest empty = TestRequest.sendDatagram(near, rig().buffer(1), null);
    if (rig().run(empty) == -Errno.EINVAL) {
      assertInstanceOf(UnsupportedOperationException.class, empty.last().payload());
      return;
    }
    assertEquals(0, empty.last().result());
    TestRequest nothing = rig().await(rig().submit(TestRequest.receiveDatagram(far)));
    assertArrayEquals(new byte[0], take(datagram(nothing.last())));
  }

  /** There with an address, back on a socket that knows its peer. */
  @Test
  default void datagramsGoOverIpv6() throws IOException {
    Peers.assumeIpv6();
    IoHandle far = bound(Peers.anyIpv6Port(), null);
    IoHandle asking = bound(Peers.anyIpv6Port(), null);
    IoHandle connected = bound(Peers.anyIpv6Port(), address(far));
    for (IoHandle near : new IoHandle[] {asking, connected}) {
      assertEquals(Peers.ipv6Loopback(), address(near).getAddress());
      send(near, Bytes.of("ask"), near == connected ? null : address(far));
      assertComes(far, "ask", near);
      send(far, Bytes.of("answer"), address(near));
      assertComes(near, "answer", far);
    }
  }

  private void assertComes(IoHandle at, String text, IoHandle from) {
    TestRequest receive = rig().await(rig().submit(TestRequest.receiveDatagram(at)));
    Datagram datagram = datagram(receive.last());
    assertEquals(address(from), datagram.sender());
    assertArrayEquals(Bytes.of(text), take(datagram));
  }

  @Test
  default void receivingWaitsForBuffersAndGoesOn() {
    IoHandle near = bound();
    IoHandle far = bound();
    TestRequest receive = rig().submit(TestRequest.receiveDatagram(far).multishot());
    int count = 3 * DriverRig.RECEIVE_BUFFERS;
    for (int i = 0; i < count; i++) {
      send(near, new byte[] {(byte) i}, address(far));
    }
    rig().awaitCompletions(receive, DriverRig.RECEIVE_BUFFERS);
    rig().settle();
    assertEquals(DriverRig.RECEIVE_BUFFERS, receive.completions.size(), "no buffer is free");
    for (int i = 0; i < count; i++) {
      rig().awaitCompletions(receive, i + 1);
      assertArrayEquals(new byte[] {(byte) i}, take(datagram(receive.completions.get(i))));
    }
    rig().cancel(receive);
    rig().await(receive);
  }

  @Test
  default void receivesOfADatagramSocketEndBeforeItsClose() {
    for (boolean multishot : new boolean[] {false, true}) {
      IoHandle socket = bound();
      TestRequest receive = TestRequest.receiveDatagram(socket);
      rig().submit(multishot ? receive.multishot() : receive);
      rig().settle();
      rig().close(socket);
      assertTrue(receive.isFinished(), "ends before the close");
      assertEquals(-Errno.ECANCELED, receive.last().result());
      rig().fails(Errno.EBADF, TestRequest.receiveDatagram(socket));
    }
  }

  @Test
  default void receivesOfADatagramSocketAreCancelled() {
    IoHandle near = bound();
    IoHandle far = bound();
    for (boolean multishot : new boolean[] {false, true}) {
      TestRequest receive = TestRequest.receiveDatagram(far);
      rig().submit(multishot ? receive.multishot() : receive);
      rig().cancel(receive);
      assertEquals(-Errno.ECANCELED, rig().await(receive).last().result());
      rig().submit(receive);
      rig().settle();
      rig().cancel(receive);
      assertEquals(-Errno.ECANCELED, rig().await(receive).last().result());
      // Nothing is lost to a request that has gone.
      send(near, Bytes.of("late"), address(far));
      TestRequest next = rig().await(rig().submit(TestRequest.receiveDatagram(far)));
      assertArrayEquals(Bytes.of("late"), take(datagram(next.last())));
    }
  }

  @Test
  default void aDatagramThatIsTooLongIsRefused() {
    IoHandle socket = bound();
    TestRequest send =
        TestRequest.sendDatagram(socket, rig().buffer(new byte[70_000]), address(socket));
    rig().fails(Errno.EMSGSIZE, send);
  }

  /** One send, many datagrams; or the driver says that it cannot. */
  @Test
  default void aSendIsCutIntoSegments() {
    TestRequest bind =
        TestRequest.bindDatagram(Peers.anyPort(), null)
            .with(SocketOptions.defaults().withSegmentBytes(200));
    if (rig().run(bind) == -Errno.EINVAL) {
      Object said = bind.last().payload();
      assertInstanceOf(UnsupportedOperationException.class, said);
      assertTrue(said.toString().contains("uring driver"), said.toString());
      return;
    }
    IoHandle near = (IoHandle) bind.last().payload();
    IoHandle far = bound();
    TestRequest receive = rig().submit(TestRequest.receiveDatagram(far).multishot());
    byte[] content = Bytes.random(7 * 200 + 30);
    send(near, content, address(far));
    for (int i = 0; i < 8; i++) {
      rig().awaitCompletions(receive, i + 1);
      Datagram datagram = datagram(receive.completions.get(i));
      assertEquals(address(near), datagram.sender());
      int end = Math.min(content.length, (i + 1) * 200);
      assertArrayEquals(Arrays.copyOfRange(content, i * 200, end), take(datagram));
    }
    // What is no more than one segment is one datagram.
    send(near, Bytes.of("small"), address(far));
    rig().awaitCompletions(receive, 9);
    assertArrayEquals(Bytes.of("small"), take(datagram(receive.completions.get(8))));
    rig().cancel(receive);
    rig().await(receive);
    rig()
        .fails(
            Errno.EINVAL,
            TestRequest.sendDatagram(near, rig().buffer(new byte[200 * 200]), address(far)));
  }

  @Test
  default void aPortIsSharedIfAllSay() {
    TestRequest first = TestRequest.bindDatagram(Peers.anyPort(), null);
    first.flags = IoRequest.LISTEN_SHARED_PORT;
    InetSocketAddress taken = address(rig().handle(first));
    TestRequest second = TestRequest.bindDatagram(taken, null);
    second.flags = IoRequest.LISTEN_SHARED_PORT;
    assertNotNull(rig().handle(second));
    rig().fails(Errno.EADDRINUSE, TestRequest.bindDatagram(taken, null));
  }

  @Test
  default void broadcastNeedsToBeAllowed() {
    IoHandle socket = bound();
    InetSocketAddress everybody = new InetSocketAddress("255.255.255.255", 9);
    TestRequest send = TestRequest.sendDatagram(socket, rig().buffer(new byte[1]), everybody);
    rig().fails(Errno.EACCES, send);
    TestRequest bind =
        TestRequest.bindDatagram(new InetSocketAddress("0.0.0.0", 0), null)
            .with(SocketOptions.defaults().withBroadcast(true));
    int result =
        rig()
            .run(
                TestRequest.sendDatagram(rig().handle(bind), rig().buffer(new byte[1]), everybody));
    // Whether there is a network to send it to is another matter.
    assertTrue(result == 1 || result == -Errno.ENETUNREACH, "result " + result);
  }

  @Test
  default void membersOfAGroupGetWhatIsSentToIt() throws IOException {
    assertGroup(
        new InetSocketAddress("0.0.0.0", 0),
        InetAddress.getByAddress(new byte[] {(byte) 239, 1, 2, 3}),
        NetworkInterface.getByInetAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
  }

  @Test
  default void membersOfAnIpv6GroupGetWhatIsSentToIt() throws IOException {
    byte[] group = new byte[16];
    group[0] = (byte) 0xff;
    group[1] = 1; // of this interface
    group[15] = 77;
    NetworkInterface via = withIpv6Multicast();
    assumeTrue(via != null, "no interface of this machine has multicast of IPv6");
    assertGroup(new InetSocketAddress("::", 0), InetAddress.getByAddress(group), via);
  }

  /** Not the loopback interface, to which the kernel has no such route. */
  private static NetworkInterface withIpv6Multicast() throws IOException {
    return NetworkInterface.networkInterfaces()
        .filter(DatagramContract::hasIpv6Multicast)
        .findFirst()
        .orElse(null);
  }

  private static boolean hasIpv6Multicast(NetworkInterface each) {
    try {
      return each.isUp()
          && each.supportsMulticast()
          && !each.isLoopback()
          && each.inetAddresses().anyMatch(address -> address instanceof Inet6Address);
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertGroup(InetSocketAddress wildcard, InetAddress group, NetworkInterface on) {
    int via = on.getIndex();
    SocketOptions options =
        SocketOptions.defaults()
            .withMulticastInterface(on)
            .withMulticastHops(0)
            .withMulticastLoop(true);
    TestRequest bind = TestRequest.bindDatagram(wildcard, null).with(options);
    IoHandle socket = rig().handle(bind);
    InetSocketAddress to = new InetSocketAddress(group, address(socket).getPort());
    assertEquals(0, rig().run(TestRequest.membership(IoOpcode.JOIN_GROUP, socket, group, via)));
    rig().fails(Errno.EADDRINUSE, TestRequest.membership(IoOpcode.JOIN_GROUP, socket, group, via));
    TestRequest receive = rig().submit(TestRequest.receiveDatagram(socket).multishot());
    send(socket, Bytes.of("to all"), to);
    rig().awaitCompletions(receive, 1);
    assertArrayEquals(Bytes.of("to all"), take(datagram(receive.completions.get(0))));
    assertEquals(0, rig().run(TestRequest.membership(IoOpcode.LEAVE_GROUP, socket, group, via)));
    rig()
        .fails(
            Errno.EADDRNOTAVAIL, TestRequest.membership(IoOpcode.LEAVE_GROUP, socket, group, via));
    rig().fails(Errno.ENODEV, TestRequest.membership(IoOpcode.JOIN_GROUP, socket, group, 1 << 20));
    rig().cancel(receive);
    rig().await(receive);
  }
}
