package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.UnixAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Files and connections that are passed through Unix sockets: for a driver that can, beside {@link
 * IoDriverContract}. One that cannot refuses as {@link RefusalContract} says.
 */
public interface DescriptorContract extends DriverContractPart {
  /** Two ends of a Unix connection, both of them of the driver. */
  record UnixPair(IoHandle near, IoHandle far) {}

  private UnixPair unixPair() {
    UnixAddress address = UnixAddress.of(directory().resolve("passing"));
    IoHandle listener = rig().handle(TestRequest.listen(address, 16, 0));
    TestRequest accept = rig().submit(TestRequest.accept(listener));
    IoHandle near = rig().handle(TestRequest.connect(address));
    rig().await(accept);
    return new UnixPair(near, (IoHandle) accept.last().payload());
  }

  private IoHandle file(String name) throws IOException {
    Files.writeString(directory().resolve(name), "content of " + name);
    return rig().handle(TestRequest.open(directory().resolve(name), IoRequest.OPEN_READ));
  }

  /** Passes with one byte. */
  private void pass(UnixPair pair, IoHandle passed) {
    TestRequest send = TestRequest.sendDescriptor(pair.near, rig().buffer(Bytes.of("x")), passed);
    assertEquals(1, rig().run(send));
  }

  private static ReceivedDescriptors received(TestRequest receive) {
    ReceivedDescriptors received =
        assertInstanceOf(ReceivedDescriptors.class, receive.last().payload());
    assertEquals(receive.last().result(), received.data().readableBytes());
    assertFalse(receive.last().more());
    assertFalse(received.truncated());
    return received;
  }

  /** Receives a byte and a descriptor. */
  private DetachedDescriptor passed(UnixPair pair) {
    TestRequest receive = rig().await(rig().submit(TestRequest.receiveDescriptors(pair.far)));
    ReceivedDescriptors received = received(receive);
    assertArrayEquals(Bytes.of("x"), received.data().readAll());
    received.data().release();
    assertEquals(1, received.descriptors().size());
    return received.descriptors().get(0);
  }

  private void assertContent(String name, IoHandle file) {
    byte[] expected = Bytes.of("content of " + name);
    var buffer = rig().buffer(100);
    assertEquals(expected.length, rig().run(TestRequest.read(file, 0, buffer)));
    assertArrayEquals(expected, buffer.setIndex(0, expected.length).readAll());
  }

  private void assertDescriptors(int expected) {
    rig().until("all are closed", () -> DriverRig.descriptors() == expected);
  }

  @Test
  default void aPassedFileIsReadByWhoGetsIt() throws IOException {
    UnixPair pair = unixPair();
    IoHandle file = file("passed");
    pass(pair, file);
    rig().close(file);
    DetachedDescriptor descriptor = passed(pair);
    assertFalse(descriptor.appends());
    assertFalse(descriptor.isDirect());
    assertThrows(
        IllegalArgumentException.class, () -> rig().driver.attach(descriptor, true), "no socket");
    IoHandle taken = rig().driver.attach(descriptor, false);
    assertThrows(IllegalStateException.class, () -> rig().driver.attach(descriptor, false));
    descriptor.close();
    assertContent("passed", taken);
    rig().close(taken);
  }

  @Test
  default void aPassedFileKeepsItsMode() throws IOException {
    UnixPair pair = unixPair();
    int flags = IoRequest.OPEN_WRITE | IoRequest.OPEN_CREATE | IoRequest.OPEN_APPEND;
    IoHandle file = rig().handle(TestRequest.open(directory().resolve("log"), flags));
    pass(pair, file);
    DetachedDescriptor descriptor = passed(pair);
    assertTrue(descriptor.appends());
    descriptor.close();
    descriptor.close();
    assertThrows(IllegalStateException.class, descriptor::appends);
    assertThrows(IllegalStateException.class, () -> rig().driver.attach(descriptor, false));
  }

