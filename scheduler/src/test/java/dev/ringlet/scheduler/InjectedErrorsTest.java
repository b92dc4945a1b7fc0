package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FileOption;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoPipe;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.PathOperations;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import dev.ringlet.io.UdpOptions;
import dev.ringlet.io.UdpSocket;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixListener;
import dev.ringlet.io.UnixStream;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoOpcode;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operation meets every error number that a driver can report: whoever waits is told that
 * one, memory is back, and what follows works. The errors come from the driver without the kernel,
 * so one driver below is enough.
 */
final class InjectedErrorsTest {
  private static final List<Integer> ERRORS = errors();

  /** What a file then is read and sent for, if it is not to be moved by the driver. */
  private static final Set<Integer> NOT_BY_THE_DRIVER =
      Set.of(Errno.EINVAL, Errno.EOPNOTSUPP, Errno.ENOSYS, Errno.EMFILE, Errno.ENFILE);

  private static final Set<Integer> PASSING = Set.of(Errno.EINTR, Errno.EAGAIN);

  @TempDir private Path folder;
  private FailingDriver failing;
  private DiskRig rig;
  private Io io;
  private AsyncFile file;
  private AsyncFile log;
  private TcpListener listener;
  private TcpStream stream;
  private TcpStream far;
  private UdpSocket socket;

