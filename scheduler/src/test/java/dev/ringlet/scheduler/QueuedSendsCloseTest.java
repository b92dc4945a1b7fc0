package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.ConnectOptions;
import dev.ringlet.io.IoException;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.TcpStream;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The end of a system ends whatever stands in a line, however long that is. */
@OnBothDrivers
final class QueuedSendsCloseTest {
  private static final int SENDS = 3000;
  private static final int BYTES = 1024;

  private final String driver;

  QueuedSendsCloseTest(String driver) {
    this.driver = driver;
  }

  @Test
  void sendsToAPeerThatDoesNotReadAllEnd() throws IOException {
    new FileRig(driver).close(); // what a process opens once, such as libraries, is not counted
    int descriptors = FileRig.descriptors();
    List<CompletionStage<Integer>> sends = new ArrayList<>();
    try (ServerSocket server = new ServerSocket()) {
      server.setReceiveBufferSize(BYTES);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      ActorSystem system = ActorSystem.create("test", Systems.pool(driver, 1));
      ActorExecutor executor = system.executors().get(0);
      SocketOptions options =
          SocketOptions.defaults().withOutputLimit(Long.MAX_VALUE).withSendBuffer(BYTES);
      InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
      TcpStream stream =
          Systems.value(
              executor, io -> io.connect(address, ConnectOptions.defaults().withSocket(options)));
      Systems.inTurn(
          executor,
          context -> {
            for (int i = 0; i < SENDS; i++) {
              sends.add(stream.send(context.io().buffer(BYTES).wrote(BYTES)).toCompletionStage());
            }
          });
      system.close();
    }
    int cancelled = 0;
    for (CompletionStage<Integer> send : sends) {
      int errno = Systems.get(send.handle((n, e) -> e == null ? 0 : ((IoException) e).errno()));
      assertTrue(errno == 0 || errno == Errno.ECANCELED || errno == Errno.EPIPE, "errno " + errno);
      cancelled += errno == 0 ? 0 : 1;
    }
    assertTrue(cancelled > SENDS / 2, cancelled + " did not end regularly");
    Systems.awaitUntil(() -> FileRig.descriptors() <= descriptors);
    assertEquals(SENDS, sends.size());
  }
}
