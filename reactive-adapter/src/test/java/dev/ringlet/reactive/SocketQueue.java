package dev.ringlet.reactive;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What has arrived at a TCP socket and was not read, as the kernel tells in {@code /proc/net}.
 *
 * @param peer the other end of the connection
 */
record SocketQueue(Socket peer) {
  /**
   * Asks the kernel.
   *
   * @return bytes
   */
  long unread() throws IOException {
    try (Stream<String> ipv4 = Files.lines(Path.of("/proc/net/tcp"));
        Stream<String> ipv6 = Files.lines(Path.of("/proc/net/tcp6"))) {
      return Stream.concat(ipv4, ipv6)
          .map(line -> line.strip().split("\\s+", 6))
          .filter(this::isOfTheSocket)
          .mapToLong(
              columns -> Long.parseLong(columns[4].substring(columns[4].indexOf(':') + 1), 16))
          .sum();
    }
  }

  /** Columns 1 and 2 are the local and the remote address, with their ports at the end. */
  private boolean isOfTheSocket(String[] columns) {
    return columns[1].endsWith(port(peer.getPort()))
        && columns[2].endsWith(port(peer.getLocalPort()));
  }

  private static String port(int number) {
    return String.format(":%04X", number);
  }
}
