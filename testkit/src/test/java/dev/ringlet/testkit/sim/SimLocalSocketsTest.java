package dev.ringlet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixDatagram;
import dev.ringlet.spi.DetachedDescriptor;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.PipeEnds;
import dev.ringlet.spi.ReceivedDescriptors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Simulated sockets of the Unix domain, pipes, and what is passed through them. */
final class SimLocalSocketsTest {
  private static final UnixAddress PATH = UnixAddress.of(Path.of("/socket"));

  private final SimWorld world = new SimWorld(3, FaultPlan.NONE);
  private final ProcessRig process = new ProcessRig(world);
  private final ProcessRig other = new ProcessRig(world);

  @AfterEach
  void nothingIsLeft() {
    process.assertQuiet();
    other.assertQuiet();
  }

  private record Pair(IoHandle near, IoHandle far) {}

  /** An end of each process. */
  private Pair pair() throws IOException {
    IoHandle listener = other.handle(Call.listen(PATH, 4));
    IoHandle near = process.handle(Call.connect(PATH));
    IoHandle far = other.handle(Call.accept(listener));
    other.close(listener);
    Files.delete(world.path("/socket"));
    return new Pair(near, far);
  }

  @Test
  void bytesGoBothWaysUntilTheEnd() throws IOException {
    Pair pair = pair();
    process.send(pair.near, "ask");
    assertEquals(0, process.run(Call.on(pair.near, IoOpcode.SHUTDOWN_OUTPUT)));
    assertEquals("ask", other.receive(pair.far, 3));
    assertEquals(0, other.run(Call.receive(pair.far)));
    other.send(pair.far, "answer");
    assertEquals("answer", process.receive(pair.near, 6));
    process.fails(Errno.EPIPE, Call.send(pair.near, process.buffer("x")));
    other.close(pair.far);
    assertEquals(0, process.run(Call.receive(pair.near)));
    assertThrows(IllegalArgumentException.class, () -> process.driver.localAddress(pair.near));
  }

  @Test
  void aCloseWithUnreadBytesIsTold() throws IOException {
    Pair pair = pair();
    process.send(pair.near, "unread");
    other.close(pair.far);
    process.fails(Errno.ECONNRESET, Call.receive(pair.near));
    process.fails(Errno.EPIPE, Call.send(pair.near, process.buffer("x")));
  }

  @Test
  void aSendWaitsForRoom() throws IOException {
    Pair pair = pair();
    List<Call> sent = new ArrayList<>();
    Call blocked = process.fill(pair.near, sent);
    assertEquals(SimStream.DEFAULT_BUFFER_BYTES, sent.get(0).last().result());
    other.receive(pair.far, SimStream.DEFAULT_BUFFER_BYTES);
    assertTrue(process.await(blocked).last().result() > 0);
    blocked = process.fill(pair.near);
    other.kill();
    assertEquals(-Errno.ECONNRESET, process.await(blocked).last().result());
  }

  @Test
  void theNameOfAListenerStays() throws IOException {
    process.fails(Errno.ENOENT, Call.connect(PATH));
    IoHandle listener = other.handle(Call.listen(PATH, 0));
    process.fails(Errno.EADDRINUSE, Call.listen(PATH, 1));
    IoHandle waiting = process.handle(Call.connect(PATH));
    Call held = process.submit(Call.connect(PATH));
    Call cancelled = process.submit(Call.connect(PATH));
    process.settle();
    assertFalse(held.isFinished(), "the backlog is full");
    process.driver.cancel(cancelled);
    assertEquals(-Errno.ECANCELED, process.await(cancelled).last().result());
    other.handle(Call.accept(listener));
    assertEquals(0, process.await(held).last().result());
    Call refused = process.submit(Call.connect(PATH));
    process.settle();
    other.close(listener);
    assertEquals(-Errno.ECONNREFUSED, process.await(refused).last().result());
    process.fails(Errno.ECONNRESET, Call.receive((IoHandle) held.last().payload()));
    assertEquals(0, process.run(Call.send(waiting, process.buffer(""))));
    process.fails(Errno.ECONNREFUSED, Call.connect(PATH));
    process.fails(Errno.EADDRINUSE, Call.listen(PATH, 1));
    Files.delete(world.path("/socket"));
    process.fails(Errno.ENOENT, Call.connect(PATH));
    process.handle(Call.listen(PATH, 1));
  }

  @Test
  void anAbstractNameIsGoneWithItsListener() {
    UnixAddress name = UnixAddress.ofAbstract("name");
    IoHandle listener = other.handle(Call.listen(name, 1));
    process.handle(Call.connect(name));
    other.close(listener);
    process.fails(Errno.ECONNREFUSED, Call.connect(name));
    process.handle(Call.listen(name, 1));
  }

