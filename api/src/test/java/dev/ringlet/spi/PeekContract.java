package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.UnixAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Looking at what a connection receives next. */
interface PeekContract extends DriverContractPart {
  private byte[] peek(IoHandle socket, int atMost) {
    TestRequest peek = rig().await(rig().submit(TestRequest.peek(socket, atMost)));
    assertFalse(peek.last().more());
    byte[] seen = rig().take(peek.last());
    assertEquals(peek.last().result(), seen.length);
    return seen;
  }

  private byte[] receive(IoHandle socket, int count) {
    Bytes bytes = new Bytes();
    TestRequest receive = TestRequest.receive(socket);
    while (bytes.size() < count) {
      rig().await(rig().submit(receive));
      bytes.add(rig().take(receive.last()));
    }
    return bytes.toArray();
  }

  @Test
  default void aPeekLeavesWhatItGives() throws IOException {
    Peers.Pair pair = peers().pair();
    pair.peer().getOutputStream().write(Bytes.of("hello"));
    assertArrayEquals(Bytes.of("hel"), peek(pair.handle(), 3));
    assertArrayEquals(Bytes.of("h"), peek(pair.handle(), 1));
    assertArrayEquals(Bytes.of("hello"), peek(pair.handle(), 5));
    assertArrayEquals(Bytes.of("hello"), peek(pair.handle(), 1_000_000));
    assertEquals(0, rig().driver.stats().buffersLent());
    assertArrayEquals(Bytes.of("hello"), receive(pair.handle(), 5));
  }

