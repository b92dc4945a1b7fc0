package dev.ringlet.examples.kv;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;

/** A plain blocking client that shows replies as they came over the wire. Used by one thread. */
final class RespClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream input;
  private final OutputStream output;

  RespClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    input = new BufferedInputStream(socket.getInputStream());
    output = socket.getOutputStream();
  }

  Socket socket() {
    return socket;
  }

  /** Sends words that have no blanks in them and reads the reply. */
  String run(String command) throws IOException {
    return call(command.split(" ", -1));
  }

  String call(String... words) throws IOException {
    send(InMemoryServer.request(words));
    return read();
  }

  void send(byte[] bytes) throws IOException {
    output.write(bytes);
    output.flush();
  }

  void send(String text) throws IOException {
    send(Ascii.bytes(text));
  }

  /** Reads one reply, all of it. */
  String read() throws IOException {
    String line = readLine();
    int count =
        switch (line.charAt(0)) {
          case '$', '*' -> Integer.parseInt(line.substring(1, line.length() - 2));
          default -> -1;
        };
    if (count < 0) {
      return line;
    }
    if (line.charAt(0) == '$') {
      byte[] body = input.readNBytes(count + 2);
      if (body.length < count + 2) {
        throw new EOFException("in a bulk of " + count);
      }
      return line + Ascii.text(body);
    }
    StringBuilder whole = new StringBuilder(line);
    for (int i = 0; i < count; i++) {
      whole.append(read());
    }
    return whole.toString();
  }

  /** Whether the server has closed the connection, after what it sent before. */
  boolean isAtEnd() throws IOException {
    try {
      return input.read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    int next;
    do {
      next = input.read();
      if (next < 0) {
        throw new EOFException("after \"" + line + '"');
      }
      line.append((char) next);
    } while (next != '\n');
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