  @Test
  void anotherMachineHasOtherNames() {
    process.handle(Call.listen(PATH, 1));
    InetAddress address = new InetSocketAddress("10.1.0.1", 0).getAddress();
    ProcessRig elsewhere = new ProcessRig(world, world.drivers(address));
    elsewhere.fails(Errno.ECONNREFUSED, Call.connect(PATH));
  }

  // ---- datagrams

  private static byte[] take(Call receive) {
    return ProcessRig.take(((UnixDatagram) receive.last().payload()).data());
  }

  @Test
  void nobodyAtAnAddressOfDatagramsIsTold() throws IOException {
    UnixAddress own = UnixAddress.of(Path.of("/own"));
    IoHandle near = process.handle(Call.bindDatagram(own, null));
    Call send = Call.sendDatagram(near, process.buffer("x"), PATH);
    process.fails(Errno.ENOENT, send);
    process.fails(Errno.EDESTADDRREQ, Call.sendDatagram(near, process.buffer("x"), null));
    IoHandle far = other.handle(Call.bindDatagram(PATH, null));
    IoHandle nameless = process.handle(Call.bindDatagram(null, PATH));
    assertEquals(1, process.run(Call.sendDatagram(nameless, process.buffer("x"), null)));
    Call receive = other.await(other.submit(Call.on(far, IoOpcode.RECEIVE_DATAGRAM)));
    assertNull(((UnixDatagram) receive.last().payload()).sender());
    take(receive);
    other.close(far);
    process.fails(Errno.ECONNREFUSED, send);
    process.fails(Errno.ECONNREFUSED, Call.sendDatagram(nameless, process.buffer("x"), null));
    process.fails(Errno.EADDRINUSE, Call.bindDatagram(PATH, null));
    Files.delete(world.path("/socket"));
    UnixAddress unmade = UnixAddress.of(Path.of("/unmade"));
    process.fails(Errno.ENOENT, Call.bindDatagram(unmade, PATH));
    assertFalse(Files.exists(world.path("/unmade")), "no name of what was not made");
  }

  // ---- descriptors

  private ReceivedDescriptors received(Pair pair) {
    return other.payload(
        ReceivedDescriptors.class, Call.on(pair.far, IoOpcode.RECEIVE_DESCRIPTORS));
  }

  private Call passing(Pair pair, String with, IoHandle passed) {
    Call pass = Call.send(pair.near, process.buffer(with)).other(passed);
    pass.opcode = IoOpcode.SEND_DESCRIPTOR;
    return pass;
  }