  @Test
  default void aPassedConnectionGoesOn() throws IOException {
    UnixPair pair = unixPair();
    Peers.Pair connection = peers().pair();
    pass(pair, connection.handle());
    rig().close(connection.handle());
    DetachedDescriptor descriptor = passed(pair);
    assertThrows(
        IllegalArgumentException.class, () -> rig().driver.attach(descriptor, false), "a socket");
    IoHandle taken = rig().driver.attach(descriptor, true);
    assertEquals(connection.peer().getLocalSocketAddress(), rig().driver.remoteAddress(taken));
    assertEquals(5, rig().run(TestRequest.send(taken, rig().buffer(Bytes.of("hello")))));
    assertArrayEquals(Bytes.of("hello"), connection.peer().getInputStream().readNBytes(5));
    TestRequest receive = rig().submit(TestRequest.receive(taken));
    rig().settle();
    connection.peer().getOutputStream().write(Bytes.of("answer"));
    assertArrayEquals(Bytes.of("answer"), rig().take(rig().await(receive).last()));
    rig().close(taken);
    assertEquals(-1, connection.peer().getInputStream().read());
  }

  @Test
  default void aListenerIsNoConnection() throws IOException {
    UnixPair pair = unixPair();
    pass(pair, rig().handle(TestRequest.listen(Peers.anyPort(), 1, 0)));
    DetachedDescriptor descriptor = passed(pair);
    assertThrows(IllegalArgumentException.class, () -> rig().driver.attach(descriptor, true));
    descriptor.close();
  }

  @Test
  default void descriptorsComeWithTheirBytes() throws IOException {
    UnixPair pair = unixPair();
    pass(pair, file("first"));
    pass(pair, file("second"));
    assertEquals(3, rig().run(TestRequest.send(pair.near, rig().buffer(Bytes.of("and")))));
    for (String name : new String[] {"first", "second"}) {
      assertContent(name, rig().driver.attach(passed(pair), false));
    }
    TestRequest receive = rig().await(rig().submit(TestRequest.receiveDescriptors(pair.far)));
    ReceivedDescriptors received = received(receive);
    assertEquals(List.of(), received.descriptors());
    assertArrayEquals(Bytes.of("and"), received.data().readAll());
    received.data().release();
    assertEquals(0, rig().run(TestRequest.shutdownOutput(pair.near)));
    assertEquals(0, rig().run(receive));
    assertEquals(null, receive.last().payload());
  }

  @Test
  default void muchIsSentWithADescriptor() throws IOException {
    UnixPair pair = unixPair();
    byte[] content = Bytes.random(2_000_000);
    var buffer = rig().buffer(content);
    TestRequest send = rig().submit(TestRequest.sendDescriptor(pair.near, buffer, file("much")));
    rig().settle();
    Bytes bytes = new Bytes();
    List<DetachedDescriptor> descriptors = new ArrayList<>();
    TestRequest receive = TestRequest.receiveDescriptors(pair.far);
    receive.onCompletion(
        () -> {
          ReceivedDescriptors received = received(receive);
          assertTrue(bytes.size() == 0 || received.descriptors().isEmpty(), "with the first byte");
          descriptors.addAll(received.descriptors());
          bytes.add(received.data().readAll());
          received.data().release();
          if (bytes.size() < content.length) {
            rig().submit(receive);
          }
        });
    rig().submit(receive);
    int sent = rig().await(send).last().result();
    while (sent < content.length) {
      int left = content.length - sent;
      sent += rig().run(TestRequest.transfer(IoOpcode.SEND, pair.near, 0, buffer, sent, left));
    }
    rig().until("all is received", () -> bytes.size() == content.length);
    assertArrayEquals(content, bytes.toArray());
    assertEquals(1, descriptors.size());
    descriptors.get(0).close();
  }

