package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Receiving into the driver's buffers. */
interface ReceiveContract extends DriverContractPart {
  @Test
  default void receivesWhatHasArrived() throws IOException {
    Peers.Pair pair = peers().pair();
    pair.peer().getOutputStream().write(Bytes.of("hello"));
    TestRequest receive = rig().await(rig().submit(TestRequest.receive(pair.handle())));
    assertEquals(5, receive.last().result());
    assertFalse(receive.last().more());
    assertEquals(1, rig().driver.stats().buffersLent());
    assertArrayEquals(Bytes.of("hello"), rig().take(receive.last()));
    assertEquals(0, rig().driver.stats().buffersLent());
  }

  @Test
  default void receivesWhatArrivesLater() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest receive = rig().submit(TestRequest.receive(pair.handle()));
    rig().settle();
    assertTrue(receive.completions.isEmpty(), "nothing was sent");
    assertEquals(0, rig().driver.stats().buffersLent());
    pair.peer().getOutputStream().write(Bytes.of("later"));
    assertArrayEquals(Bytes.of("later"), rig().take(rig().await(receive).last()));
  }

  @Test
  default void oneReceiveTakesOneBufferAtMost() throws IOException {
    Peers.Pair pair = peers().pair();
    byte[] content = Bytes.random(DriverRig.RECEIVE_BUFFER_BYTES + 10);
    pair.peer().getOutputStream().write(content);
    TestRequest receive = TestRequest.receive(pair.handle());
    Bytes received = new Bytes();
    while (received.size() < content.length) {
      rig().await(rig().submit(receive));
      rig().settle();
      assertFalse(receive.last().more());
      assertEquals(1, rig().driver.stats().buffersLent());
      received.add(rig().take(receive.last()));
    }
    assertArrayEquals(content, received.toArray());
  }

  /**
   * Data and a reset follow each other as fast as another thread can send them, while the owner
   * accepts and receives: every receive hears of the end.
   */
  @Test
  default void noEndIsLostInAStorm() throws IOException {
    int count = 1500;
    IoHandle listener = rig().handle(TestRequest.listen(Peers.anyPort(), 4096, 0));
    InetSocketAddress address = rig().driver.localAddress(listener);
    Acceptor acceptor = new Acceptor(rig(), listener);
    CompletableFuture<Void> storm =
        peers()
            .beside(
                () -> {
                  for (int i = 0; i < count; i++) {
                    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                      socket.setSoLinger(i % 2 == 0, 0);
                      socket.getOutputStream().write(new byte[30]);
                    }
                  }
                  return null;
                });
    int[] ended = new int[1];
    int[] received = new int[1];
    rig()
        .until(
            "all receives have ended",
            () -> {
              while (received[0] < acceptor.handles.size()) {
                receiveToTheEnd(acceptor.handles.get(received[0]++), ended);
              }
              return ended[0] == count;
            });
    peers().join(storm);
    acceptor.stop();
    rig().close(listener);
    assertEquals(0, rig().driver.stats().buffersLent());
  }

  private void receiveToTheEnd(IoHandle socket, int[] ended) {
    TestRequest receive = TestRequest.receive(socket).multishot();
    receive.onCompletion(
        () -> {
          TestRequest.Completion completion = receive.last();
          if (completion.payload() instanceof IoBuffer buffer) {
            buffer.release();
            if (!completion.more()) {
              rig().submit(receive);
            }
          } else {
            ended[0]++;
            rig().submit(TestRequest.close(socket));
          }
        });
    rig().submit(receive);
  }

  @Test
  default void nothingIsReceivedWithoutARequest() throws IOException {
    Peers.Pair pair = peers().pair();
    pair.peer().getOutputStream().write(Bytes.of("unasked"));
    rig().settle();
    assertEquals(0, rig().driver.stats().buffersLent());
    TestRequest receive = rig().await(rig().submit(TestRequest.receive(pair.handle())));
    assertArrayEquals(Bytes.of("unasked"), rig().take(receive.last()));
  }

  @Test
  default void theEndIsAResultOfZero() throws IOException {
    Peers.Pair pair = peers().pair();
    pair.peer().getOutputStream().write(Bytes.of("end"));
    pair.peer().shutdownOutput();
    TestRequest receive = rig().await(rig().submit(TestRequest.receive(pair.handle())));
    assertArrayEquals(Bytes.of("end"), rig().take(receive.last()));
    assertIsEnd(rig().await(rig().submit(receive)));
    assertIsEnd(rig().await(rig().submit(receive)));
  }

  default void assertIsEnd(TestRequest receive) {
    assertEquals(0, receive.last().result(), receive::toString);
    assertNull(receive.last().payload());
    assertFalse(receive.last().more());
  }

  @Test
  default void multishotReceivesInOrderUntilTheEnd() throws IOException {
    Peers.Pair pair = peers().pair();
    byte[] content = Bytes.random(500_000);
    CompletableFuture<Void> sent =
        peers()
            .beside(
                () -> {
                  pair.peer().getOutputStream().write(content);
                  pair.peer().shutdownOutput();
                  return null;
                });
    Receiver receiver = new Receiver(rig(), pair.handle());
    peers().join(sent);
    receiver.awaitEnd();
    assertArrayEquals(content, receiver.bytes.toArray());
  }

  @Test
  default void multishotReportsEachPieceAsItComes() throws IOException {
    Peers.Pair pair = peers().pair();
    Receiver receiver = new Receiver(rig(), pair.handle());
    byte[] content = Bytes.random(300);
    for (int i = 0; i < content.length; i++) {
      pair.peer().getOutputStream().write(content, i, 1);
      receiver.await(i + 1);
    }
    assertArrayEquals(content, receiver.bytes.toArray());
    receiver.stop();
  }

  @Test
  default void nothingIsReceivedAfterTheEndOfAMultishot() throws IOException {
    Peers.Pair pair = peers().pair();
    Receiver receiver = new Receiver(rig(), pair.handle());
    pair.peer().getOutputStream().write(1);
    receiver.await(1);
    receiver.stop();
    pair.peer().getOutputStream().write(2);
    rig().settle();
    assertEquals(1, receiver.bytes.size());
    TestRequest receive = rig().await(rig().submit(TestRequest.receive(pair.handle())));
    assertArrayEquals(new byte[] {2}, rig().take(receive.last()));
  }

  @Test
  default void manyConnectionsReceiveAtOnce() throws IOException {
    int count = 50;
    Peers.Pair[] pairs = new Peers.Pair[count];
    Receiver[] receivers = new Receiver[count];
    for (int i = 0; i < count; i++) {
      pairs[i] = peers().pair();
      receivers[i] = new Receiver(rig(), pairs[i].handle());
    }
    byte[] content = Bytes.random(5_000);
    for (Peers.Pair pair : pairs) {
      pair.peer().getOutputStream().write(content);
      pair.peer().shutdownOutput();
    }
    for (Receiver receiver : receivers) {
      receiver.awaitEnd();
      assertArrayEquals(content, receiver.bytes.toArray());
    }
  }

  @Test
  default void aResetConnectionFails() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest receive = rig().submit(TestRequest.receive(pair.handle()).multishot());
    Peers.reset(pair.peer());
    assertEquals(-Errno.ECONNRESET, rig().await(receive).last().result());
    assertEquals(1, receive.completions.size());
  }

  @Test
  default void aReceivedBufferCanBeWrittenAndSent() throws IOException {
    Peers.Pair pair = peers().pair();
    pair.peer().getOutputStream().write(Bytes.of("abc"));
    TestRequest receive = rig().await(rig().submit(TestRequest.receive(pair.handle())));
    IoBuffer buffer = (IoBuffer) receive.last().payload();
    assertEquals(DriverRig.RECEIVE_BUFFER_BYTES, buffer.capacity());
    buffer.write(Bytes.of("def"));
    assertEquals(6, rig().run(TestRequest.send(pair.handle(), buffer)));
    buffer.release();
    assertArrayEquals(Bytes.of("abcdef"), pair.peer().getInputStream().readNBytes(6));
  }

  @Test
  default void aBufferOutlivesItsDriver() throws IOException {
    DriverRig other = new DriverRig(provider());
    IoBuffer buffer;
    try (Peers otherPeers = peers().of(other)) {
      Peers.Pair pair = otherPeers.pair();
      pair.peer().getOutputStream().write(Bytes.of("kept"));
      TestRequest receive = other.await(other.submit(TestRequest.receive(pair.handle())));
      buffer = (IoBuffer) receive.last().payload();
      other.close(pair.handle());
      other.closeDriver();
    }
    assertEquals(1, other.driver.stats().buffersLent());
    byte[] found = new byte[4];
    buffer.read(found, 0, 4);
    assertArrayEquals(Bytes.of("kept"), found);
    buffer.write(new byte[buffer.writableBytes()]);
    buffer.release();
    assertEquals(0, other.driver.stats().buffersLent());
    other.assertQuiet();
  }

  /** Many rounds through few buffers: each must come back, and none may be handed out twice. */
  @Test
  default void buffersAreUsedAgain() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest receive = TestRequest.receive(pair.handle());
    for (int i = 0; i < 20 * DriverRig.RECEIVE_BUFFERS; i++) {
      byte[] content = new byte[100];
      Arrays.fill(content, (byte) i);
      pair.peer().getOutputStream().write(content);
      Bytes received = new Bytes();
      while (received.size() < content.length) {
        rig().await(rig().submit(receive));
        received.add(rig().take(receive.last()));
      }
      assertArrayEquals(content, received.toArray());
    }
  }
}
