package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that do not behave: each gets an error or is disconnected, the others notice nothing, and
 * nothing stays behind.
 */
@Timeout(90)
final class HostileInputTest {
  private static final String DRIVERS = "dev.ringlet.examples.kv.Drivers#all";

  /** Commands whose replies are far more than the sockets hold. */
  private static final int FLOOD = 40_000;

  @TempDir Path data;

  @ParameterizedTest
  @MethodSource(DRIVERS)
  void garbageIsAnsweredByAnErrorAndAnEnd(String driver) throws IOException {
    try (TestServer server = new TestServer(data, driver);
        RespClient honest = server.connect()) {
      Random random = new Random(1);
      for (int i = 0; i < 200; i++) {
        byte[] garbage = new byte[1 + random.nextInt(20_000)];
        random.nextBytes(garbage);
        garbage[0] = i % 2 == 0 ? (byte) '*' : garbage[0];
        try (RespClient hostile = server.connect()) {
          sendIgnoringReset(hostile, garbage);
        }
      }
      try (RespClient hostile = server.connect()) {
        hostile.send("*2\r\n$3\r\nGET\r\nxyz");
        assertEquals("-ERR Protocol error: expected '$', got 'x'\r\n", hostile.read());
        assertTrue(hostile.isAtEnd());
      }
      assertEquals("+PONG\r\n", honest.run("PING"));
      server.awaitQuiet(honest);
    }
  }

  private static void sendIgnoringReset(RespClient client, byte[] bytes) throws IOException {
    try {
      client.send(bytes);
    } catch (SocketException closedByServer) {
      assertTrue(client.isAtEnd());
    }
  }

  /** The error comes before the end even if much more input is on its way. */
  @ParameterizedTest
  @MethodSource(DRIVERS)
  void errorIsNotOvertakenByAReset(String driver) throws IOException {
    try (TestServer server = new TestServer(data, driver);
        RespClient hostile = server.connect()) {
      hostile.send("*1\r\n$4\r\nPING\r\n*1\r\n!" + "x".repeat(300_000));
      assertEquals("+PONG\r\n", hostile.read());
      assertEquals("-ERR Protocol error: expected '$', got '!'\r\n", hostile.read());
      assertTrue(hostile.isAtEnd());
    }
  }

