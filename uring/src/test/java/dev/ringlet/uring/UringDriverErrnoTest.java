package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import dev.ringlet.spi.PipeEnds;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Completions with every error number, for every operation that goes to the ring. The kernel does
 * not get to see what it would have done: it completes nothing in place of it.
 */
@RequiresUring
@Timeout(60)
class UringDriverErrnoTest {
  /** What the ring never sees, and why. */
  private static final Map<IoOpcode, String> WITHOUT_RING =
      Map.of(
          IoOpcode.LISTEN, "socket, bind and listen wait for nobody",
          IoOpcode.BIND_DATAGRAM, "socket and bind wait for nobody",
          IoOpcode.CONFIGURE, "setsockopt waits for nobody",
          IoOpcode.JOIN_GROUP, "setsockopt waits for nobody",
          IoOpcode.LEAVE_GROUP, "setsockopt waits for nobody",
          IoOpcode.PIPE, "pipe2 waits for nobody",
          IoOpcode.OPEN_STANDARD, "the descriptor is there",
          IoOpcode.LOCK, "the ring has no operation for it");

  private static final Set<Integer> NEVER = Set.of();
  private static final Set<Integer> INTERRUPT = Set.of(Errno.EINTR);

  /** Without memory a receive waits for some. */
  private static final Set<Integer> STARVED = Set.of(Errno.EINTR, Errno.ENOBUFS);

  /** What does not block, or is full. */
  private static final Set<Integer> WAIT = Set.of(Errno.EINTR, Errno.EAGAIN);

  /** Then the bytes are sent with a copy. */
  private static final Set<Integer> PLAIN =
      Set.of(Errno.ENOMEM, Errno.ENOBUFS, Errno.EOPNOTSUPP, Errno.EINTR);

  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path folder;

  private final DriverFixture io = DriverFixture.normal();

  /**
   * Requests that go on after some errors, and end with all others; and how the kernel has answered
   * before, if they are done in steps.
   */
  private record Requests(
      Supplier<TestRequest> maker, Set<Integer> goOnAfter, List<Integer> before) {
    Requests(Supplier<TestRequest> maker, Set<Integer> goOnAfter, Integer... before) {
      this(maker, goOnAfter, List.of(before));
    }
  }

