package dev.ringlet.examples.echo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.examples.kv.Drivers;
import dev.ringlet.executor.ExecutorPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
final class EchoServerTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final byte[] data = new byte[2_000_000];

  /** Far more than sockets and windows hold comes back whole, also to a client that half-closes. */
  @ParameterizedTest
  @MethodSource("dev.ringlet.examples.kv.Drivers#all")
  void sendsBackWhatItGets(String driver) throws Exception {
    Drivers.assumeAvailable(driver);
    new Random(2).nextBytes(data);
    try (EchoServer server = EchoServer.start(ANY_PORT, ExecutorPool.of(2).withDriver(driver))) {
      try (Socket socket = new Socket()) {
        socket.connect(server.address());
        Thread writer = new Thread(() -> write(socket));
        writer.start();
        assertArrayEquals(data, socket.getInputStream().readAllBytes());
        writer.join();
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () ->
                  assertEquals(
                      2,
                      server.system().stats().executors().stream()
                          .mapToLong(executor -> executor.actors())
                          .sum(),
                      "only the listeners are left"));
      assertEquals(0, server.system().stats().failures());
    }
  }

  private void write(Socket socket) {
    try {
      socket.getOutputStream().write(data);
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