  /** The number of a closed file may be another one's by the time the kernel looks it up. */
  @Test
  default void whatIsPassedIsTheFileOfTheSubmission() throws IOException {
    UnixPair pair = unixPair();
    IoHandle file = file("right");
    TestRequest blocked =
        rig().submit(TestRequest.send(pair.near, rig().buffer(new byte[8 << 20])));
    rig().settle();
    TestRequest more = rig().submit(TestRequest.send(pair.near, rig().buffer(new byte[8 << 20])));
    rig().settle();
    TestRequest pass =
        rig().submit(TestRequest.sendDescriptor(pair.near, rig().buffer(new byte[1]), file));
    rig().settle();
    rig().close(file);
    List<IoHandle> others = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      others.add(file("wrong" + i));
    }
    TestRequest receive = TestRequest.receiveDescriptors(pair.far);
    List<DetachedDescriptor> found = new ArrayList<>();
    receive.onCompletion(
        () -> {
          if (receive.last().payload() instanceof ReceivedDescriptors received) {
            found.addAll(received.descriptors());
            received.data().release();
            if (found.isEmpty()) {
              rig().submit(receive);
            }
          }
        });
    rig().submit(receive);
    rig().until("the descriptor has come", () -> !found.isEmpty());
    assertEquals(1, rig().await(pass).last().result());
    assertContent("right", rig().driver.attach(found.get(0), false));
    rig().cancel(blocked);
    rig().cancel(more);
    rig().await(blocked);
    rig().await(more);
    others.forEach(rig()::close);
  }

  @Test
  default void whatNobodyReceivesIsClosed() throws IOException {
    UnixPair pair = unixPair();
    IoHandle file = file("unwanted");
    int before = DriverRig.descriptors();
    pass(pair, file);
    pass(pair, file);
    // A receive that has no room for descriptors.
    TestRequest plain = rig().await(rig().submit(TestRequest.receive(pair.far)));
    assertArrayEquals(Bytes.of("x"), rig().take(plain.last()));
    assertEquals(before, DriverRig.descriptors());
    rig().close(pair.far);
    assertDescriptors(before - 1);
  }

  @Test
  default void aReceiveOfDescriptorsIsCancelled() throws IOException {
    UnixPair pair = unixPair();
    IoHandle file = file("late");
    int before = DriverRig.descriptors();
    for (boolean settled : new boolean[] {false, true}) {
      TestRequest receive = rig().submit(TestRequest.receiveDescriptors(pair.far));
      if (settled) {
        rig().settle();
      }
      rig().cancel(receive);
      rig().await(receive);
      assertEquals(-Errno.ECANCELED, receive.last().result());
    }
    pass(pair, file);
    passed(pair).close();
    TestRequest receive = rig().submit(TestRequest.receiveDescriptors(pair.far));
    rig().settle();
    rig().close(pair.far);
    assertTrue(receive.isFinished(), "ends before the close");
    assertEquals(-Errno.ECANCELED, receive.last().result());
    assertDescriptors(before - 1);
  }

  @Test
  default void aSendOfADescriptorThatIsCancelledLeavesNothingOpen() throws IOException {
    UnixPair pair = unixPair();
    IoHandle file = file("kept");
    TestRequest blocked =
        rig().submit(TestRequest.send(pair.near, rig().buffer(new byte[8 << 20])));
    rig().settle();
    TestRequest more = rig().submit(TestRequest.send(pair.near, rig().buffer(new byte[8 << 20])));
    rig().settle();
    int before = DriverRig.descriptors();
    TestRequest pass =
        rig().submit(TestRequest.sendDescriptor(pair.near, rig().buffer(new byte[1]), file));
    rig().settle();
    rig().cancel(pass);
    rig().await(pass);
    assertEquals(-Errno.ECANCELED, pass.last().result());
    assertEquals(before, DriverRig.descriptors());
    rig().close(pair.near);
    assertTrue(blocked.isFinished() && more.isFinished());
    assertDescriptors(before - 1);
  }

  @Test
  default void whatIsClosedIsNotPassed() throws IOException {
    UnixPair pair = unixPair();
    IoHandle file = file("closed");
    pass(pair, file);
    passed(pair).close();
    rig().close(file);
    rig()
        .fails(Errno.EBADF, TestRequest.sendDescriptor(pair.near, rig().buffer(new byte[1]), file));
    DriverRig other = new DriverRig(provider());
    IoHandle foreign = other.handle(TestRequest.listen(Peers.anyPort(), 1, 0));
    TestRequest send = TestRequest.sendDescriptor(pair.near, rig().buffer(new byte[1]), foreign);
    assertThrows(IllegalArgumentException.class, () -> rig().driver.submit(send));
    other.close(foreign);
    other.finish();
  }
}
