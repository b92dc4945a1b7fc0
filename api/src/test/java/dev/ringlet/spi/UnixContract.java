package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.UnixAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stream sockets of the Unix domain. */
interface UnixContract extends DriverContractPart {
  private Path path() {
    return directory().resolve("socket");
  }

  private IoHandle unixListener(int backlog) {
    return rig().handle(TestRequest.listen(UnixAddress.of(path()), backlog, 0));
  }

  @Test
  default void aUnixSocketConnectsToOthersOfTheMachine() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path()));
      IoHandle handle = rig().handle(TestRequest.connect(UnixAddress.of(path())));
      try (SocketChannel peer = server.accept()) {
        assertEquals(3, rig().run(TestRequest.send(handle, rig().buffer(Bytes.of("ask")))));
        ByteBuffer got = ByteBuffer.allocate(3);
        while (got.hasRemaining()) {
          assertTrue(peer.read(got) > 0);
        }
        assertArrayEquals(Bytes.of("ask"), got.array());
        assertEquals(0, rig().run(TestRequest.shutdownOutput(handle)));
        assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
        peer.write(ByteBuffer.wrap(Bytes.of("answer")));
        TestRequest receive = rig().await(rig().submit(TestRequest.receive(handle)));
        assertArrayEquals(Bytes.of("answer"), rig().take(receive.last()));
      }
      TestRequest end = rig().await(rig().submit(TestRequest.receive(handle)));
      assertEquals(0, end.last().result());
    }
  }

  @Test
  default void connectionsOfAUnixListenerHaveItsBufferSizes() throws IOException {
    SocketOptions options =
        SocketOptions.defaults().withSendBuffer(40_000).withReceiveBuffer(30_000);
    TestRequest listen = TestRequest.listen(UnixAddress.of(path()), 16, 0).with(options);
    IoHandle listener = rig().handle(listen);
    try (SocketChannel first = SocketChannel.open(UnixDomainSocketAddress.of(path()));
        SocketChannel second = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
      assertBuffers(rig().handle(TestRequest.accept(listener)));
      Acceptor acceptor = new Acceptor(rig(), listener);
      acceptor.await(1);
      assertBuffers(acceptor.handles.get(0));
      acceptor.stop();
      assertTrue(first.isConnected() && second.isConnected());
    }
  }

  /** The kernel doubles them, which the JDK may know or not. */
  private void assertBuffers(IoHandle connection) throws IOException {
    int send = option(connection, SocketOptions.Option.SEND_BUFFER);
    assertTrue(send == 40_000 || send == 80_000, "send buffer: " + send);
    int receive = option(connection, SocketOptions.Option.RECEIVE_BUFFER);
    assertTrue(receive == 30_000 || receive == 60_000, "receive buffer: " + receive);
  }

  @Test
  default void aUnixListenerAcceptsUntilItIsClosed() throws IOException {
    IoHandle listener = unixListener(64);
    Acceptor acceptor = new Acceptor(rig(), listener);
    List<SocketChannel> peers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      peers.add(SocketChannel.open(UnixDomainSocketAddress.of(path())));
    }
    rig().until("all are accepted", () -> acceptor.handles.size() == 20);
    acceptor.stop();
    for (SocketChannel peer : peers) {
      peer.close();
    }
    rig().close(listener);
    assertTrue(Files.exists(path()), "the file stays");
    rig().fails(Errno.ECONNREFUSED, TestRequest.connect(UnixAddress.of(path())));
    rig().fails(Errno.EADDRINUSE, TestRequest.listen(UnixAddress.of(path()), 1, 0));
    Files.delete(path());
    rig().fails(Errno.ENOENT, TestRequest.connect(UnixAddress.of(path())));
    unixListener(1);
  }

  @Test
  default void aUnixSocketHasNoInternetAddress() {
    IoHandle listener = unixListener(1);
    IoHandle handle = rig().handle(TestRequest.connect(UnixAddress.of(path())));
    assertThrows(IllegalArgumentException.class, () -> rig().driver.localAddress(listener));
    assertThrows(IllegalArgumentException.class, () -> rig().driver.localAddress(handle));
    assertThrows(IllegalArgumentException.class, () -> rig().driver.remoteAddress(handle));
  }

  /** Or it says that it cannot. */
  @Test
  default void anAbstractNameNeedsNoFile() {
    UnixAddress address = UnixAddress.ofAbstract("ringlet " + path());
    TestRequest listen = TestRequest.listen(address, 16, 0);
    if (rig().run(listen) == -Errno.EINVAL) {
      assertTrue(listen.last().payload() instanceof UnsupportedOperationException);
      return;
    }
    IoHandle listener = (IoHandle) listen.last().payload();
    TestRequest accept = rig().submit(TestRequest.accept(listener));
    IoHandle near = rig().handle(TestRequest.connect(address));
    IoHandle far = (IoHandle) rig().await(accept).last().payload();
    assertEquals(2, rig().run(TestRequest.send(near, rig().buffer(Bytes.of("hi")))));
    TestRequest receive = rig().await(rig().submit(TestRequest.receive(far)));
    assertArrayEquals(Bytes.of("hi"), rig().take(receive.last()));
    rig().close(listener);
    rig().fails(Errno.ECONNREFUSED, TestRequest.connect(address));
  }

  /** It waits and can be cancelled, or fails with EAGAIN. */
  @Test
  default void aFullBacklogOfAUnixListenerHoldsConnectsBack() {
    IoHandle listener = unixListener(1);
    List<TestRequest> connects = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      connects.add(rig().submit(TestRequest.connect(UnixAddress.of(path()))));
    }
    rig().until("some are connected", () -> connects.get(0).isFinished());
    rig().settle();
    int held = 0;
    for (TestRequest connect : connects) {
      if (!connect.isFinished()) {
        rig().cancel(connect);
        rig().await(connect);
        assertEquals(-Errno.ECANCELED, connect.last().result());
        held++;
      } else if (connect.last().result() < 0) {
        assertEquals(-Errno.EAGAIN, connect.last().result());
        held++;
      }
    }
    assertTrue(held > 0, "a full backlog lets connections wait");
    rig().close(listener);
  }

  @Test
  default void requestsOnAUnixSocketEndBeforeItsClose() throws IOException {
    IoHandle listener = unixListener(4);
    IoHandle near = rig().handle(TestRequest.connect(UnixAddress.of(path())));
    TestRequest receive = rig().submit(TestRequest.receive(near).multishot());
    TestRequest accepted = rig().await(rig().submit(TestRequest.accept(listener)));
    TestRequest accept = rig().submit(TestRequest.accept(listener).multishot());
    rig().settle();
    rig().close(near);
    assertEquals(-Errno.ECANCELED, receive.last().result());
    TestRequest end =
        rig().await(rig().submit(TestRequest.receive((IoHandle) accepted.last().payload())));
    assertEquals(0, end.last().result());
    rig().close(listener);
    assertEquals(-Errno.ECANCELED, accept.last().result());
  }
}