  private static List<Integer> errors() {
    try {
      List<Integer> numbers = new ArrayList<>();
      for (Field field : Errno.class.getFields()) {
        if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
          numbers.add(field.getInt(null));
        }
      }
      return numbers;
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void open() {
    rig =
        new DiskRig(
            1,
            4,
            rigOfDriver -> {
              IoDriverOptions options =
                  new IoDriverOptions(64, 1024, 16, 4096, () -> rigOfDriver.nowNanos);
              failing = new FailingDriver(new NioDriverProvider().create(options));
              return failing.driver();
            });
    rig.driver().letGo();
    io = rig.core().io();
    file = rig.open(folder.resolve("file"));
    log = get(io.open(folder.resolve("log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    listener = get(io.listen(Systems.ANY_PORT, ListenOptions.defaults()));
    stream = get(io.connect(listener.localAddress()));
    far = rig.get(Subscriber.first(rig.core(), listener.connections()));
    socket = get(io.bind(Systems.ANY_PORT, UdpOptions.defaults()));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private <T> T get(IoOp<T> op) {
    return rig.get(op.toCompletionStage());
  }

  private IoBuffer text() {
    return rig.buffer("some bytes");
  }

  /** The error number that an operation ends with, 0 if it succeeds. */
  private int outcome(IoOp<?> op) {
    return outcome(op.toCompletionStage());
  }

  private int outcome(CompletionStage<?> stage) {
    CompletionStage<@Nullable Throwable> failure = stage.handle((value, thrown) -> thrown);
    return rig.get(failure) instanceof IoException reason ? reason.errno() : 0;
  }

  private void assertTells(IoOpcode opcode, Supplier<IoOp<?>> maker) {
    boolean closes = opcode == IoOpcode.CLOSE;
    assertTells(opcode, maker, errno -> closes && errno == Errno.EBADF ? 0 : errno);
  }

  /** Each time anew, since an operation is started once; {@code told} gives what it ends with. */
  private void assertTells(IoOpcode opcode, Supplier<IoOp<?>> maker, IntUnaryOperator told) {
    for (int errno : ERRORS) {
      // a datagram that finds its receiver full is sent again
      if (opcode == IoOpcode.SEND_DATAGRAM && errno == Errno.EAGAIN) {
        continue;
      }
      IoOp<?> op = maker.get();
      failing.failNext(opcode, errno);
      assertEquals(told.applyAsInt(errno), outcome(op), () -> op + " after error " + errno);
      assertTrue(failing.hasFailed(), op::toString);
      assertEquals(0, rig.buffersLent(), op::toString);
    }
    rig.rest();
    assertEquals(0, rig.core().stats().diskInFlight());
    assertEquals(0, outcome(file.write(0, text())));
    assertEquals(0, outcome(file.size()));
    assertEquals(0, outcome(stream.send(text())));
    assertEquals(0, rig.system.stats().failures());
  }

  @Test
  void readsAndWrites() {
    assertTells(IoOpcode.READ, () -> file.read(0, 10));
    assertTells(IoOpcode.READ, () -> file.readExactly(0, 10));
    assertTells(
        IoOpcode.READ_VECTOR, () -> file.read(0, List.of(rig.core().buffers().acquire(10))));
    assertTells(IoOpcode.WRITE, () -> file.write(0, text()));
    assertTells(IoOpcode.WRITE_VECTOR, () -> file.write(0, List.of(text(), text())));
    assertTells(IoOpcode.WRITE, () -> log.append(text()));
    assertTells(IoOpcode.WRITE_VECTOR, () -> log.append(List.of(text())));
    assertTells(IoOpcode.READ, () -> file.copyRangeTo(0, file, 1000, 5));
    assertTells(IoOpcode.WRITE, () -> file.copyRangeTo(0, file, 1000, 5));
  }

  @Test
  void whatElseIsDoneToAFile() {
    assertTells(IoOpcode.DATA_SYNC, file::dataSync);
    assertTells(IoOpcode.SYNC, file::sync);
    assertTells(IoOpcode.SYNC_RANGE, () -> file.syncRange(0, 10));
    assertTells(IoOpcode.SIZE, file::size);
    assertTells(IoOpcode.STAT, file::stat);
    assertTells(IoOpcode.TRUNCATE, () -> file.truncate(100));
    assertTells(IoOpcode.ALLOCATE, () -> file.allocate(0, 10, true));
    assertTells(IoOpcode.ALLOCATE, () -> file.punchHole(0, 10));
    assertTells(IoOpcode.LOCK, () -> file.tryLock(0, 1, false));
    assertTells(IoOpcode.LOCK, () -> file.unlock(0, 1));
  }

  /** Also the second half of an open that has one. */
  @Test
  void opensAndCloses() {
    assertTells(IoOpcode.OPEN, () -> io.open(folder.resolve("other")));
    assertTells(IoOpcode.CLOSE, () -> get(io.open(folder.resolve("log"))).close());
    for (int errno : ERRORS) {
      if (errno == Errno.ECANCELED) {
        continue; // it is tried again then, as the name must go
      }
      failing.failNext(IoOpcode.UNLINK, errno);
      IoOp<AsyncFile> open =
          io.open(
              folder.resolve("gone" + errno),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      assertEquals(errno, outcome(open));
    }
    failing.failNext(IoOpcode.STAT, Errno.EIO);
    assertEquals(4096, get(io.open(folder.resolve("log"), FileOption.DIRECT)).alignment());
  }

  @Test
  void names() {
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    PathOperations paths = io.paths();
    assertTells(IoOpcode.STAT, () -> paths.stat(one));
    assertTells(IoOpcode.STAT, () -> paths.statLink(one));
    assertTells(IoOpcode.RENAME, () -> paths.rename(one, two));
    assertTells(IoOpcode.RENAME, () -> paths.renameToFree(one, two));
    assertTells(IoOpcode.LINK, () -> paths.link(one, two));
    assertTells(IoOpcode.SYMLINK, () -> paths.symlink(one, two));
    assertTells(IoOpcode.UNLINK, () -> paths.unlink(one));
    assertTells(IoOpcode.UNLINK, () -> paths.removeDirectory(one));
    assertTells(IoOpcode.MAKE_DIRECTORY, () -> paths.makeDirectory(one));
  }

  @Test
  void sockets() throws UnknownHostException, SocketException {
    assertTells(IoOpcode.LISTEN, () -> io.listen(Systems.ANY_PORT, ListenOptions.defaults()));
    assertTells(IoOpcode.CONNECT, () -> io.connect(listener.localAddress()));
    assertTells(
        IoOpcode.CONFIGURE, () -> stream.configure(SocketOptions.defaults().withNoDelay(true)));
    assertTells(IoOpcode.SEND, () -> stream.send(text()));
    assertTells(IoOpcode.SEND, () -> stream.write(text()));
    assertTells(IoOpcode.SEND_VECTOR, () -> stream.send(List.of(text(), text())));
    assertTells(IoOpcode.SHUTDOWN_OUTPUT, stream::shutdownOutput);
    assertTells(IoOpcode.BIND_DATAGRAM, () -> io.bind(Systems.ANY_PORT, UdpOptions.defaults()));
    assertTells(IoOpcode.SEND_DATAGRAM, () -> socket.send(text(), socket.localAddress()));
    InetAddress group = InetAddress.getByName("239.1.2.3");
    NetworkInterface via = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
    assertTells(IoOpcode.JOIN_GROUP, () -> socket.join(group, via));
    assertTells(IoOpcode.LEAVE_GROUP, () -> socket.leave(group, via));
    assertTells(IoOpcode.CLOSE, () -> get(io.connect(listener.localAddress())).close());
    assertTells(IoOpcode.CLOSE, () -> get(io.connect(listener.localAddress())).abort());
    assertTells(IoOpcode.DELAY, () -> io.delay(Duration.ofDays(1)));
  }

  /** What the driver says it cannot do is done without it. */
  @Test
  void filesAndPipes() {
    get(file.write(0, text()));
    IntUnaryOperator told = errno -> NOT_BY_THE_DRIVER.contains(errno) ? 0 : errno;
    assertTells(IoOpcode.SEND_FILE, () -> stream.sendFile(file, 0, 10), told);
    IoPipe pipe = get(io.pipe());
    assertTells(IoOpcode.SEND_FILE, () -> pipe.output().sendFile(file, 0, 10), told);
    assertTells(IoOpcode.RECEIVE_FILE, () -> pipe.input().receiveTo(file, 0, 10));
    assertTells(IoOpcode.PIPE, io::pipe);
    assertTells(IoOpcode.OPEN_STANDARD, io::stdin);
    assertTells(IoOpcode.OPEN_STANDARD, io::stdout);
    assertTells(IoOpcode.OPEN_STANDARD, io::stderr);
  }

  /** The driver below has no descriptors to give, and says so to what is tried again. */
  @Test
  void descriptors() {
    UnixAddress address = UnixAddress.of(folder.resolve("socket"));
    UnixListener unix = get(io.listen(address, ListenOptions.defaults()));
    UnixStream near = get(io.connect(address, SocketOptions.defaults()));
    UnixStream other = rig.get(Subscriber.first(rig.core(), unix.connections()));
    assertTells(IoOpcode.SEND_DESCRIPTOR, () -> near.send(text(), file));
    assertTells(IoOpcode.SEND_DESCRIPTOR, () -> near.send(text(), stream));
    assertTells(
        IoOpcode.RECEIVE_DESCRIPTORS,
        other::receiveMessage,
        errno -> PASSING.contains(errno) ? Errno.EOPNOTSUPP : errno);
  }

  @Test
  void whatIsLookedAt() {
    for (int errno : ERRORS) {
      failing.failNext(IoOpcode.RECEIVE, errno);
      IoOp<IoBuffer> peek = stream.peek(1);
      if (!PASSING.contains(errno)) {
        assertEquals(errno, outcome(peek));
        continue;
      }
      CompletionStage<IoBuffer> waiting = peek.toCompletionStage();
      rig.rest();
      assertTrue(failing.hasFailed());
      assertFalse(waiting.toCompletableFuture().isDone(), "after error " + errno);
      peek.cancel();
      assertEquals(Errno.ECANCELED, outcome(waiting));
    }
    get(far.send(text()));
    assertArrayEquals(new byte[] {'s'}, FileWorkbench.take(get(stream.peek(1))));
    rig.rest();
    assertEquals(0, rig.core().stats().io().buffersLent());
  }

  @Test
  void datagramsForAFullReceiverAreSentAgain() {
    failing.failNext(IoOpcode.SEND_DATAGRAM, Errno.EAGAIN);
    CompletionStage<Integer> send = socket.send(text(), socket.localAddress()).toCompletionStage();
    rig.rest();
    assertTrue(failing.hasFailed());
    assertFalse(send.toCompletableFuture().isDone());
    rig.nowNanos += Duration.ofMillis(2).toNanos();
    assertEquals("some bytes".length(), rig.get(send));
    assertEquals(0, rig.buffersLent());
  }

  private static final Object ELEMENT = "element";

  /** What comes first: an element, the regular end, or a failure. */
  private <T> CompletableFuture<Object> first(IoStream<T> source) {
    CompletableFuture<Object> outcome = new CompletableFuture<>();
    rig.system.spawn(
        () ->
            new Actor<Object>() {
              @Override
              public void preStart(ActorContext<Object> context) {
                context.subscribe(
                    source,
                    element -> {
                      source.discard(element);
                      return ELEMENT;
                    },
                    failure -> failure == null ? 0 : failure.errno(),
                    1);
              }

              @Override
              public void receive(Object message, ActorContext<Object> context) {
                outcome.complete(message);
                context.stop();
              }
            },
        ActorOptions.defaults());
    return outcome;
  }

  private void assertEnds(
      IoOpcode opcode, Supplier<IoStream<?>> source, Set<Integer> pass, Set<Integer> end) {
    for (int errno : ERRORS) {
      failing.failNext(opcode, errno);
      CompletableFuture<Object> outcome = first(source.get());
      rig.stepUntil(failing::hasFailed);
      rig.rest();
      if (pass.contains(errno)) {
        rig.nowNanos += Duration.ofMillis(20).toNanos();
        provoke(opcode);
      }
      Object expected = pass.contains(errno) ? ELEMENT : end.contains(errno) ? 0 : errno;
      assertEquals(expected, rig.get(outcome), opcode + " after error " + errno);
    }
    rig.rest();
    assertEquals(0, rig.core().stats().io().buffersLent());
    assertEquals(0, rig.system.stats().failures());
  }

  private void provoke(IoOpcode opcode) {
    switch (opcode) {
      case ACCEPT -> get(get(io.connect(listener.localAddress())).close());
      case RECEIVE -> get(far.send(text()));
      default -> get(socket.send(text(), socket.localAddress()));
    }
  }

  @Test
  void streams() {
    assertEnds(
        IoOpcode.ACCEPT,
        listener::connections,
        Set.of(
            Errno.ECONNABORTED,
            Errno.EINTR,
            Errno.EAGAIN,
            Errno.EPROTO,
            Errno.EMFILE,
            Errno.ENFILE,
            Errno.ENOBUFS,
            Errno.ENOMEM),
        Set.of(Errno.ECANCELED, Errno.EBADF, Errno.EINVAL));
    assertEnds(
        IoOpcode.RECEIVE_DATAGRAM,
        socket::receive,
        Set.of(
            Errno.EINTR, Errno.EAGAIN, Errno.ECONNREFUSED, Errno.EHOSTUNREACH, Errno.ENETUNREACH),
        Set.of(Errno.ECANCELED, Errno.EBADF));
    assertEnds(IoOpcode.RECEIVE, stream::receive, PASSING, Set.of(Errno.ECANCELED, Errno.EBADF));
  }
}
