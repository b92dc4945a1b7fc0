package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixMessage;
import dev.ringlet.spi.DetachedDescriptor;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import dev.ringlet.spi.OpenFiles;
import dev.ringlet.spi.ReceivedDescriptors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Descriptors as other programs pass them: many at once, in any state. */
@RequiresUring
@Timeout(60)
class UringDriverDescriptorTest {
  private final DriverFixture io = DriverFixture.normal();

  @TempDir Path directory;

  @AfterEach
  void close() {
    io.close();
  }

  private DriverFixture.Pair unixPair() {
    UnixAddress address = UnixAddress.of(directory.resolve("passing"));
    UringHandle listener = io.succeed(TestRequest.listen(address, 0)).handlePayload();
    TestRequest accept = io.submit(TestRequest.on(listener, IoOpcode.ACCEPT));
    UringHandle client = io.succeed(TestRequest.connect(address)).handlePayload();
    io.turnUntil(accept::isDone);
    io.accepted.clear();
    io.closeHandle(listener);
    return new DriverFixture.Pair(client, accept.handlePayload());
  }

  private ReceivedDescriptors receive(UringHandle handle) {
    TestRequest receive = io.succeed(TestRequest.on(handle, IoOpcode.RECEIVE_DESCRIPTORS));
    ReceivedDescriptors received = (ReceivedDescriptors) receive.last().payload();
    assertEquals(1, received.data().readableBytes());
    received.data().release();
    return received;
  }

  private static int[] copies(UringHandle handle, int count) {
    int[] copies = new int[count];
    Arrays.fill(copies, handle.fd);
    return copies;
  }

  @Test
  void asManyAsThereIsRoomForCome() {
    DriverFixture.Pair pair = unixPair();
    Syscalls.sendDescriptors(pair.client().fd, copies(pair.client(), UnixMessage.MAX_DESCRIPTORS));
    ReceivedDescriptors received = receive(pair.server());
    assertEquals(UnixMessage.MAX_DESCRIPTORS, received.descriptors().size());
    assertEquals(
        UnixMessage.MAX_DESCRIPTORS,
        received.descriptors().stream().map(each -> ((PassedFd) each).fd()).distinct().count());
    received.descriptors().forEach(DetachedDescriptor::close);
  }

  /** None of those that came may stay open; the fixture counts them. */
  @Test
  void moreThanThereIsRoomForAreClosed() {
    DriverFixture.Pair pair = unixPair();
    int before = OpenFiles.list().size();
    Syscalls.sendDescriptors(
        pair.client().fd, copies(pair.client(), UnixMessage.MAX_DESCRIPTORS + 5));
    ReceivedDescriptors received = receive(pair.server());
    assertTrue(received.truncated());
    assertTrue(received.descriptors().isEmpty());
    assertEquals(before, OpenFiles.list().size());
    Syscalls.sendDescriptors(pair.client().fd, pair.client().fd);
    ReceivedDescriptors next = receive(pair.server());
    assertEquals(1, next.descriptors().size());
    next.descriptors().forEach(DetachedDescriptor::close);
  }

  /** A ring does not wait on a non-blocking socket, so it is made a blocking one. */
  @Test
  void aNonBlockingConnectionWaitsForData() {
    DriverFixture.Pair unix = unixPair();
    DriverFixture.Pair tcp = io.pair();
    Syscalls.setNonBlocking(tcp.client().fd);
    Syscalls.sendDescriptors(unix.client().fd, tcp.client().fd);
    DetachedDescriptor passed = receive(unix.server()).descriptors().get(0);
    UringHandle taken = (UringHandle) io.driver.attach(passed, true);
    TestRequest receive = io.submit(TestRequest.on(taken, IoOpcode.RECEIVE));
    io.turn();
    io.turn();
    assertTrue(receive.completions.isEmpty(), "nothing was sent");
    io.send(tcp.server(), "data");
    io.turnUntil(receive::isDone);
    assertEquals("data", DriverFixture.received(receive));
  }

