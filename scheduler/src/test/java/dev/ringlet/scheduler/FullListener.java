package dev.ringlet.scheduler;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A listener whose backlog is full: the kernel answers no connection to it, and refuses none. */
final class FullListener implements AutoCloseable {
  private static final int CONNECT_MILLIS = 100;

  private final ServerSocket listener;
  private final List<Socket> waiting = new ArrayList<>();

  FullListener(InetAddress address) throws IOException {
    listener = new ServerSocket(0, 1, address);
    while (connects()) {
      // One more fits.
    }
  }

  private boolean connects() throws IOException {
    Socket socket = new Socket();
    waiting.add(socket);
    try {
      socket.connect(new InetSocketAddress(listener.getInetAddress(), port()), CONNECT_MILLIS);
      return true;
    } catch (SocketTimeoutException full) {
      socket.close();
      return false;
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : waiting) {
      socket.close();
    }
    listener.close();
  }
}