  @ParameterizedTest
  @MethodSource(DRIVERS)
  void announcedLengthsCostNothing(String driver) throws IOException {
    try (TestServer server = new TestServer(data, driver);
        RespClient honest = server.connect()) {
      List<RespClient> greedy = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        RespClient client = server.connect();
        client.send("*1000000\r\n$3\r\nSET\r\n$536870912\r\nabc");
        greedy.add(client);
      }
      assertEquals("+OK\r\n", honest.run("SET a b"));
      for (RespClient client : greedy) {
        client.close();
      }
      server.awaitQuiet(honest);
    }
  }

  /** A value over the limit is read past, answered by an error, and the connection goes on. */
  @ParameterizedTest
  @MethodSource(DRIVERS)
  void tooLargeValueGetsAnError(String driver) throws IOException {
    try (TestServer server = new TestServer(data, driver);
        RespClient client = server.connect()) {
      String error = client.call("SET", "big", "x".repeat(3 << 20));
      assertTrue(error.startsWith("-ERR argument of 3145728 bytes is over the"), error);
      assertEquals("$-1\r\n", client.run("GET big"));
      String fits = "y".repeat(1 << 20);
      assertEquals("+OK\r\n", client.call("SET", "big", fits));
      assertEquals("$1048576\r\n" + fits + "\r\n", client.run("GET big"));
    }
  }

  /** A client that asks for much and reads nothing is cut off; others go on. */
  @ParameterizedTest
  @MethodSource(DRIVERS)
  void slowReaderIsCutOffAtTheOutputLimit(String driver) throws IOException {
    try (TestServer server = new TestServer(data, driver, FsyncPolicy.NO, 1 << 20, 8 << 20);
        RespClient honest = server.connect()) {
      honest.call("SET", "big", "x".repeat(1 << 20));
      try (RespClient slow = server.connect()) {
        byte[] get = InMemoryServer.request("GET", "big");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 100; i++) {
          many.append(Ascii.text(get));
        }
        sendIgnoringReset(slow, Ascii.bytes(many.toString()));
        server.awaitQuiet(honest);
      }
      assertEquals("+PONG\r\n", honest.run("PING"));
    }
  }

  /** A client that never reads but stays under the limit is not read from, and holds up nobody. */
  @ParameterizedTest
  @MethodSource(DRIVERS)
  void floodWithoutReadingStopsAtBackPressure(String driver) throws Exception {
    try (TestServer server = new TestServer(data, driver);
        RespClient honest = server.connect()) {
      honest.call("SET", "k", "x".repeat(1000));
      try (RespClient flood = server.connect()) {
        Thread writer = new Thread(() -> askForMuch(flood));
        writer.start();
        for (int i = 0; i < 1000; i++) {
          assertEquals(":" + (i + 1) + "\r\n", honest.run("INCR n"));
        }
        String expected = "$1000\r\n" + "x".repeat(1000) + "\r\n";
        for (int i = 0; i < FLOOD; i++) {
          assertEquals(expected, flood.read());
        }
        writer.join();
      }
      server.awaitQuiet(honest);
    }
  }

  private static void askForMuch(RespClient client) {
    try {
      client.send("GET k\r\n".repeat(FLOOD));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource(DRIVERS)
  void stormOfConnectsAndResetsLeavesNothing(String driver) throws IOException {
    try (TestServer server = new TestServer(data, driver);
        RespClient honest = server.connect()) {
      byte[] half = Ascii.bytes("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$100\r\nhalf");
      byte[] whole = InMemoryServer.request("SET", "a", "b");
      assertEquals("+PONG\r\n", honest.run("PING"));
      long before = openSockets();
      for (int i = 0; i < 2000; i++) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
          if (i % 2 == 0) {
            socket.setSoLinger(true, 0);
          }
          switch (i % 4) {
            case 0, 1 -> socket.getOutputStream().write(half);
            case 2 -> socket.getOutputStream().write(whole);
            default -> {}
          }
        }
      }
      assertEquals("+PONG\r\n", honest.run("PING"));
      server.awaitQuiet(honest);
      assertEquals(before, openSockets(), "server and client are in this process");
    }
  }

  private static long openSockets() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(HostileInputTest::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  @ParameterizedTest
  @MethodSource(DRIVERS)
  void tooManyClientsAreTold(String driver) throws IOException {
    try (TestServer server = new TestServer(data, driver);
        RespClient honest = server.connect()) {
      honest.run("PING");
      List<RespClient> clients = new ArrayList<>();
      for (int i = 0; i < 1999; i++) {
        clients.add(server.connect());
      }
      server.awaitClients(honest, 2000);
      try (RespClient oneTooMany = server.connect()) {
        assertEquals("-ERR max number of clients reached\r\n", oneTooMany.read());
        assertTrue(oneTooMany.isAtEnd());
      }
      for (RespClient client : clients) {
        client.close();
      }
      server.awaitQuiet(honest);
    }
  }

  /** Input that ends still gets the answers to what was whole before. */
  @ParameterizedTest
  @MethodSource(DRIVERS)
  void halfClosedClientGetsItsAnswers(String driver) throws IOException {
    try (TestServer server = new TestServer(data, driver);
        RespClient client = server.connect()) {
      client.send("SET a 1\r\nGET a\r\nGET unfin");
      client.socket().shutdownOutput();
      assertEquals("+OK\r\n", client.read());
      assertEquals("$1\r\n1\r\n", client.read());
      assertTrue(client.isAtEnd());
    }
  }

  @ParameterizedTest
  @MethodSource(DRIVERS)
  void quitIsAnsweredThenClosed(String driver) throws IOException {
    try (TestServer server = new TestServer(data, driver);
        RespClient client = server.connect()) {
      client.send("SET a 1\r\nQUIT\r\nSET a 2\r\n");
      assertEquals("+OK\r\n", client.read());
      assertEquals("+OK\r\n", client.read());
      assertTrue(client.isAtEnd());
      try (RespClient other = server.connect()) {
        assertEquals("$1\r\n1\r\n", other.run("GET a"));
      }
    }
  }
}
