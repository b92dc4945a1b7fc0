package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixMessage;
import dev.ringlet.spi.DetachedDescriptor;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.ReceivedDescriptors;
import java.nio.file.Path;
import java.util.Arrays;
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
    int before = ProcessState.openFiles().size();
    Syscalls.sendDescriptors(
        pair.client().fd, copies(pair.client(), UnixMessage.MAX_DESCRIPTORS + 5));
    ReceivedDescriptors received = receive(pair.server());
    assertTrue(received.truncated());
    assertTrue(received.descriptors().isEmpty());
    assertEquals(before, ProcessState.openFiles().size());
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