  private static List<Integer> errors() throws IllegalAccessException {
    List<Integer> numbers = new ArrayList<>();
    for (Field field : Errno.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
        numbers.add(field.getInt(null));
      }
    }
    return numbers;
  }

  // ---- of what

  private UringHandle file() {
    return io.openFile(folder.resolve("data"));
  }

  private static TestRequest transfer(TestRequest request, IoBuffer buffer) {
    request.buffer = buffer;
    request.length = buffer.readableBytes();
    return request;
  }

  private TestRequest transfer(IoHandle handle, IoOpcode opcode) {
    return transfer(TestRequest.on(handle, opcode), io.text("text"));
  }

  private TestRequest vector(IoHandle handle, IoOpcode opcode) {
    TestRequest request = TestRequest.on(handle, opcode);
    boolean reads = opcode == IoOpcode.READ_VECTOR;
    IoBuffer one = reads ? io.buffer(4) : io.text("text");
    IoBuffer other = reads ? io.buffer(4) : io.text("more");
    request.buffers = new IoBuffer[] {one, other};
    request.length = opcode == IoOpcode.SEND_VECTOR ? 0 : 8;
    return request;
  }

  private TestRequest onPath(IoOpcode opcode) {
    TestRequest request = TestRequest.on(null, opcode);
    request.path = folder.resolve("one");
    request.otherPath = folder.resolve("other");
    return request;
  }

  private static TestRequest withOther(IoHandle handle, IoOpcode opcode, IoHandle other) {
    TestRequest request = TestRequest.on(handle, opcode);
    request.otherHandle = other;
    request.length = 100;
    return request;
  }

  private static TestRequest peek(IoHandle socket) {
    TestRequest request = TestRequest.on(socket, IoOpcode.RECEIVE);
    request.flags = IoRequest.RECEIVE_PEEK;
    request.length = 4;
    return request;
  }

  private TestRequest zeroCopy(IoHandle socket) {
    TestRequest request = transfer(socket, IoOpcode.SEND);
    request.flags = IoRequest.SEND_ZERO_COPY;
    return request;
  }

  private TestRequest bind() {
    TestRequest request = TestRequest.on(null, IoOpcode.BIND_DATAGRAM);
    request.localAddress = ANY_PORT;
    return request;
  }

  private UringHandle datagrams() {
    return io.succeed(bind()).handlePayload();
  }

  private TestRequest datagram(IoHandle socket) {
    TestRequest request = transfer(socket, IoOpcode.SEND_DATAGRAM);
    request.address = io.driver.localAddress(socket);
    return request;
  }

  private TestRequest membership(IoOpcode opcode) {
    TestRequest request = TestRequest.on(datagrams(), opcode);
    request.address = new InetSocketAddress("239.1.2.3", 0);
    return request;
  }

  private PipeEnds pipe() {
    return (PipeEnds) io.succeed(TestRequest.on(null, IoOpcode.PIPE)).last().payload();
  }

  /** All of a kind; a new kind does not compile without its own. */
  private List<Requests> requests(IoOpcode opcode) {
    return switch (opcode) {
      case OPEN -> {
        Path none = folder.resolve("none");
        yield List.of(new Requests(() -> TestRequest.open(none, IoRequest.OPEN_READ), INTERRUPT));
      }
      case READ, WRITE -> {
        UringHandle file = file();
        yield List.of(new Requests(() -> transfer(file, opcode), INTERRUPT));
      }
      case READ_VECTOR, WRITE_VECTOR -> {
        UringHandle file = file();
        yield List.of(new Requests(() -> vector(file, opcode), INTERRUPT));
      }
      case DATA_SYNC, SYNC, SYNC_RANGE, SIZE, ALLOCATE, TRUNCATE, LOCK -> {
        UringHandle file = file();
        yield List.of(new Requests(() -> TestRequest.on(file, opcode), INTERRUPT));
      }
      case STAT -> {
        UringHandle file = file();
        yield List.of(
            new Requests(() -> TestRequest.on(file, opcode), INTERRUPT),
            new Requests(() -> onPath(opcode), INTERRUPT));
      }
      case RENAME, LINK, SYMLINK, UNLINK, MAKE_DIRECTORY ->
          List.of(new Requests(() -> onPath(opcode), NEVER));
      case CLOSE -> List.of(new Requests(() -> TestRequest.on(file(), opcode), NEVER));
      case LISTEN -> List.of(new Requests(() -> TestRequest.listen(ANY_PORT, 0), NEVER));
      case CONNECT -> List.of(new Requests(() -> TestRequest.connect(ANY_PORT), NEVER));
      case ACCEPT -> {
        UringHandle listener = io.listen();
        yield List.of(
            new Requests(() -> TestRequest.on(listener, opcode), INTERRUPT),
            new Requests(() -> TestRequest.multishot(listener, opcode), INTERRUPT));
      }
      case CONFIGURE -> {
        UringHandle socket = datagrams();
        yield List.of(new Requests(() -> TestRequest.on(socket, opcode), NEVER));
      }
      case RECEIVE -> {
        UringHandle socket = io.pair().server();
        IoHandle pipe = pipe().readEnd();
        yield List.of(
            new Requests(() -> TestRequest.on(socket, opcode), STARVED),
            new Requests(() -> TestRequest.multishot(socket, opcode), STARVED),
            new Requests(() -> peek(socket), STARVED),
            new Requests(() -> TestRequest.on(pipe, opcode), STARVED),
            new Requests(() -> TestRequest.multishot(pipe, opcode), STARVED));
      }
      case SEND -> {
        UringHandle socket = io.pair().client();
        IoHandle pipe = pipe().writeEnd();
        yield List.of(
            new Requests(() -> transfer(socket, opcode), INTERRUPT),
            new Requests(() -> transfer(pipe, opcode), INTERRUPT));
      }
      case SEND_VECTOR -> {
        UringHandle socket = io.pair().client();
        IoHandle pipe = pipe().writeEnd();
        yield List.of(
            new Requests(() -> vector(socket, opcode), INTERRUPT),
            new Requests(() -> vector(pipe, opcode), INTERRUPT));
      }
      case SEND_FILE -> {
        UringHandle socket = io.pair().client();
        IoHandle pipe = pipe().writeEnd();
        UringHandle file = file();
        Supplier<TestRequest> toSocket = () -> withOther(socket, opcode, file);
        Supplier<TestRequest> toPipe = () -> withOther(pipe, opcode, file);
        yield List.of(
            new Requests(toSocket, INTERRUPT), // file to the pipe between
            new Requests(toSocket, WAIT, 4), // from there to the socket
            new Requests(toSocket, NEVER, 4, -Errno.EAGAIN), // until it has room
            new Requests(toSocket, WAIT, 4, -Errno.EAGAIN, 1), // again
            new Requests(toPipe, WAIT),
            new Requests(toPipe, NEVER, -Errno.EAGAIN),
            new Requests(toPipe, WAIT, -Errno.EAGAIN, 1));
      }
      case RECEIVE_FILE -> {
        IoHandle pipe = pipe().readEnd();
        UringHandle file = file();
        Supplier<TestRequest> maker = () -> withOther(pipe, opcode, file);
        yield List.of(
            new Requests(maker, WAIT),
            new Requests(maker, NEVER, -Errno.EAGAIN),
            new Requests(maker, WAIT, -Errno.EAGAIN, 1));
      }
      case PIPE, OPEN_STANDARD -> List.of(new Requests(() -> TestRequest.on(null, opcode), NEVER));
      case SEND_DESCRIPTOR -> {
        UringHandle socket = io.pair().client();
        UringHandle file = file();
        yield List.of(
            new Requests(
                () -> transfer(withOther(socket, opcode, file), io.text("text")), INTERRUPT));
      }
      case RECEIVE_DESCRIPTORS -> {
        UringHandle socket = io.pair().server();
        yield List.of(new Requests(() -> TestRequest.on(socket, opcode), STARVED));
      }
      case SHUTDOWN_OUTPUT -> {
        UringHandle socket = io.pair().client();
        yield List.of(new Requests(() -> TestRequest.on(socket, opcode), NEVER));
      }
      case BIND_DATAGRAM -> List.of(new Requests(this::bind, NEVER));
      case SEND_DATAGRAM -> {
        UringHandle socket = datagrams();
        yield List.of(new Requests(() -> datagram(socket), INTERRUPT));
      }
      case RECEIVE_DATAGRAM -> {
        UringHandle socket = datagrams();
        yield List.of(
            new Requests(() -> TestRequest.on(socket, opcode), STARVED),
            new Requests(() -> TestRequest.multishot(socket, opcode), STARVED));
      }
      case JOIN_GROUP, LEAVE_GROUP -> List.of(new Requests(() -> membership(opcode), NEVER));
      case DELAY -> List.of(new Requests(() -> TestRequest.delay(1), NEVER));
    };
  }

  // ---- how

  private Operation operation(TestRequest request) {
    return io.driver.table.slot(request.driverSlot);
  }

  /** Has the kernel answer so; returns whether that was the end. */
  private boolean answer(TestRequest request, int result) {
    Operation operation = operation(request);
    assertEquals(Operation.State.ARMED, operation.state, operation::toString);
    long userData = operation.userData();
    replace(userData);
    return io.driver.completer.complete(userData, result, 0, io::sink);
  }

  /** What was asked for is no operation any more: nobody has told the kernel yet. */
  private void replace(long userData) {
    ByteBuffer entries = io.driver.submissions.sqes;
    for (int at = 0; at < entries.capacity(); at += SqeLayout.BYTES) {
      if (entries.getLong(at + SqeLayout.USER_DATA) == userData) {
        for (int i = 0; i < SqeLayout.BYTES; i += Long.BYTES) {
          entries.putLong(at + i, i == SqeLayout.USER_DATA ? userData : 0);
        }
      }
    }
  }

  private void assertTells(Requests requests) throws Exception {
    for (int errno : errors()) {
      TestRequest request = io.submit(requests.maker().get());
      String what = operation(request) + " after error " + errno;
      for (int result : requests.before()) {
        assertFalse(answer(request, result), what);
      }
      if (requests.goOnAfter().contains(errno)) {
        assertFalse(answer(request, -errno), what);
        assertCancelled(request, what);
      } else {
        assertTrue(answer(request, -errno), what);
        boolean delayIsOver = request.opcode == IoOpcode.DELAY && errno == Errno.ETIME;
        assertEquals(delayIsOver ? 0 : -errno, request.result(), what);
      }
      assertEquals(-1, request.driverSlot, what);
      assertNull(request.last().payload(), what);
      assertGivenBack(request, what);
      io.turn();
      assertEquals(1, request.completions.size(), "what comes late is not its own");
      if (request.opcode == IoOpcode.CLOSE && errno != Errno.ECANCELED) {
        // The kernel has closed it whatever it tells, but in a test.
        assertEquals(0, Libc.close(((UringHandle) request.handle).fd), what);
      }
    }
  }

  private void assertCancelled(TestRequest request, String what) {
    io.driver.cancel(request);
    if (operation(request).state == Operation.State.ARMED) {
      assertTrue(answer(request, -Errno.ECANCELED), what);
    }
    io.turnUntil(request::isDone);
    assertEquals(-Errno.ECANCELED, request.result(), what);
  }

  /** The driver holds none of the buffers any more. */
  private static void assertGivenBack(TestRequest request, String what) {
    List<IoBuffer> buffers = new ArrayList<>(List.of(request.buffers));
    if (request.buffer != null) {
      buffers.add(request.buffer);
    }
    for (IoBuffer buffer : buffers) {
      buffer.release();
      assertTrue(buffer.isReleased(), what);
    }
  }

  /** Nothing is open or lent that was not before. */
  private void finish() {
    io.turn();
    assertTrue(io.driver.stats().staleCompletions() > 0, "the kernel's own are stale");
    assertEquals(0, io.driver.stats().buffersLent());
    io.closeAfterStale();
  }

  @ParameterizedTest
  @EnumSource
  void everyErrorIsTold(IoOpcode opcode) throws Exception {
    String reason = WITHOUT_RING.get(opcode);
    boolean truncates = UringProbe.result().require().supports(Abi.IORING_OP_FTRUNCATE);
    if (reason == null && (truncates || opcode != IoOpcode.TRUNCATE)) {
      for (Requests requests : requests(opcode)) {
        assertTells(requests);
      }
      finish();
      return;
    }
    for (Requests requests : requests(opcode)) {
      TestRequest request = io.submit(requests.maker().get());
      assertEquals(Operation.State.DONE, operation(request).state, reason);
      io.turnUntil(request::isDone);
    }
    io.close();
  }

  /** Others may have said that it does not block. */
  @Test
  void whatIsSharedWaitsForRoomAndForBytes() throws Exception {
    DriverFixture.Pair pair = io.pair();
    UringHandle socket = pair.client();
    UringHandle listener = io.listen();
    socket.shared = true;
    listener.shared = true;
    Set<Integer> starved = Set.of(Errno.EINTR, Errno.EAGAIN, Errno.ENOBUFS);
    // as it is, while it waits, and again
    for (List<Integer> before :
        List.of(List.<Integer>of(), List.of(-Errno.EAGAIN), List.of(-Errno.EAGAIN, 1))) {
      boolean waits = before.size() == 1;
      Set<Integer> wait = waits ? NEVER : WAIT;
      assertTells(new Requests(() -> transfer(socket, IoOpcode.SEND), wait, before));
      assertTells(new Requests(() -> vector(socket, IoOpcode.SEND_VECTOR), wait, before));
      assertTells(new Requests(() -> TestRequest.on(listener, IoOpcode.ACCEPT), wait, before));
      Set<Integer> receive = waits ? NEVER : starved;
      assertTells(new Requests(() -> TestRequest.on(socket, IoOpcode.RECEIVE), receive, before));
    }
    finish();
  }

  @Test
  void whatCannotBeSentWithoutACopyIsSentWithOne() throws Exception {
    Capabilities capabilities = UringProbe.result().require();
    assumeTrue(capabilities.supports(Abi.IORING_OP_SEND_ZC), "SEND_ZC needs Linux 6.0");
    UringHandle socket = io.pair().client();
    assertTells(new Requests(() -> zeroCopy(socket), PLAIN));
    assertTells(new Requests(() -> zeroCopy(socket), INTERRUPT, -Errno.ENOMEM));
    finish();
  }

  /** What the kernel could not send is not tried again for nobody. */
  @Test
  void aSendWithoutACopyThatIsCancelledIsNotSentWithOne() {
    UringHandle socket = io.pair().client();
    for (int errno : PLAIN) {
      TestRequest send = io.submit(zeroCopy(socket));
      io.driver.cancel(send);
      assertTrue(answer(send, -errno), () -> "error " + errno);
      assertEquals(-Errno.ECANCELED, send.result());
      assertGivenBack(send, "error " + errno);
      io.turn();
    }
    finish();
  }
}
