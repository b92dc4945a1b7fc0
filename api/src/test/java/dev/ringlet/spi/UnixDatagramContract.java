package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixDatagram;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Datagram sockets of the Unix domain: for a driver that has them, beside {@link IoDriverContract}.
 * One that has none refuses as {@link RefusalContract} says.
 */
public interface UnixDatagramContract extends DriverContractPart {
  /** What a datagram can have of a receive buffer. */
  int ROOM_OF_UNIX = DriverRig.RECEIVE_BUFFER_BYTES - UnixDatagram.OVERHEAD_BYTES;

  private UnixAddress address(String name) {
    return UnixAddress.of(directory().resolve(name));
  }

  private IoHandle boundTo(UnixAddress local, UnixAddress remote) {
    return rig().handle(TestRequest.bindDatagram(local, remote));
  }

  private IoHandle boundTo(String name) {
    return boundTo(address(name), null);
  }

  private void sendTo(IoHandle from, byte[] content, UnixAddress to) {
    var buffer = rig().buffer(Math.max(1, content.length)).write(content);
    assertEquals(content.length, rig().run(TestRequest.sendDatagram(from, buffer, to)));
  }

  private static UnixDatagram unixDatagram(TestRequest.Completion completion) {
    UnixDatagram datagram = assertInstanceOf(UnixDatagram.class, completion.payload());
    assertEquals(completion.result(), datagram.data().readableBytes());
    return datagram;
  }

  private static byte[] takeFrom(UnixDatagram datagram) {
    byte[] bytes = datagram.data().readAll();
    datagram.release();
    return bytes;
  }

  @Test
  default void unixDatagramsComeOneByOneWithTheirSender() {
    IoHandle near = boundTo("near");
    IoHandle far = boundTo("far");
    for (String text : new String[] {"one", "", "three"}) {
      TestRequest receive = rig().submit(TestRequest.receiveDatagram(far));
      sendTo(near, Bytes.of(text), address("far"));
      rig().await(receive);
      UnixDatagram datagram = unixDatagram(receive.last());
      assertEquals(address("near"), datagram.sender());
      assertFalse(datagram.truncated());
      assertArrayEquals(Bytes.of(text), takeFrom(datagram));
    }
  }

  @Test
  default void aMultishotReceiveTellsSendersOfTheUnixDomainApart() {
    IoHandle far = boundTo("far");
    UnixAddress abstractName = UnixAddress.ofAbstract("ringlet sender " + directory());
    String longName = "n".repeat(UnixAddress.MAX_BYTES - directory().toString().length() - 1);
    List<UnixAddress> addresses = List.of(address("a"), abstractName, address(longName));
    List<IoHandle> senders = new ArrayList<>();
    addresses.forEach(each -> senders.add(boundTo(each, null)));
    TestRequest receive = rig().submit(TestRequest.receiveDatagram(far).multishot());
    for (int i = 0; i < 30; i++) {
      byte[] content = Bytes.random(1 + i * 29);
      sendTo(senders.get(i % 3), content, address("far"));
      rig().awaitCompletions(receive, i + 1);
      TestRequest.Completion completion = receive.completions.get(i);
      assertTrue(completion.more());
      UnixDatagram datagram = unixDatagram(completion);
      assertEquals(addresses.get(i % 3), datagram.sender());
      assertArrayEquals(content, takeFrom(datagram));
    }
    rig().cancel(receive);
    assertEquals(-Errno.ECANCELED, rig().await(receive).last().result());
  }

  @Test
  default void anAbstractNameReceivesToo() {
    UnixAddress far = UnixAddress.ofAbstract("ringlet receiver " + directory());
    IoHandle receiver = boundTo(far, null);
    IoHandle sender = boundTo("sender");
    sendTo(sender, Bytes.of("hi"), far);
    TestRequest receive = rig().await(rig().submit(TestRequest.receiveDatagram(receiver)));
    assertArrayEquals(Bytes.of("hi"), takeFrom(unixDatagram(receive.last())));
  }

