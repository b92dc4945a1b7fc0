package dev.ringlet.spi;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The other ends of a driver's connections: plain blocking sockets, and threads to use them on. */
final class Peers implements AutoCloseable {
  /** A connection of the driver and its other end. */
  record Pair(IoHandle handle, Socket peer) {}

  private final DriverRig rig;
  private final Network network;
  private final ServerSocket server;
  private final List<Socket> sockets = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** Makes the other side's sockets; in a simulation they are not the machine's. */
  interface Network {
    ServerSocket server() throws IOException;

    Socket connect(InetSocketAddress address) throws IOException;
  }

  /** That of this machine. */
  private static final class Machine implements Network {
    @Override
    public ServerSocket server() throws IOException {
      return new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    }

    @Override
    public Socket connect(InetSocketAddress address) throws IOException {
      return new Socket(address.getAddress(), address.getPort());
    }
  }

  Peers(DriverRig rig) throws IOException {
    this(rig, new Machine());
  }

  Peers(DriverRig rig, Network network) throws IOException {
    this.rig = rig;
    this.network = network;
    this.server = network.server();
  }

  /** Others, of another driver. */
  Peers of(DriverRig other) throws IOException {
    return new Peers(other, network);
  }

  static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** As text it would be a name to resolve. */
  static InetAddress ipv6Loopback() throws IOException {
    byte[] bytes = new byte[16];
    bytes[15] = 1;
    return InetAddress.getByAddress(bytes);
  }

  static boolean hasIpv6() throws IOException {
    return NetworkInterface.getByInetAddress(ipv6Loopback()) != null;
  }

  static void assumeIpv6() throws IOException {
    assumeTrue(hasIpv6(), "this machine has no IPv6");
  }

  static InetSocketAddress anyIpv6Port() throws IOException {
    return new InetSocketAddress(ipv6Loopback(), 0);
  }

  InetSocketAddress serverAddress() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /** Takes the other end of a connection that the driver has made. */
  Socket accept() throws IOException {
    return keep(server.accept());
  }

  /** Connects to a listener of the driver; the kernel does that without the driver's help. */
  Socket connect(InetSocketAddress address) throws IOException {
    return keep(network.connect(address));
  }

  private Socket keep(Socket socket) throws IOException {
    socket.setSoTimeout((int) DriverRig.PATIENCE.toMillis());
    socket.setTcpNoDelay(true);
    sockets.add(socket);
    return socket;
  }

  Pair pair() throws IOException {
    IoHandle handle = rig.handle(TestRequest.connect(serverAddress()));
    return new Pair(handle, accept());
  }

  /** Runs something beside the owner of the driver. */
  <T> CompletableFuture<T> beside(Callable<T> task) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return task.call();
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        },
        threads);
  }

  /** Turns the driver until a task is done. */
  <T> T join(CompletableFuture<T> task) {
    rig.until("a task beside is done", task::isDone);
    return task.join();
  }

  /** Closes with a reset instead of the regular end. */
  static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.close();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(DriverRig.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("a thread beside the test did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted at the end of a test", e);
    }
  }
}