  private static TestRequest sendDescriptor(
      UringHandle through, IoBuffer data, UringHandle passed) {
    TestRequest send = TestRequest.transfer(IoOpcode.SEND_DESCRIPTOR, through, data, 1, 0);
    send.otherHandle = passed;
    return send;
  }

  /** The driver passes a connection to itself. */
  private UringHandle passOn(UringHandle connection) {
    DriverFixture.Pair unix = unixPair();
    io.succeed(sendDescriptor(unix.client(), io.text("x"), connection));
    return (UringHandle) io.driver.attach(receive(unix.server()).descriptors().get(0), true);
  }

  /** Both handles are of the same open file, of which the kernel could cancel everything. */
  @Test
  void theCloseOfOneHandleLeavesTheOtherOneAlone() {
    DriverFixture.Pair tcp = io.pair();
    UringHandle given = tcp.client();
    TestRequest before = io.submit(TestRequest.multishot(given, IoOpcode.RECEIVE));
    UringHandle taken = passOn(given);
    TestRequest after = io.submit(TestRequest.multishot(taken, IoOpcode.RECEIVE));
    io.turn();
    io.closeHandle(given);
    assertEquals(-Errno.ECANCELED, before.result());
    assertTrue(after.completions.isEmpty(), "it still receives");
    io.send(tcp.server(), "data");
    io.turnUntil(() -> !after.completions.isEmpty());
    assertEquals("data", DriverFixture.received(after));
    io.closeHandle(taken);
    assertTrue(after.isDone());
  }

  @Test
  void aConnectionThatWasTakenIsClosedAloneToo() {
    DriverFixture.Pair tcp = io.pair();
    UringHandle taken = passOn(tcp.client());
    TestRequest ofTaken = io.submit(TestRequest.multishot(taken, IoOpcode.RECEIVE));
    TestRequest ofGiven = io.submit(TestRequest.multishot(tcp.client(), IoOpcode.RECEIVE));
    io.turn();
    io.closeHandle(taken);
    assertEquals(-Errno.ECANCELED, ofTaken.result());
    io.send(tcp.server(), "data");
    io.turnUntil(() -> !ofGiven.completions.isEmpty());
    assertEquals("data", DriverFixture.received(ofGiven));
  }

  /** Nothing has gone to the kernel yet, neither the watch for the peer's end nor its cancel. */
  @Test
  void aSharedConnectionIsClosedBeforeItsReceiveHasBegun() {
    UringHandle taken = passOn(io.pair().client());
    TestRequest receive = io.submit(TestRequest.multishot(taken, IoOpcode.RECEIVE));
    io.closeHandle(taken);
    assertEquals(-Errno.ECANCELED, receive.result());
  }

  /** Who has it too may say at any time that it does not block. */
  @Test
  void aConnectionThatIsMadeNonBlockingWaitsForData() {
    DriverFixture.Pair tcp = io.pair();
    UringHandle taken = passOn(tcp.client());
    Syscalls.setNonBlocking(tcp.client().fd);
    TestRequest receive = io.submit(TestRequest.multishot(taken, IoOpcode.RECEIVE));
    io.turn();
    io.turn();
    assertTrue(receive.completions.isEmpty(), "nothing was sent");
    io.send(tcp.server(), "data");
    io.turnUntil(() -> !receive.completions.isEmpty());
    assertEquals("data", DriverFixture.received(receive));
    io.closeHandle(tcp.server());
    io.turnUntil(receive::isDone);
    assertEquals(0, receive.result());
  }

  @Test
  void aConnectionThatIsMadeNonBlockingWaitsForRoom() {
    DriverFixture.Pair tcp = io.pair();
    UringHandle taken = passOn(tcp.client());
    Syscalls.setNonBlocking(tcp.client().fd);
    TestRequest send = sendOfMegabyte(taken);
    for (int turns = 0; turns < 20; turns++) {
      io.turn();
      if (send.isDone()) {
        assertTrue(send.result() > 0);
        send = sendOfMegabyte(taken);
        turns = 0;
      }
    }
    TestRequest receive = TestRequest.multishot(tcp.server(), IoOpcode.RECEIVE);
    io.then =
        (request, result, payload, more) -> {
          if (request == receive) {
            DriverFixture.received(receive);
          }
        };
    io.submit(receive);
    io.turnUntil(send::isDone);
    assertTrue(send.result() > 0);
  }

