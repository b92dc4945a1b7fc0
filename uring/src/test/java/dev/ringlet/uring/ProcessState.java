package dev.ringlet.uring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What this process holds of the kernel. */
final class ProcessState {
  /** Pipes to processes, and what the JVM reads now and then to learn how much memory it has. */
  private static final List<String> NOT_OURS = List.of("pipe:", "/sys/", "/proc/");

  static {
    openWhatJavaKeepsOpen();
  }

  private ProcessState() {}

  /** What the descriptors refer to, without those that the JVM opens and closes as it likes. */
  static List<String> openFiles() {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.map(ProcessState::target).filter(ProcessState::isOurs).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int ringMappings() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return (int) lines.filter(line -> line.contains("io_uring")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The descriptor of the ring that was opened last. */
  static int ringFd() {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files
          .filter(link -> target(link).contains("io_uring"))
          .mapToInt(link -> Integer.parseInt(link.getFileName().toString()))
          .max()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "pipe: closed meanwhile";
    }
  }

  private static boolean isOurs(String target) {
    return !target.endsWith(".jar") && NOT_OURS.stream().noneMatch(target::startsWith);
  }

  /** With its first connection the JDK opens a socket for its own use, which stays. */
  private static void openWhatJavaKeepsOpen() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 1, loopback);
        Socket client = new Socket(loopback, server.getLocalPort())) {
      server.accept().close();
      client.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
