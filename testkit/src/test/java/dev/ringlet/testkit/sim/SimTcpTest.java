package dev.ringlet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** TCP between simulated processes, where the contract of drivers does not reach. */
final class SimTcpTest extends TcpRig {
  // ---- connecting

  @Test
  void aMachineHasItsAddressAndALoopbackOfItsOwn() {
    IoHandle listener = server.handle(Call.listen(address, 1));
    IoHandle near = client.handle(Call.connect(address));
    IoHandle far = server.handle(Call.accept(listener));
    assertEquals(ip(2), client.driver.localAddress(near).getAddress());
    assertEquals(address, client.driver.remoteAddress(near));
    assertEquals(client.driver.localAddress(near), server.driver.remoteAddress(far));
    client.fails(Errno.EADDRNOTAVAIL, Call.listen(address, 1));
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
    IoHandle own = client.handle(Call.listen(loopback, 1));
    client.handle(Call.connect(loopback));
    client.handle(Call.accept(own));
    server.fails(Errno.ECONNREFUSED, Call.connect(loopback));
  }

  @Test
  void manyConnectsWaitForTheirAccepts() {
    IoHandle listener = server.handle(Call.listen(address, 128));
    List<Call> connects = new ArrayList<>();
    for (int i = 0; i < 128; i++) {
      connects.add(client.submit(Call.connect(address)));
    }
    connects.forEach(client::await);
    for (int i = 0; i < 128; i++) {
      IoHandle far = server.handle(Call.accept(listener));
      assertEquals(ip(2), server.driver.remoteAddress(far).getAddress());
    }
  }

  @Test
  void aFullBacklogHoldsConnectsBackUntilThereIsRoom() {
    IoHandle listener = server.handle(Call.listen(address, 1));
    client.handle(Call.connect(address));
    client.handle(Call.connect(address));
    Call third = client.submit(Call.connect(address));
    client.settle(10 * SECOND);
    assertFalse(third.isFinished(), "the backlog is full");
    server.handle(Call.accept(listener));
    assertEquals(0, client.await(third).last().result());
  }

  @Test
  void aListenerThatClosesRefusesWhoWaits() {
    IoHandle listener = server.handle(Call.listen(address, 0));
    IoHandle waiting = client.handle(Call.connect(address));
    Call held = client.submit(Call.connect(address));
    client.settle();
    server.close(listener);
    assertEquals(-Errno.ECONNREFUSED, client.await(held).last().result());
    client.fails(Errno.ECONNRESET, Call.receive(waiting));
  }

  @Test
  void aConnectToNowhereTimesOut() {
    long before = world.clock().elapsedNanos();
    client.fails(Errno.ETIMEDOUT, Call.connect(new InetSocketAddress("192.0.2.1", 80)));
    assertEquals(127, (world.clock().elapsedNanos() - before) / SECOND);
  }

  @Test
  void aLocalPortIsOneConnectionsOnly() {
    server.handle(Call.listen(address, 10));
    InetSocketAddress from = new InetSocketAddress(ip(2), 4000);
    client.handle(Call.connect(address).from(from));
    client.fails(Errno.EADDRNOTAVAIL, Call.connect(address).from(from));
  }

  // ---- bytes

  @Test
  void whatIsUnderWayIsBounded() {
    Pair pair = pair();
    List<Call> sent = new ArrayList<>();
    Call blocked = client.fill(pair.near(), sent);
    int bytes = sent.stream().mapToInt(call -> call.last().result()).sum();
    assertEquals(2 * SimStream.DEFAULT_BUFFER_BYTES, bytes);
    server.receive(pair.far(), bytes);
    assertTrue(client.await(blocked).last().result() > 0);
  }

  @Test
  void optionsSayHowMuchIsUnderWay() {
    Pair pair = pair(SocketOptions.defaults().withSendBuffer(5_000));
    assertEquals(
        0,
        server.run(
            Call.on(pair.far(), IoOpcode.CONFIGURE)
                .with(SocketOptions.defaults().withReceiveBuffer(3_000))));
    List<Call> sent = new ArrayList<>();
    Call blocked = client.fill(pair.near(), sent);
    assertEquals(8_000, sent.stream().mapToInt(call -> call.last().result()).sum());
    client.driver.cancel(blocked);
    assertEquals(-Errno.ECANCELED, client.await(blocked).last().result());
  }

