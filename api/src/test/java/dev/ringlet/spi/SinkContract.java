package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the sink may do while it is told of a completion. */
interface SinkContract extends DriverContractPart {
  @Test
  default void submitsTheSameRequestAgain() {
    TestRequest delay = TestRequest.delay(Duration.ZERO);
    delay.onCompletion(
        () -> {
          if (delay.completions.size() < 2_000) {
            rig().submit(delay);
          }
        });
    rig().submit(delay);
    rig().awaitCompletions(delay, 2_000);
    rig().await(delay);
    assertEquals(2_000, delay.completions.size());
    assertTrue(rig().mostPerPoll() < 2_000, "a poll must end although there is always more");
  }

  /** Requests without end that need no kernel, more than a poll reports. */
  @Test
  default void endlessFailuresDoNotKeepDataWaiting() throws IOException {
    Peers.Pair pair = peers().pair();
    IoHandle closed = rig().handle(TestRequest.listen(Peers.anyPort(), 16, 0));
    rig().close(closed);
    boolean[] stop = {false};
    for (int i = 0; i < 2_000; i++) {
      TestRequest accept = TestRequest.accept(closed);
      accept.onCompletion(
          () -> {
            if (!stop[0]) {
              rig().submit(accept);
            }
          });
      rig().submit(accept);
    }
    TestRequest receive = rig().submit(TestRequest.receive(pair.handle()));
    pair.peer().getOutputStream().write(1);
    assertEquals(1, rig().await(receive).last().result());
    stop[0] = true;
    assertEquals(1, rig().take(receive.last()).length);
    rig().until("the failures end", () -> rig().driver.stats().inFlight() == 0);
  }

  @Test
  default void submitsTwoForOne() {
    int[] left = {1_000};
    submitTree(left);
    rig().until("all are done", () -> left[0] <= 0 && rig().driver.stats().inFlight() == 0);
  }

  private void submitTree(int[] left) {
    TestRequest delay = TestRequest.delay(Duration.ZERO);
    delay.onCompletion(
        () -> {
          for (int i = 0; i < 2 && left[0]-- > 0; i++) {
            submitTree(left);
          }
        });
    rig().submit(delay);
  }

  @Test
  default void echoesWithoutLeavingTheSink() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest receive = TestRequest.receive(pair.handle());
    receive.onCompletion(() -> echo(pair.handle(), receive));
    rig().submit(receive);
    byte[] content = Bytes.random(100_000);
    CompletableFuture<byte[]> echoed =
        peers()
            .beside(
                () -> {
                  byte[] back = new byte[content.length];
                  for (int at = 0; at < content.length; at += 1_000) {
                    pair.peer().getOutputStream().write(content, at, 1_000);
                    pair.peer().getInputStream().readNBytes(back, at, 1_000);
                  }
                  pair.peer().shutdownOutput();
                  return back;
                });
    assertArrayEquals(content, peers().join(echoed));
    rig().await(receive);
    assertEquals(0, receive.last().result());
  }

  private void echo(IoHandle socket, TestRequest receive) {
    if (receive.last().payload() instanceof IoBuffer buffer) {
      TestRequest send = TestRequest.send(socket, buffer);
      send.onCompletion(
          () -> {
            assertEquals(buffer.readableBytes(), send.last().result());
            buffer.release();
            rig().submit(receive);
          });
      rig().submit(send);
    }
  }

  @Test
  default void cancelsAnotherRequest() {
    TestRequest hour = rig().submit(TestRequest.delay(Duration.ofHours(1)));
    TestRequest soon = TestRequest.delay(Duration.ofMillis(1));
    soon.onCompletion(() -> rig().cancel(hour));
    rig().submit(soon);
    assertEquals(-Errno.ECANCELED, rig().await(hour).last().result());
  }

  @Test
  default void cancelsTheMultishotItHearsOf() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest receive = TestRequest.receive(pair.handle()).multishot();
    receive.onCompletion(
        () -> {
          if (receive.last().more()) {
            rig().cancel(receive);
          }
        });
    pair.peer().getOutputStream().write(Bytes.random(5 * DriverRig.RECEIVE_BUFFER_BYTES));
    rig().submit(receive);
    rig().await(receive);
    int result = receive.last().result();
    assertTrue(result > 0 || result == -Errno.ECANCELED, receive::toString);
    assertTrue(rig().takeAll(receive).length > 0);
  }

  @Test
  default void closesTheHandleItHearsOf() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest close = TestRequest.close(pair.handle());
    TestRequest receive = TestRequest.receive(pair.handle()).multishot();
    receive.onCompletion(
        () -> {
          if (receive.completions.size() == 1) {
            rig().submit(close);
          }
        });
    pair.peer().getOutputStream().write(Bytes.random(5 * DriverRig.RECEIVE_BUFFER_BYTES));
    rig().submit(receive);
    rig().until("it is closed", close::isFinished);
    assertEquals(0, close.last().result());
    assertTrue(receive.isFinished(), "ends before the close");
    assertTrue(rig().takeAll(receive).length > 0);
  }

  @Test
  default void closesEachConnectionItHearsOf() throws IOException {
    IoHandle listener = rig().handle(TestRequest.listen(Peers.anyPort(), 256, 0));
    Acceptor acceptor = new Acceptor(rig(), listener);
    for (int i = 0; i < 50; i++) {
      var peer = peers().connect(rig().driver.localAddress(listener));
      acceptor.await(i + 1);
      rig().close(acceptor.handles.get(i));
      assertEquals(-1, peer.getInputStream().read());
    }
    acceptor.stop();
  }

  /** A close is complete when the port is free, not when it has been thought of. */
  @Test
  default void opensAgainWhatItHasClosed() {
    IoHandle listener = rig().handle(TestRequest.listen(Peers.anyPort(), 16, 0));
    TestRequest again = TestRequest.listen(rig().driver.localAddress(listener), 16, 0);
    TestRequest accept = rig().submit(TestRequest.accept(listener));
    rig().settle();
    TestRequest close = TestRequest.close(listener);
    close.onCompletion(() -> rig().submit(again));
    TestRequest delay = TestRequest.delay(Duration.ofMillis(1));
    delay.onCompletion(() -> rig().submit(close));
    rig().submit(delay);
    rig().until("it listens again", again::isFinished);
    assertEquals(0, again.last().result());
    assertTrue(accept.isFinished());
  }
}
