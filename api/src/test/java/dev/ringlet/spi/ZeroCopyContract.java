package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.UnixAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Sends without a copy, where a driver has them: each buffer comes back, once, and in the end. */
interface ZeroCopyContract extends DriverContractPart {
  /** A buffer that stands in the list when its last holder has released it. */
  private IoBuffer buffer(byte[] content, List<IoBuffer> back) {
    return new IoBuffer(
            rig().driver.allocate(content.length), 0, content.length, back::add, back.size())
        .write(content);
  }

  private TestRequest zeroCopy(IoHandle socket, IoBuffer buffer, int offset) {
    int left = buffer.readableBytes() - offset;
    TestRequest send = TestRequest.transfer(IoOpcode.SEND, socket, 0, buffer, offset, left);
    send.flags = IoRequest.SEND_ZERO_COPY;
    return send;
  }

  private void sendWhole(IoHandle socket, IoBuffer buffer) {
    int sent = 0;
    while (sent < buffer.readableBytes()) {
      TestRequest send = zeroCopy(socket, buffer, sent);
      int result = rig().run(send);
      assertTrue(result > 0, send::toString);
      assertEquals(1, send.completions.size());
      assertFalse(send.last().more());
      sent += result;
    }
  }

  @Test
  default void whatIsSentWithoutACopyArrivesAndComesBack() throws IOException {
    Peers.Pair pair = peers().pair();
    List<IoBuffer> back = new ArrayList<>();
    for (int length : new int[] {1, 4096, 100_000, 5_000_000}) {
      byte[] content = Bytes.random(length);
      CompletableFuture<byte[]> received =
          peers().beside(() -> pair.peer().getInputStream().readNBytes(length));
      IoBuffer buffer = buffer(content, back);
      sendWhole(pair.handle(), buffer);
      buffer.release();
      assertArrayEquals(content, peers().join(received));
      rig().until("the buffer is back", () -> back.contains(buffer));
    }
    assertEquals(4, back.size());
  }

  @Test
  default void sendingNothingWithoutACopySucceeds() throws IOException {
    Peers.Pair pair = peers().pair();
    List<IoBuffer> back = new ArrayList<>();
    IoBuffer buffer = buffer(new byte[1], back);
    TestRequest send = TestRequest.transfer(IoOpcode.SEND, pair.handle(), 0, buffer, 0, 0);
    send.flags = IoRequest.SEND_ZERO_COPY;
    assertEquals(0, rig().run(send));
    buffer.release();
    rig().until("the buffer is back", () -> back.size() == 1);
  }

  /** A peer that does not read: the sends wait, are cancelled, and lose nothing they hold. */
  @Test
  default void aBlockedSendWithoutACopyIsCancelled() throws IOException {
    Peers.Pair pair = peers().pair();
    List<IoBuffer> back = new ArrayList<>();
    IoBuffer buffer = buffer(new byte[1 << 20], back);
    TestRequest send = zeroCopy(pair.handle(), buffer, 0);
    for (int i = 0; i < 100; i++) {
      rig().submit(send);
      rig().settle();
      if (!send.isFinished()) {
        break;
      }
      assertTrue(send.last().result() > 0, send::toString);
    }
    assertFalse(send.isFinished(), "100 MiB went to a peer that does not read");
    rig().cancel(send);
    int result = rig().await(send).last().result();
    assertTrue(result == -Errno.ECANCELED || result > 0, send::toString);
    buffer.release();
    TestRequest close = rig().await(rig().submit(TestRequest.reset(pair.handle())));
    assertEquals(0, close.last().result());
    rig().until("the buffer is back", () -> back.size() == 1);
  }

  @Test
  default void aCloseDoesNotWaitForThePeer() throws IOException {
    Peers.Pair pair = peers().pair();
    List<IoBuffer> back = new ArrayList<>();
    IoBuffer buffer = buffer(new byte[1 << 20], back);
    TestRequest send = zeroCopy(pair.handle(), buffer, 0);
    long sent = 0;
    for (int i = 0; i < 100; i++) {
      rig().submit(send);
      rig().settle();
      if (!send.isFinished()) {
        break;
      }
      sent += send.last().result();
    }
    rig().close(pair.handle());
    assertTrue(send.isFinished(), "ends before the close");
    buffer.release();
    long least = sent;
    CompletableFuture<Integer> read =
        peers().beside(() -> pair.peer().getInputStream().readNBytes((int) least).length);
    assertEquals(sent, peers().join(read).longValue(), "what was taken over arrives");
    CompletableFuture<Long> rest =
        peers()
            .beside(() -> pair.peer().getInputStream().transferTo(OutputStream.nullOutputStream()));
    assertTrue(peers().join(rest) >= 0);
    rig().until("the buffer is back", () -> back.size() == 1);
  }

  @Test
  default void aSendWithoutACopyToAResetPeerFails() throws IOException {
    Peers.Pair pair = peers().pair();
    Peers.reset(pair.peer());
    List<IoBuffer> back = new ArrayList<>();
    IoBuffer buffer = buffer(new byte[100], back);
    TestRequest send = zeroCopy(pair.handle(), buffer, 0);
    rig().until("a send fails", () -> rig().await(rig().submit(send)).last().result() < 0);
    int errno = -send.last().result();
    assertTrue(errno == Errno.EPIPE || errno == Errno.ECONNRESET, send::toString);
    rig().close(pair.handle());
    rig().fails(Errno.EBADF, zeroCopy(pair.handle(), buffer, 0));
    buffer.release();
    rig().until("the buffer is back", () -> back.size() == 1);
  }

  /** A Unix socket cannot send without a copy, and nobody needs to know. */
  @Test
  default void aUnixSocketCopies() {
    UnixAddress address = UnixAddress.of(directory().resolve("copies"));
    IoHandle listener = rig().handle(TestRequest.listen(address, 16, 0));
    TestRequest accept = rig().submit(TestRequest.accept(listener));
    IoHandle near = rig().handle(TestRequest.connect(address));
    IoHandle far = (IoHandle) rig().await(accept).last().payload();
    List<IoBuffer> back = new ArrayList<>();
    IoBuffer buffer = buffer(Bytes.of("copied"), back);
    assertEquals(6, rig().run(zeroCopy(near, buffer, 0)));
    buffer.release();
    TestRequest receive = rig().await(rig().submit(TestRequest.receive(far)));
    assertArrayEquals(Bytes.of("copied"), rig().take(receive.last()));
    rig().until("the buffer is back", () -> back.size() == 1);
  }
}