  @Test
  default void aPeekWaitsForData() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest peek = rig().submit(TestRequest.peek(pair.handle(), 10));
    rig().settle();
    assertTrue(peek.completions.isEmpty(), "nothing was sent");
    assertEquals(0, rig().driver.stats().buffersLent());
    pair.peer().getOutputStream().write(Bytes.of("later"));
    assertArrayEquals(Bytes.of("later"), rig().take(rig().await(peek).last()));
    Receiver receiver = new Receiver(rig(), pair.handle());
    pair.peer().getOutputStream().write(Bytes.of(" and on"));
    receiver.await(12);
    assertArrayEquals(Bytes.of("later and on"), receiver.bytes.toArray());
    receiver.stop();
  }

  @Test
  default void aPeekSeesWhatHasComeSinceTheLastOne() throws IOException {
    Peers.Pair pair = peers().pair();
    pair.peer().getOutputStream().write(Bytes.of("ab"));
    assertArrayEquals(Bytes.of("ab"), peek(pair.handle(), 100));
    pair.peer().getOutputStream().write(Bytes.of("cd"));
    rig().until("all is seen", () -> peek(pair.handle(), 100).length == 4);
    // A part is received, the rest is still there to look at.
    assertArrayEquals(Bytes.of("abc"), peek(pair.handle(), 3));
    assertArrayEquals(Bytes.of("abcd"), receive(pair.handle(), 4));
    pair.peer().getOutputStream().write(Bytes.of("ef"));
    assertArrayEquals(Bytes.of("e"), peek(pair.handle(), 1));
    assertArrayEquals(Bytes.of("ef"), receive(pair.handle(), 2));
  }

  @Test
  default void aPeekOfMuchLosesNothing() throws IOException {
    Peers.Pair pair = peers().pair();
    byte[] content = Bytes.random(20 * DriverRig.RECEIVE_BUFFER_BYTES + 7);
    pair.peer().getOutputStream().write(content);
    Bytes bytes = new Bytes();
    TestRequest receive = TestRequest.receive(pair.handle());
    while (bytes.size() < content.length) {
      byte[] seen = peek(pair.handle(), 10 * DriverRig.RECEIVE_BUFFER_BYTES);
      assertTrue(seen.length > 0 && seen.length <= DriverRig.RECEIVE_BUFFER_BYTES);
      int from = bytes.size();
      assertArrayEquals(Arrays.copyOfRange(content, from, from + seen.length), seen);
      rig().await(rig().submit(receive));
      bytes.add(rig().take(receive.last()));
    }
    assertArrayEquals(content, bytes.toArray());
  }

  @Test
  default void theEndIsAPeekOfZero() throws IOException {
    Peers.Pair pair = peers().pair();
    pair.peer().getOutputStream().write(Bytes.of("end"));
    pair.peer().shutdownOutput();
    rig().until("the data is there", () -> peek(pair.handle(), 10).length == 3);
    assertArrayEquals(Bytes.of("end"), receive(pair.handle(), 3));
    for (int i = 0; i < 2; i++) {
      TestRequest end = rig().await(rig().submit(TestRequest.peek(pair.handle(), 10)));
      assertEquals(0, end.last().result());
      assertNull(end.last().payload());
    }
    assertEquals(0, rig().run(TestRequest.receive(pair.handle())));
  }

  @Test
  default void whatWasSeenIsReceivedBeforeTheReset() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest peek = rig().submit(TestRequest.peek(pair.handle(), 10));
    pair.peer().getOutputStream().write(Bytes.of("last"));
    assertArrayEquals(Bytes.of("last"), rig().take(rig().await(peek).last()));
    Peers.reset(pair.peer());
    rig().settle();
    assertArrayEquals(Bytes.of("last"), peek(pair.handle(), 10));
    assertArrayEquals(Bytes.of("last"), receive(pair.handle(), 4));
    rig().fails(Errno.ECONNRESET, TestRequest.receive(pair.handle()));
  }

  @Test
  default void aPeekIsCancelled() throws IOException {
    Peers.Pair pair = peers().pair();
    for (boolean settled : new boolean[] {false, true}) {
      TestRequest peek = rig().submit(TestRequest.peek(pair.handle(), 10));
      if (settled) {
        rig().settle();
      }
      rig().cancel(peek);
      assertEquals(-Errno.ECANCELED, rig().await(peek).last().result());
    }
    pair.peer().getOutputStream().write(Bytes.of("late"));
    assertArrayEquals(Bytes.of("late"), receive(pair.handle(), 4));
  }

  @Test
  default void aPeekEndsBeforeTheClose() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest peek = rig().submit(TestRequest.peek(pair.handle(), 10));
    rig().settle();
    rig().close(pair.handle());
    assertTrue(peek.isFinished(), "ends before the close");
    assertEquals(-Errno.ECANCELED, peek.last().result());
    rig().fails(Errno.EBADF, TestRequest.peek(pair.handle(), 1));
  }

  @Test
  default void aPeekWaitsForABuffer() throws IOException {
    Peers.Pair other = peers().pair();
    List<IoBuffer> held = new ArrayList<>();
    for (int i = 0; i < DriverRig.RECEIVE_BUFFERS; i++) {
      other.peer().getOutputStream().write(i);
      TestRequest receive = rig().await(rig().submit(TestRequest.receive(other.handle())));
      held.add((IoBuffer) receive.last().payload());
    }
    Peers.Pair pair = peers().pair();
    pair.peer().getOutputStream().write(Bytes.of("here"));
    TestRequest peek = rig().submit(TestRequest.peek(pair.handle(), 10));
    rig().settle();
    assertTrue(peek.completions.isEmpty(), "no buffer is free");
    held.forEach(IoBuffer::release);
    assertArrayEquals(Bytes.of("here"), rig().take(rig().await(peek).last()));
    assertArrayEquals(Bytes.of("here"), receive(pair.handle(), 4));
  }

  @Test
  default void whatWasSeenGoesWithTheConnection() throws IOException {
    Peers.Pair pair = peers().pair();
    pair.peer().getOutputStream().write(Bytes.of("first"));
    rig().until("it is seen", () -> peek(pair.handle(), 10).length == 5);
    var detached = rig().driver.detach(pair.handle());
    rig().gone(pair.handle());
    pair.peer().getOutputStream().write(Bytes.of(" second"));
    DriverRig other = new DriverRig(provider());
    IoHandle handle = other.driver.attach(detached);
    Receiver receiver = new Receiver(other, handle);
    receiver.await(12);
    assertArrayEquals(Bytes.of("first second"), receiver.bytes.toArray());
    receiver.stop();
    other.close(handle);
    other.finish();
  }

  @Test
  default void aUnixSocketIsLookedAtToo() {
    UnixAddress address = UnixAddress.of(directory().resolve("peeked"));
    IoHandle listener = rig().handle(TestRequest.listen(address, 16, 0));
    TestRequest accept = rig().submit(TestRequest.accept(listener));
    IoHandle near = rig().handle(TestRequest.connect(address));
    IoHandle far = (IoHandle) rig().await(accept).last().payload();
    assertEquals(5, rig().run(TestRequest.send(near, rig().buffer(Bytes.of("hello")))));
    assertArrayEquals(Bytes.of("he"), peek(far, 2));
    assertArrayEquals(Bytes.of("hello"), receive(far, 5));
  }
}