  private TestRequest sendOfMegabyte(UringHandle handle) {
    int length = 1 << 20;
    IoBuffer buffer = io.buffer(length).setIndex(0, length);
    return io.submit(TestRequest.transfer(IoOpcode.SEND, handle, buffer, length, 0));
  }

  /** What the driver has set for itself is nothing for those who get the connection. */
  @Test
  void aConnectionIsPassedWithoutATimeLimit() throws IOException {
    DriverFixture.Pair tcp = io.pair();
    Path path = directory.resolve("data");
    Files.writeString(path, "data");
    UringHandle file = io.openFile(path);
    assertEquals(4, io.succeed(sendFile(tcp.client(), file)).result());
    assertTrue(tcp.client().sendTimeLimited);
    UringHandle taken = passOn(tcp.client());
    assertFalse(tcp.client().sendTimeLimited);
    ByteBuffer limit = Syscalls.value(taken.fd, Posix.SOL_SOCKET, Posix.SO_SNDTIMEO);
    assertEquals(0, limit.getLong(Structs.TIMEVAL_SEC));
    assertEquals(0, limit.getLong(Structs.TIMEVAL_USEC));
    for (UringHandle each : List.of(taken, tcp.client())) {
      assertEquals(-Errno.EOPNOTSUPP, io.run(sendFile(each, file)).result());
    }
  }

  private static TestRequest sendFile(UringHandle socket, UringHandle file) {
    TestRequest send = TestRequest.on(socket, IoOpcode.SEND_FILE);
    send.otherHandle = file;
    send.length = 4;
    return send;
  }

  /** A cancel that comes too late is still on its way when the outcome is there. */
  @Test
  void whatWasCancelledTooLateDoesNotKeepAConnection() {
    DriverFixture.Pair tcp = io.pair();
    io.send(tcp.server(), "data");
    TestRequest peek = TestRequest.on(tcp.client(), IoOpcode.RECEIVE);
    peek.flags = IoRequest.RECEIVE_PEEK;
    peek.length = 1;
    List<DetachedTcpStream> detached = new ArrayList<>();
    io.then =
        (request, result, payload, more) -> {
          if (request == peek) {
            detached.add(io.driver.detach(tcp.client()));
          }
        };
    io.submit(peek);
    io.driver.cancel(peek);
    io.turnUntil(peek::isDone);
    assertEquals("d", DriverFixture.received(peek));
    UringHandle attached = (UringHandle) io.driver.attach(detached.get(0));
    TestRequest receive = io.succeed(TestRequest.on(attached, IoOpcode.RECEIVE));
    assertEquals("data", DriverFixture.received(receive));
  }

  @Test
  void whatHasGoneIsNotLookedAt() {
    DriverFixture.Pair pair = unixPair();
    Syscalls.sendDescriptors(pair.client().fd, pair.client().fd);
    DetachedDescriptor passed = receive(pair.server()).descriptors().get(0);
    assertThrows(IllegalArgumentException.class, () -> io.driver.attach(passed, true));
    assertFalse(passed.appends(), "who refuses it leaves it open");
    passed.close();
    passed.close();
    assertThrows(IllegalStateException.class, passed::appends);
    assertThrows(IllegalStateException.class, () -> io.driver.attach(passed, true));
  }

  /** What came while its request was being cancelled is the requester's to close. */
  @Test
  void theEndOfTheDriverReportsWhatHasCome() {
    DriverFixture.Pair pair = unixPair();
    io.then =
        (request, result, payload, more) -> {
          if (payload instanceof ReceivedDescriptors received) {
            received.descriptors().forEach(DetachedDescriptor::close);
            IoBuffer data = received.data();
            data.release();
          }
        };
    io.submit(TestRequest.on(pair.server(), IoOpcode.RECEIVE_DESCRIPTORS));
    io.turn();
    Syscalls.sendDescriptors(pair.client().fd, pair.client().fd, pair.server().fd);
    io.close();
  }
}
