package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Sending, and ending the output. */
interface SendContract extends DriverContractPart {
  @Test
  default void sendsAPartOfABuffer() throws IOException {
    Peers.Pair pair = peers().pair();
    IoBuffer buffer = rig().buffer(Bytes.of("0123456789"));
    TestRequest send = TestRequest.transfer(IoOpcode.SEND, pair.handle(), 0, buffer, 3, 4);
    assertEquals(4, rig().run(send));
    assertEquals(0, buffer.readerIndex());
    assertArrayEquals(Bytes.of("3456"), pair.peer().getInputStream().readNBytes(4));
  }

  @Test
  default void sendingNothingSucceeds() throws IOException {
    Peers.Pair pair = peers().pair();
    assertEquals(0, rig().run(TestRequest.send(pair.handle(), rig().buffer(1))));
  }

  /** Sends all of the buffer, going on after short sends. */
  default void sendAll(IoHandle socket, IoBuffer buffer) {
    int total = buffer.readableBytes();
    int done = 0;
    while (done < total) {
      int left = total - done;
      TestRequest send = TestRequest.transfer(IoOpcode.SEND, socket, 0, buffer, done, left);
      int result = rig().run(send);
      assertTrue(result > 0 && result <= left, "result of a send: " + result);
      done += result;
    }
  }

  @Test
  default void aSlowPeerGetsEverything() throws IOException {
    Peers.Pair pair = peers().pair();
    byte[] content = Bytes.random(16 << 20);
    CompletableFuture<byte[]> received =
        peers()
            .beside(
                () -> {
                  Bytes bytes = new Bytes();
                  byte[] piece = new byte[10_000];
                  int count = pair.peer().getInputStream().read(piece);
                  while (count >= 0) {
                    bytes.add(Arrays.copyOf(piece, count));
                    count = pair.peer().getInputStream().read(piece);
                  }
                  return bytes.toArray();
                });
    sendAll(pair.handle(), rig().buffer(content));
    assertEquals(0, rig().run(TestRequest.shutdownOutput(pair.handle())));
    assertArrayEquals(content, peers().join(received));
  }

  @Test
  default void manySendsArriveInOrder() throws IOException {
    Peers.Pair pair = peers().pair();
    byte[] content = Bytes.random(2_000);
    IoBuffer buffer = rig().buffer(content);
    CompletableFuture<byte[]> received =
        peers().beside(() -> pair.peer().getInputStream().readNBytes(content.length));
    for (int i = 0; i < content.length; i++) {
      assertEquals(
          1, rig().run(TestRequest.transfer(IoOpcode.SEND, pair.handle(), 0, buffer, i, 1)));
    }
    assertArrayEquals(content, peers().join(received));
  }

  /** Fills the kernel's buffers of a connection whose peer does not read, until a send waits. */
  default TestRequest blockedSend(IoHandle socket) {
    IoBuffer buffer = rig().buffer(new byte[1 << 20]);
    for (int i = 0; i < 100; i++) {
      TestRequest send = rig().submit(TestRequest.send(socket, buffer));
      rig().settle();
      if (!send.isFinished()) {
        return send;
      }
      assertTrue(send.last().result() > 0, send::toString);
    }
    throw new AssertionError("100 MiB went to a peer that does not read");
  }

  @Test
  default void aSendWaitsForRoom() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest send = blockedSend(pair.handle());
    CompletableFuture<Long> read =
        peers().beside(() -> pair.peer().getInputStream().transferTo(nowhere()));
    assertTrue(rig().await(send).last().result() > 0);
    rig().close(pair.handle());
    assertTrue(peers().join(read) > 0);
  }

  private static OutputStream nowhere() {
    return OutputStream.nullOutputStream();
  }

  @Test
  default void aBlockedSendIsCancelled() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest send = blockedSend(pair.handle());
    rig().cancel(send);
    int result = rig().await(send).last().result();
    assertTrue(result == -Errno.ECANCELED || result > 0, send::toString);
    assertEquals(1, send.completions.size());
  }

  @Test
  default void sendingToAResetPeerFails() throws IOException {
    Peers.Pair pair = peers().pair();
    Peers.reset(pair.peer());
    IoBuffer buffer = rig().buffer(new byte[10]);
    TestRequest send = TestRequest.send(pair.handle(), buffer);
    rig().until("a send fails", () -> rig().await(rig().submit(send)).last().result() < 0);
    int errno = -send.last().result();
    assertTrue(errno == Errno.EPIPE || errno == Errno.ECONNRESET, send::toString);
  }

  @Test
  default void receivingGoesOnAfterTheEndOfTheOutput() throws IOException {
    Peers.Pair pair = peers().pair();
    assertEquals(3, rig().run(TestRequest.send(pair.handle(), rig().buffer(Bytes.of("ask")))));
    assertEquals(0, rig().run(TestRequest.shutdownOutput(pair.handle())));
    assertArrayEquals(Bytes.of("ask"), pair.peer().getInputStream().readAllBytes());
    pair.peer().getOutputStream().write(Bytes.of("answer"));
    TestRequest receive = rig().await(rig().submit(TestRequest.receive(pair.handle())));
    assertArrayEquals(Bytes.of("answer"), rig().take(receive.last()));
  }

  @Test
  default void sendingAfterTheEndOfTheOutputFails() throws IOException {
    Peers.Pair pair = peers().pair();
    assertEquals(0, rig().run(TestRequest.shutdownOutput(pair.handle())));
    rig().fails(Errno.EPIPE, TestRequest.send(pair.handle(), rig().buffer(new byte[1])));
  }

  @Test
  default void sendsAndReceivesAtTheSameTime() throws IOException {
    Peers.Pair pair = peers().pair();
    byte[] content = Bytes.random(1 << 20);
    CompletableFuture<Long> echoed =
        peers()
            .beside(() -> pair.peer().getInputStream().transferTo(pair.peer().getOutputStream()));
    Receiver receiver = new Receiver(rig(), pair.handle());
    sendAll(pair.handle(), rig().buffer(content));
    receiver.await(content.length);
    assertEquals(0, rig().run(TestRequest.shutdownOutput(pair.handle())));
    assertEquals(content.length, peers().join(echoed));
    assertArrayEquals(content, receiver.bytes.toArray());
    receiver.stop();
  }
}