  @Test
  default void aUnixDatagramThatIsTooLongIsCutAndSaysSo() {
    IoHandle near = boundTo("near");
    IoHandle far = boundTo("far");
    for (boolean multishot : new boolean[] {false, true}) {
      for (int length : new int[] {ROOM_OF_UNIX, ROOM_OF_UNIX + 1, 5 * ROOM_OF_UNIX}) {
        TestRequest receive = TestRequest.receiveDatagram(far);
        rig().submit(multishot ? receive.multishot() : receive);
        byte[] content = Bytes.random(length);
        sendTo(near, content, address("far"));
        rig().awaitCompletions(receive, 1);
        UnixDatagram datagram = unixDatagram(receive.completions.get(0));
        assertEquals(length > ROOM_OF_UNIX, datagram.truncated(), "length " + length);
        assertEquals(address("near"), datagram.sender());
        byte[] expected = Arrays.copyOf(content, Math.min(length, ROOM_OF_UNIX));
        assertArrayEquals(expected, takeFrom(datagram));
        rig().cancel(receive);
        rig().await(receive);
      }
    }
    TestRequest tooLong =
        TestRequest.sendDatagram(near, rig().buffer(new byte[8 << 20]), address("far"));
    rig().fails(Errno.EMSGSIZE, tooLong);
  }

  @Test
  default void aConnectedUnixSocketHearsItsPeerOnly() {
    IoHandle far = boundTo("far");
    IoHandle near = boundTo(address("near"), address("far"));
    IoHandle stranger = boundTo("stranger");
    TestRequest strange =
        TestRequest.sendDatagram(stranger, rig().buffer(Bytes.of("strange")), address("near"));
    rig().fails(Errno.EPERM, strange);
    sendTo(near, Bytes.of("ask"), null);
    sendTo(near, new byte[0], null);
    for (String text : new String[] {"ask", ""}) {
      TestRequest ask = rig().await(rig().submit(TestRequest.receiveDatagram(far)));
      assertEquals(address("near"), unixDatagram(ask.last()).sender());
      assertArrayEquals(Bytes.of(text), takeFrom(unixDatagram(ask.last())));
    }
    sendTo(far, Bytes.of("answer"), address("near"));
    TestRequest answer = rig().await(rig().submit(TestRequest.receiveDatagram(near)));
    assertArrayEquals(Bytes.of("answer"), takeFrom(unixDatagram(answer.last())));
  }

  /** The kernel keeps a few datagrams for a receiver, and none of them twice, empty or cut. */
  @Test
  default void aFullReceiverIsTold() {
    IoHandle near = boundTo("near");
    IoHandle far = boundTo("far");
    int sent = 0;
    TestRequest send = null;
    while (send == null || send.last().result() == 1) {
      send = TestRequest.sendDatagram(near, rig().buffer(new byte[] {(byte) sent}), address("far"));
      sent += Math.max(0, rig().run(send));
      assertTrue(sent < 10_000, "it is never full");
    }
    assertEquals(-Errno.EAGAIN, send.last().result());
    TestRequest receive = TestRequest.receiveDatagram(far);
    for (int i = 0; i < sent; i++) {
      rig().await(rig().submit(receive));
      assertArrayEquals(new byte[] {(byte) i}, takeFrom(unixDatagram(receive.last())));
    }
    assertEquals(1, rig().run(send));
    rig().await(rig().submit(receive));
    assertArrayEquals(new byte[] {(byte) sent}, takeFrom(unixDatagram(receive.last())));
    rig().submit(receive);
    rig().settle();
    assertFalse(receive.isFinished(), "nothing else was sent");
    rig().cancel(receive);
    rig().await(receive);
  }

  @Test
  default void nobodyAtAnAddressIsTold() throws Exception {
    IoHandle near = boundTo("near");
    TestRequest send = TestRequest.sendDatagram(near, rig().buffer(new byte[1]), address("far"));
    rig().fails(Errno.ENOENT, send);
    IoHandle far = boundTo("far");
    rig().close(far);
    assertTrue(Files.exists(directory().resolve("far")), "the file stays");
    rig().fails(Errno.ECONNREFUSED, send);
    rig().fails(Errno.EADDRINUSE, TestRequest.bindDatagram(address("far"), null));
    Files.delete(directory().resolve("far"));
    rig().fails(Errno.ENOENT, TestRequest.bindDatagram(address("other"), address("far")));
    assertFalse(Files.exists(directory().resolve("other")), "no file of what was not made");
  }

  @Test
  default void receivesOfAUnixDatagramSocketEndBeforeItsClose() {
    int number = 0;
    for (boolean multishot : new boolean[] {false, true}) {
      IoHandle socket = boundTo("closed" + number++);
      TestRequest receive = TestRequest.receiveDatagram(socket);
      rig().submit(multishot ? receive.multishot() : receive);
      rig().settle();
      rig().close(socket);
      assertTrue(receive.isFinished(), "ends before the close");
      assertEquals(-Errno.ECANCELED, receive.last().result());
      rig().fails(Errno.EBADF, TestRequest.receiveDatagram(socket));
    }
  }
}
