package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** What this process has open. */
public final class OpenFiles {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /**
   * What drivers and tests open, and files in the folders of tests; the JVM and its libraries open
   * others as they like.
   */
  private static final List<String> OURS =
      List.of("socket:", "pipe:", "anon_inode:", System.getProperty("java.io.tmpdir") + "/junit");

  static {
    openWhatJavaKeepsOpen();
  }

  private OpenFiles() {}

  /** What each descriptor stands for: a path, or the kind and, of most kinds, a number. */
  public static List<String> list() {
    try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
      List<String> targets = new ArrayList<>();
      descriptors.map(OpenFiles::target).filter(OpenFiles::isOurs).forEach(targets::add);
      return targets;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What has been opened since, and is open. */
  public static List<String> since(List<String> before) {
    List<String> added = list();
    before.forEach(added::remove);
    return added;
  }

  /** Waits until nothing is; some of it is closed by other threads. */
  public static void awaitNoneSince(List<String> before) {
    Awaitility.await()
        .dontCatchUncaughtExceptions()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .untilAsserted(() -> assertEquals(List.of(), since(before), "open since"));
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().replace(" (deleted)", "");
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  private static boolean isOurs(String target) {
    return OURS.stream().anyMatch(target::startsWith);
  }

  /** With the first socket, and the first channel, that it closes it opens one that stays. */
  private static void openWhatJavaKeepsOpen() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 1, loopback);
        Socket client = new Socket(loopback, server.getLocalPort())) {
      server.accept().close();
      client.shutdownOutput();
      Pipe pipe = Pipe.open();
      pipe.sink().close();
      pipe.source().close();
      SocketChannel.open().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
