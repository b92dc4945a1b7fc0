package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import java.io.IOException;
import java.net.SocketException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Sending many buffers with one request, and closing with a reset. */
interface SendVectorContract extends DriverContractPart {
  /** Pieces of all sizes, empty ones among them, with bytes before and after what is readable. */
  default IoBuffer[] pieces(byte[] content, int count) {
    IoBuffer[] buffers = new IoBuffer[count];
    int done = 0;
    for (int i = 0; i < count; i++) {
      int left = content.length - done;
      int length = i == count - 1 ? left : Math.min(left, i % 3 * (2 * content.length / 3 / count));
      IoBuffer buffer = rig().buffer(length + 7);
      buffer.write(new byte[3]).write(content, done, length).skip(3);
      buffers[i] = buffer;
      done += length;
    }
    return buffers;
  }

  /** Sends all of the buffers, going on after short sends; returns how many sends it took. */
  default int sendAll(IoHandle socket, int total, IoBuffer... buffers) {
    int sends = 0;
    int done = 0;
    while (done < total) {
      int result = rig().run(TestRequest.sendAll(socket, done, buffers));
      assertTrue(result > 0 && result <= total - done, "result of a send: " + result);
      done += result;
      sends++;
    }
    return sends;
  }

  @Test
  default void manyBuffersAreSentInOrder() throws IOException {
    Peers.Pair pair = peers().pair();
    byte[] content = Bytes.random(20_000);
    IoBuffer[] buffers = pieces(content, 30);
    assertEquals(1, sendAll(pair.handle(), content.length, buffers), "sends");
    assertArrayEquals(content, pair.peer().getInputStream().readNBytes(content.length));
    assertEquals(3, buffers[1].readerIndex(), "the buffers are left as they are");
  }

  @Test
  default void aVectorBeginsWhereItIsAskedTo() throws IOException {
    Peers.Pair pair = peers().pair();
    byte[] content = Bytes.random(3_000);
    IoBuffer[] buffers = pieces(content, 9);
    for (int position : new int[] {1, 500, 1_999, 2_999}) {
      int left = content.length - position;
      assertEquals(left, rig().run(TestRequest.sendAll(pair.handle(), position, buffers)));
      byte[] expected = Arrays.copyOfRange(content, position, content.length);
      assertArrayEquals(expected, pair.peer().getInputStream().readNBytes(left));
    }
    assertEquals(0, rig().run(TestRequest.sendAll(pair.handle(), content.length, buffers)));
    assertEquals(0, rig().run(TestRequest.sendAll(pair.handle(), 0)));
  }

  @Test
  default void aSlowPeerGetsEverythingOfALargeVector() throws IOException {
    Peers.Pair pair = peers().pair();
    byte[] content = Bytes.random(16 << 20);
    CompletableFuture<byte[]> received =
        peers().beside(() -> pair.peer().getInputStream().readNBytes(content.length));
    assertTrue(sendAll(pair.handle(), content.length, pieces(content, 300)) > 1);
    assertArrayEquals(content, peers().join(received));
  }

  /** Fills the kernel's buffers of a connection whose peer does not read, until a send waits. */
  default TestRequest blockedVector(IoHandle socket) {
    IoBuffer[] buffers = pieces(new byte[1 << 20], 20);
    for (int i = 0; i < 100; i++) {
      TestRequest send = rig().submit(TestRequest.sendAll(socket, 0, buffers));
      rig().settle();
      if (!send.isFinished()) {
        return send;
      }
      assertTrue(send.last().result() > 0, send::toString);
    }
    throw new AssertionError("100 MiB went to a peer that does not read");
  }

  @Test
  default void aBlockedVectorIsCancelled() throws IOException {
    TestRequest send = blockedVector(peers().pair().handle());
    rig().cancel(send);
    int result = rig().await(send).last().result();
    assertTrue(result == -Errno.ECANCELED || result > 0, send::toString);
    assertEquals(1, send.completions.size());
  }

  @Test
  default void aBlockedVectorEndsBeforeTheClose() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest send = blockedVector(pair.handle());
    TestRequest close = rig().await(rig().submit(TestRequest.close(pair.handle())));
    assertEquals(0, close.last().result());
    assertTrue(send.isFinished(), "ends before the close");
    assertTrue(send.last().number() < close.last().number());
  }

  @Test
  default void aVectorToAPeerThatResetsFails() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest send = blockedVector(pair.handle());
    Peers.reset(pair.peer());
    rig().await(send);
    rig().until("a send fails", () -> send.last().result() < 0 || sendAgain(send));
    int errno = -send.last().result();
    assertTrue(errno == Errno.EPIPE || errno == Errno.ECONNRESET, send::toString);
  }

  private boolean sendAgain(TestRequest send) {
    rig().await(rig().submit(send));
    return false;
  }

  @Test
  default void aVectorOfReleasedBuffersIsRefused() throws IOException {
    Peers.Pair pair = peers().pair();
    IoBuffer kept = rig().buffer(Bytes.of("kept"));
    IoBuffer released = rig().buffer(Bytes.of("released"));
    released.release();
    assertThrows(
        IllegalStateException.class,
        () -> rig().driver.submit(TestRequest.sendAll(pair.handle(), 0, kept, released)));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> rig().driver.submit(TestRequest.sendAll(pair.handle(), 5, kept)));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> rig().driver.submit(TestRequest.sendAll(pair.handle(), -1, kept)));
  }

  @Test
  default void aCloseWithResetIsSeenByThePeer() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest send = blockedVector(pair.handle());
    TestRequest receive = rig().submit(TestRequest.receive(pair.handle()).multishot());
    rig().settle();
    assertEquals(0, rig().run(TestRequest.reset(pair.handle())));
    assertTrue(send.isFinished() && receive.isFinished(), "they end before the close");
    assertThrows(SocketException.class, () -> pair.peer().getInputStream().readAllBytes());
    rig().fails(Errno.EBADF, TestRequest.reset(pair.handle()));
  }
}