  @Test
  void bytesAreTakenWhenTheKernelSends() {
    Pair pair = pair();
    IoBuffer buffer = client.buffer("early");
    Call send = client.submit(Call.send(pair.near(), buffer));
    buffer.setIndex(0, 0).write("later".getBytes(StandardCharsets.US_ASCII));
    client.await(send);
    buffer.setIndex(0, 0).write("wrong".getBytes(StandardCharsets.US_ASCII));
    assertEquals("later", server.receive(pair.far(), 5));
    assertEquals(1, world.findings().size(), "the first change is found");
  }

  @Test
  void withoutACopyBytesAreTakenWhenTheyArrive() {
    Pair pair = pair();
    IoBuffer buffer = client.buffer("early");
    Call send = Call.send(pair.near(), buffer).flags(IoRequest.SEND_ZERO_COPY);
    assertEquals(5, client.run(send));
    buffer.setIndex(0, 0).write("later".getBytes(StandardCharsets.US_ASCII));
    buffer.release();
    assertFalse(buffer.isReleased(), "the kernel has it");
    assertEquals("later", server.receive(pair.far(), 5));
    assertTrue(buffer.isReleased());
    assertEquals(1, world.findings().size(), "the change is found");
  }

  @Test
  void aBufferThatIsUsedWhileItsSendWaitsIsFound() {
    Pair pair = pair();
    Call blocked = client.fill(pair.near());
    blocked.buffer.memory().bytes().put(0, (byte) 1);
    server.receive(pair.far(), 1);
    client.await(blocked);
    assertEquals(1, world.findings().size());
  }

