package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Closing connections and listeners. */
interface SocketCloseContract extends SendContract, ListenContract {
  @Test
  default void thePeerSeesTheClose() throws IOException {
    Peers.Pair pair = peers().pair();
    rig().close(pair.handle());
    assertEquals(-1, pair.peer().getInputStream().read());
  }

  @Test
  default void requestsInFlightEndBeforeTheClose() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest send = blockedSend(pair.handle());
    TestRequest receive = rig().submit(TestRequest.receive(pair.handle()).multishot());
    rig().settle();
    TestRequest close = rig().await(rig().submit(TestRequest.close(pair.handle())));
    assertEquals(0, close.last().result());
    for (TestRequest request : List.of(send, receive)) {
      assertTrue(request.isFinished(), "ends before the close: " + request);
      assertEquals(1, request.completions.size());
      assertTrue(request.last().number() < close.last().number());
    }
    assertEquals(-Errno.ECANCELED, receive.last().result());
    int sent = send.last().result();
    assertTrue(sent == -Errno.ECANCELED || sent > 0, send::toString);
  }

  @Test
  default void requestsOfTheSameTurnEndBeforeTheClose() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest receive = rig().submit(TestRequest.receive(pair.handle()));
    TestRequest close = rig().submit(TestRequest.close(pair.handle()));
    assertEquals(0, rig().await(close).last().result());
    assertTrue(receive.isFinished(), "ends before the close");
    assertEquals(-Errno.ECANCELED, receive.last().result());
  }

  @Test
  default void aClosedListenerEndsItsAccepts() {
    IoHandle listener = listener();
    TestRequest once = rig().submit(TestRequest.accept(listener));
    TestRequest multishot = rig().submit(TestRequest.accept(listener).multishot());
    rig().settle();
    TestRequest close = rig().await(rig().submit(TestRequest.close(listener)));
    assertEquals(0, close.last().result());
    for (TestRequest accept : List.of(once, multishot)) {
      assertTrue(accept.isFinished(), "ends before the close");
      assertEquals(-Errno.ECANCELED, accept.last().result());
      assertEquals(1, accept.completions.size());
    }
  }

  @Test
  default void aClosedSocketCannotBeUsed() throws IOException {
    IoHandle socket = peers().pair().handle();
    rig().close(socket);
    rig().fails(Errno.EBADF, TestRequest.receive(socket));
    rig().fails(Errno.EBADF, TestRequest.receive(socket).multishot());
    rig().fails(Errno.EBADF, TestRequest.send(socket, rig().buffer(new byte[1])));
    rig().fails(Errno.EBADF, TestRequest.shutdownOutput(socket));
    rig().fails(Errno.EBADF, TestRequest.close(socket));
    IoHandle listener = listener();
    rig().close(listener);
    rig().fails(Errno.EBADF, TestRequest.accept(listener));
    rig().fails(Errno.EBADF, TestRequest.close(listener));
  }

  @Test
  default void aSocketCannotBeUsedWhileItIsClosed() throws IOException {
    IoHandle socket = peers().pair().handle();
    TestRequest receive = rig().submit(TestRequest.receive(socket));
    TestRequest close = rig().submit(TestRequest.close(socket));
    TestRequest again = rig().submit(TestRequest.close(socket));
    TestRequest late = rig().submit(TestRequest.receive(socket));
    assertEquals(0, rig().await(close).last().result());
    assertEquals(-Errno.ECANCELED, rig().await(receive).last().result());
    assertEquals(-Errno.EBADF, rig().await(again).last().result());
    assertEquals(-Errno.EBADF, rig().await(late).last().result());
  }

  @Test
  default void aCloseIsNotCancelled() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest receive = rig().submit(TestRequest.receive(pair.handle()));
    TestRequest close = rig().submit(TestRequest.close(pair.handle()));
    rig().cancel(close);
    assertEquals(0, rig().await(close).last().result());
    assertTrue(receive.isFinished());
  }
}
