package dev.ringlet.spi;

import dev.ringlet.io.IoBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;

/** Blocking sockets in a simulated network, by a driver of their own. */
final class SimPeerNetwork implements Peers.Network {
  private final SimTurns turns;
  private final IoDriver driver;

  SimPeerNetwork(SimTurns turns) {
    this.turns = turns;
    driver = turns.world().drivers().create(new IoDriverOptions(64, 256, 256, 4096, Ticker.SYSTEM));
  }

  @Override
  public ServerSocket server() throws IOException {
    return new Server((IoHandle) run(TestRequest.listen(Peers.anyPort(), 256, 0)).payload());
  }

  @Override
  public Socket connect(InetSocketAddress address) throws IOException {
    return new Connection((IoHandle) run(TestRequest.connect(address)).payload());
  }

  private TestRequest.Completion run(TestRequest request) throws IOException {
    turns.run(
        () -> {
          driver.submit(request);
          driver.flush();
        });
    turns.await(
        request.toString(),
        () -> {
          driver.poll(SimPeerNetwork::completed);
          return !request.completions.isEmpty();
        });
    int result = request.last().result();
    if (result == -Errno.ECONNRESET) {
      throw new SocketException("Connection reset");
    }
    if (result < 0) {
      throw new SocketException(Errno.describe(-result));
    }
    return request.last();
  }

  private static void completed(IoRequest request, int result, Object payload, boolean more) {
    ((TestRequest) request).completions.add(new TestRequest.Completion(0, result, payload, more));
  }

  private final class Server extends ServerSocket {
    private final IoHandle handle;
    private boolean isClosed;

    private Server(IoHandle handle) throws IOException {
      this.handle = handle;
    }

    @Override
    public Socket accept() throws IOException {
      return new Connection((IoHandle) run(TestRequest.accept(handle)).payload());
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
      return driver.localAddress(handle);
    }

    @Override
    public void close() throws IOException {
      if (!isClosed) {
        isClosed = true;
        run(TestRequest.close(handle));
      }
    }
  }

  private final class Connection extends Socket {
    private final IoHandle handle;
    private final Input input = new Input();
    private final Output output = new Output();
    private boolean reset;
    private boolean isClosed;

    private Connection(IoHandle handle) throws IOException {
      super((SocketImpl) null);
      this.handle = handle;
    }

    @Override
    public InputStream getInputStream() {
      return input;
    }

    @Override
    public OutputStream getOutputStream() {
      return output;
    }

    @Override
    public void shutdownOutput() throws IOException {
      run(TestRequest.shutdownOutput(handle));
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
      return driver.localAddress(handle);
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
      return driver.remoteAddress(handle);
    }

    @Override
    public void setSoTimeout(int timeout) {
      // A test that waits in vain is told by SimTurns.
    }

    @Override
    public void setTcpNoDelay(boolean on) {
      // Nothing is delayed here.
    }

    @Override
    public void setSoLinger(boolean on, int linger) {
      reset = on && linger == 0;
    }

    @Override
    public synchronized void close() throws IOException {
      if (!isClosed) {
        isClosed = true;
        run(reset ? TestRequest.reset(handle) : TestRequest.close(handle));
      }
    }

    private final class Input extends InputStream {
      private byte[] left = {};
      private int at;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
          return 0;
        }
        if (at == left.length && !receive()) {
          return -1;
        }
        int count = Math.min(length, left.length - at);
        System.arraycopy(left, at, target, offset, count);
        at += count;
        return count;
      }

      private boolean receive() throws IOException {
        if (!(run(TestRequest.receive(handle)).payload() instanceof IoBuffer buffer)) {
          return false;
        }
        turns.run(
            () -> {
              left = buffer.readAll();
              at = 0;
              buffer.release();
            });
        return true;
      }
    }

    private final class Output extends OutputStream {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] source, int offset, int length) throws IOException {
        IoBuffer buffer =
            new IoBuffer(driver.allocate(Math.max(1, length)), 0, length, released -> {}, 0);
        buffer.write(source, offset, length);
        int sent = 0;
        while (sent < length) {
          sent +=
              run(TestRequest.transfer(IoOpcode.SEND, handle, 0, buffer, sent, length - sent))
                  .result();
        }
      }
    }
  }
}