  /** A TCP connection of the first process, and the far end, of the second. */
  private Pair tcp() {
    IoHandle listener =
        other.handle(Call.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1));
    IoHandle near = process.handle(Call.connect(other.driver.localAddress(listener)));
    return new Pair(near, other.handle(Call.accept(listener)));
  }

  @Test
  void aConnectionIsPassedToAnotherProcess() throws IOException {
    Pair pair = pair();
    Pair tcp = tcp();
    InetSocketAddress address = process.driver.localAddress(tcp.near);
    assertEquals(3, process.run(passing(pair, "one", tcp.near)));
    process.send(pair.near, "and on");
    process.close(tcp.near);
    ReceivedDescriptors received = received(pair);
    assertArrayEquals("one".getBytes(StandardCharsets.US_ASCII), ProcessRig.take(received.data()));
    assertEquals("and on", other.receive(pair.far, 6));
    DetachedDescriptor descriptor = received.descriptors().get(0);
    assertThrows(IllegalArgumentException.class, () -> other.driver.attach(descriptor, false));
    IoHandle taken = other.driver.attach(descriptor, true);
    assertThrows(IllegalStateException.class, () -> other.driver.attach(descriptor, true));
    assertThrows(IllegalStateException.class, descriptor::appends);
    assertEquals(address, other.driver.localAddress(taken));
    other.send(taken, "hello");
    assertEquals("hello", other.receive(tcp.far, 5));
    other.close(taken);
    assertEquals(0, other.run(Call.receive(tcp.far)), "closed with the last descriptor");
  }

  @Test
  void aDescriptorThatNobodyTakesIsClosed() throws IOException {
    Pair pair = pair();
    for (int i = 0; i < 4; i++) {
      Pair tcp = tcp();
      Call pass = passing(pair, "x", tcp.near);
      if (i < 3) {
        assertEquals(1, process.run(pass));
      } else {
        pass.inFlight = true;
        process.driver.submit(pass);
        process.driver.cancel(pass);
        assertEquals(-Errno.ECANCELED, process.await(pass).last().result());
      }
      process.close(tcp.near);
      switch (i) {
        case 0 -> {
          ReceivedDescriptors received = received(pair);
          ProcessRig.take(received.data());
          received.descriptors().get(0).close();
        }
        case 1 -> other.receive(pair.far, 1);
        case 2 -> other.close(pair.far);
        default -> assertEquals(1, pass.completions.size());
      }
      assertEquals(0, other.run(Call.receive(tcp.far)), "round " + i);
    }
  }

  @Test
  void whatCannotBePassedIsRefused() throws IOException {
    Pair pair = pair();
    Pair tcp = tcp();
    process.fails(Errno.EOPNOTSUPP, passing(pair, "x", process.handle(Call.listen(PATH, 1))));
    process.close(tcp.near);
    process.fails(Errno.EBADF, passing(pair, "x", tcp.near));
    assertThrows(
        IllegalArgumentException.class, () -> process.driver.submit(passing(pair, "x", tcp.far)));
  }

  // ---- pipes and files

  @Test
  void aFileGoesThroughAPipeIntoAnother() throws IOException {
    byte[] content = new byte[200_000];
    new SplittableRandom(2).nextBytes(content);
    IoHandle source = process.file("/source", content);
    IoHandle target = process.file("/target", new byte[0]);
    PipeEnds pipe = process.payload(PipeEnds.class, Call.pipe());
    int sent = 0;
    int received = 0;
    while (received < content.length) {
      Call receive =
          Call.on(pipe.readEnd(), IoOpcode.RECEIVE_FILE).other(target).length(content.length);
      receive.position = received;
      process.submit(receive);
      if (sent < content.length) {
        Call send =
            Call.on(pipe.writeEnd(), IoOpcode.SEND_FILE).other(source).length(content.length);
        send.position = sent;
        sent += process.run(send);
      }
      received += process.await(receive).last().result();
    }
    assertArrayEquals(content, Files.readAllBytes(world.path("/target")));
    process.close(pipe.writeEnd());
    assertEquals(
        0, process.run(Call.on(pipe.readEnd(), IoOpcode.RECEIVE_FILE).other(target).length(1)));
    process.close(pipe.readEnd());
  }

  @Test
  void whatWaitsForAPipeEndsBeforeItsFileIsClosed() throws IOException {
    IoHandle file = process.file("/target", new byte[0]);
    PipeEnds pipe = process.payload(PipeEnds.class, Call.pipe());
    Call receive =
        process.submit(Call.on(pipe.readEnd(), IoOpcode.RECEIVE_FILE).other(file).length(10));
    process.settle();
    process.close(file);
    assertEquals(-Errno.ECANCELED, receive.last().result());
    process.fails(
        Errno.EBADF, Call.on(pipe.readEnd(), IoOpcode.RECEIVE_FILE).other(file).length(10));
    process.fails(Errno.EBADF, Call.send(pipe.readEnd(), process.buffer("x")));
    process.fails(Errno.EBADF, Call.receive(pipe.writeEnd()));
  }

  @Test
  void aFileIsSentThroughAConnectionFromWhereItIsAsked() throws IOException {
    Pair tcp = tcp();
    byte[] content = new byte[100_000];
    new SplittableRandom(4).nextBytes(content);
    IoHandle file = process.file("/source", content);
    int sent = 50;
    while (sent < content.length) {
      Call send = Call.on(tcp.near, IoOpcode.SEND_FILE).other(file).length(content.length);
      send.position = sent;
      sent += process.run(send);
    }
    Call end = Call.on(tcp.near, IoOpcode.SEND_FILE).other(file).length(10);
    end.position = content.length;
    assertEquals(0, process.run(end));
    end.position = -1;
    process.fails(Errno.EINVAL, end);
    process.fails(
        Errno.EOPNOTSUPP, Call.on(tcp.near, IoOpcode.SEND_FILE).other(tcp.near).length(10));
    int received = 50;
    while (received < content.length) {
      IoBuffer buffer = other.payload(IoBuffer.class, Call.receive(tcp.far));
      for (byte each : ProcessRig.take(buffer)) {
        assertEquals(content[received], each);
        received++;
      }
    }
  }

  @Test
  void aKilledProcessBreaksItsPipes() {
    PipeEnds pipe = process.payload(PipeEnds.class, Call.pipe());
    process.submit(Call.receive(pipe.readEnd()));
    Call blocked = process.fill(pipe.writeEnd());
    process.settle();
    assertFalse(blocked.isFinished());
    process.kill();
  }
}