  @Test
  void aResetGivesBuffersBackThatWereNotCopied() {
    Pair pair = pair();
    List<IoBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      IoBuffer buffer = client.buffer(new byte[10_000]);
      buffers.add(buffer);
      client.submit(Call.send(pair.near(), buffer).flags(IoRequest.SEND_ZERO_COPY));
    }
    client.settle();
    server.close(pair.far());
    client.settle();
    client.close(pair.near());
    for (IoBuffer buffer : buffers) {
      buffer.release();
      assertTrue(buffer.isReleased());
    }
  }

  @Test
  void multishotsEndEarlyWithoutAnEnd() {
    SimWorld faulty = new SimWorld(1, FaultPlan.none().withProbability(Fault.EARLY_END, 1));
    ProcessRig near = new ProcessRig(faulty, faulty.drivers(ip(2)));
    ProcessRig far = new ProcessRig(faulty, faulty.drivers(ip(1)));
    IoHandle listener = far.handle(Call.listen(address, 10));
    IoHandle one = near.handle(Call.connect(address));
    near.handle(Call.connect(address));
    Call accept = Call.accept(listener).flags(IoRequest.MULTISHOT);
    for (int i = 0; i < 2; i++) {
      assertEquals(0, far.run(accept));
      assertFalse(accept.last().more());
    }
    IoHandle first = (IoHandle) accept.completions.get(0).payload();
    Call receive = Call.receive(first).flags(IoRequest.MULTISHOT);
    for (String text : new String[] {"a", "bc"}) {
      near.send(one, text);
      assertEquals(text.length(), far.run(receive));
      assertFalse(receive.last().more());
      ProcessRig.take((IoBuffer) receive.last().payload());
    }
    near.close(one);
    assertEquals(0, far.run(receive), "the end");
    far.assertQuiet();
  }

  // ---- ends

  @Test
  void theOutputEndsAndTheInputGoesOn() {
    Pair pair = pair();
    client.send(pair.near(), "ask");
    assertEquals(0, client.run(Call.on(pair.near(), IoOpcode.SHUTDOWN_OUTPUT)));
    assertEquals("ask", server.receive(pair.far(), 3));
    assertEquals(0, server.run(Call.receive(pair.far())));
    server.send(pair.far(), "answer");
    assertEquals("answer", client.receive(pair.near(), 6));
    client.fails(Errno.EPIPE, Call.send(pair.near(), client.buffer("x")));
  }

  @Test
  void theEndDoesNotOvertakeBytes() {
    world.network().setLatency(0, 10_000_000);
    for (int i = 0; i < 30; i++) {
      Pair pair = pair();
      client.send(pair.near(), "last");
      client.close(pair.near());
      assertEquals("last", server.receive(pair.far(), 4));
      assertEquals(0, server.run(Call.receive(pair.far())));
      server.close(pair.far());
    }
  }

  @Test
  void aCloseSendsWhatWaitsFirst() {
    Pair pair = pair();
    List<Call> sent = new ArrayList<>();
    Call blocked = client.fill(pair.near(), sent);
    client.close(pair.near());
    assertEquals(-Errno.ECANCELED, blocked.last().result());
    server.receive(pair.far(), sent.stream().mapToInt(call -> call.last().result()).sum());
    Call end = server.await(server.submit(Call.receive(pair.far())));
    assertEquals(0, end.last().result());
    assertNull(end.last().payload());
  }

  @Test
  void aCloseWithUnreadBytesResets() {
    Pair pair = pair();
    client.send(pair.near(), "unread");
    server.settle();
    server.close(pair.far());
    client.settle();
    client.fails(Errno.ECONNRESET, Call.send(pair.near(), client.buffer("x")));
    client.fails(Errno.EPIPE, Call.send(pair.near(), client.buffer("x")));
    assertEquals(0, client.run(Call.receive(pair.near())), "the failure is told once");
  }

  @Test
  void whatCameBeforeAResetIsStillReceived() {
    Pair pair = pair();
    server.send(pair.far(), "last words");
    assertEquals(0, server.run(Call.close(pair.far()).flags(IoRequest.CLOSE_RESET)));
    client.settle();
    assertEquals("last words", client.receive(pair.near(), 10));
    client.fails(Errno.ECONNRESET, Call.receive(pair.near()));
    assertEquals(0, client.run(Call.receive(pair.near())));
  }

  @Test
  void sendingToWhoHasClosedBreaksThePipe() {
    Pair pair = pair();
    server.close(pair.far());
    assertEquals(0, client.run(Call.receive(pair.near())));
    client.send(pair.near(), "too late");
    client.settle();
    client.fails(Errno.EPIPE, Call.send(pair.near(), client.buffer("x")));
  }

  @Test
  void chanceResetsAConnection() {
    assertFalse(world.network().reset(), "there is none");
    Pair pair = pair();
    Call receive = client.submit(Call.receive(pair.near()));
    client.settle();
    assertTrue(world.network().reset());
    assertEquals(-Errno.ECONNRESET, client.await(receive).last().result());
    server.fails(Errno.ECONNRESET, Call.send(pair.far(), server.buffer("x")));
    assertFalse(world.network().reset(), "it is gone");
  }

  @Test
  void aCloseEndsWhatIsInFlight() {
    Pair pair = pair();
    Call blocked = client.fill(pair.near());
    Call receive = client.submit(Call.receive(pair.near()).flags(IoRequest.MULTISHOT));
    client.settle();
    client.close(pair.near());
    assertEquals(-Errno.ECANCELED, blocked.last().result());
    assertEquals(-Errno.ECANCELED, receive.last().result());
  }

  /** A cancel at each moment on the way of an operation: one end, and nothing lost. */
  @Test
  void aReceiveIsCancelledAtAnyMoment() {
    Pair pair = pair();
    byte[] content = new byte[200];
    List<Byte> received = new ArrayList<>();
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) i;
      Call receive = client.submit(Call.receive(pair.near()));
      server.submit(Call.send(pair.far(), server.buffer(new byte[] {(byte) i})));
      client.settle(i * 4_000L);
      client.driver.cancel(receive);
      if (client.await(receive).last().payload() instanceof IoBuffer buffer) {
        received.addAll(bytes(buffer));
      }
      server.settle();
    }
    while (received.size() < content.length) {
      received.addAll(bytes(client.payload(IoBuffer.class, Call.receive(pair.near()))));
    }
    for (int i = 0; i < content.length; i++) {
      assertEquals(content[i], received.get(i));
    }
  }

  private static List<Byte> bytes(IoBuffer buffer) {
    List<Byte> bytes = new ArrayList<>();
    for (byte each : ProcessRig.take(buffer)) {
      bytes.add(each);
    }
    return bytes;
  }

  // ---- processes

  @Test
  void aKilledProcessEndsItsConnections() {
    IoHandle listener = server.handle(Call.listen(address, 10));
    IoHandle read = client.handle(Call.connect(address));
    IoHandle unread = client.handle(Call.connect(address));
    IoHandle readByServer = server.handle(Call.accept(listener));
    server.handle(Call.accept(listener));
    client.send(read, "read");
    server.receive(readByServer, 4);
    client.send(unread, "unread");
    IoHandle unaccepted = client.handle(Call.connect(address));
    ProcessRig killed = new ProcessRig(world, world.drivers(ip(1)));
    IoHandle ofKilled = killed.handle(Call.listen(new InetSocketAddress(ip(1), 81), 0));
    killed.submit(Call.receive(killed.handle(Call.connect(address))));
    Call held = client.submit(Call.connect(killed.driver.localAddress(ofKilled)));
    client.await(held);
    Call hanging = client.submit(Call.connect(killed.driver.localAddress(ofKilled)));
    client.settle();
    server.kill();
    killed.kill();
    assertEquals(0, client.run(Call.receive(read)), "the end");
    client.fails(Errno.ECONNRESET, Call.receive(unread));
    client.fails(Errno.ECONNRESET, Call.receive(unaccepted));
    assertEquals(-Errno.ECONNREFUSED, client.await(hanging).last().result());
    client.fails(Errno.ECONNREFUSED, Call.connect(address));
    ProcessRig next = new ProcessRig(world, world.drivers(ip(1)));
    next.handle(Call.listen(address, 10));
  }

  @Test
  void whatAKilledProcessHasSentArrives() {
    Pair pair = pair();
    server.send(pair.far(), "testament");
    server.kill();
    assertEquals("testament", client.receive(pair.near(), 9));
    assertEquals(0, client.run(Call.receive(pair.near())));
  }

  // ---- buffers

  @Test
  void receivesWaitForABufferInALine() {
    Pair rich = pair();
    List<IoBuffer> held = new ArrayList<>();
    client.send(rich.near(), "12345678");
    for (int i = 0; i < ProcessRig.RECEIVE_BUFFERS; i++) {
      Call peek = Call.receive(rich.far()).flags(IoRequest.RECEIVE_PEEK).length(1);
      held.add(server.payload(IoBuffer.class, peek));
    }
    List<Call> receives = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Pair poor = pair();
      client.send(poor.near(), "poor");
      receives.add(server.submit(Call.receive(poor.far())));
      server.settle();
    }
    assertFalse(receives.stream().anyMatch(Call::isFinished), "there is no buffer");
    assertNotEquals(0, server.driver.stats().bufferShortages());
    server.driver.cancel(receives.get(1));
    assertEquals(-Errno.ECANCELED, server.await(receives.get(1)).last().result());
    held.remove(0).release();
    assertEquals(4, server.await(receives.get(0)).last().result());
    server.settle();
    assertFalse(receives.get(2).isFinished());
    ProcessRig.take((IoBuffer) receives.get(0).last().payload());
    assertEquals(4, server.await(receives.get(2)).last().result());
    ProcessRig.take((IoBuffer) receives.get(2).last().payload());
    held.forEach(IoBuffer::release);
  }

  // ---- chance

  @Test
  void oneSeedIsOneHistory() {
    assertEquals(history(1), history(1));
    assertNotEquals(history(1), history(2));
  }

  private static long history(long seed) {
    SimWorld world = new SimWorld(seed, FaultPlan.NONE);
    ProcessRig one = new ProcessRig(world, world.drivers(ip(1)));
    ProcessRig other = new ProcessRig(world, world.drivers(ip(2)));
    IoHandle listener = one.handle(Call.listen(new InetSocketAddress(ip(1), 80), 4));
    for (int i = 0; i < 5; i++) {
      IoHandle near = other.handle(Call.connect(new InetSocketAddress(ip(1), 80)));
      IoHandle far = one.handle(Call.accept(listener));
      other.send(near, "hello");
      one.receive(far, 5);
      world.network().partition(ip(1), ip(2));
      one.send(far, "answer");
      world.network().heal();
      other.receive(near, 6);
      assertTrue(world.network().reset());
    }
    return world.trace().hash();
  }
}
