package dev.ringlet.reactive;

import dev.ringlet.io.TcpListener;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What has arrived at a TCP socket and was not taken, as the kernel tells in {@code /proc/net}.
 *
 * @param localPort of the socket
 * @param remotePort of the other end; 0 for a listening socket
 */
record SocketQueue(int localPort, int remotePort) {
  /** That of Ringlet's end of a connection, whose other end is given. */
  static SocketQueue opposite(Socket peer) {
    return new SocketQueue(peer.getPort(), peer.getLocalPort());
  }

  static SocketQueue of(TcpListener listener) {
    return new SocketQueue(listener.localAddress().getPort(), 0);
  }

  /**
   * Asks the kernel.
   *
   * @return bytes, or connections of a listening socket
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
    return columns[1].endsWith(port(localPort)) && columns[2].endsWith(port(remotePort));
  }

  private static String port(int number) {
    return String.format(":%04X", number);
  }
}
