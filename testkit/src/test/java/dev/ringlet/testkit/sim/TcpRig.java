package dev.ringlet.testkit.sim;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.IoHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;

/** Two machines, and what tests of TCP do with them. */
abstract class TcpRig {
  static final long SECOND = 1_000_000_000L;

  final SimWorld world = new SimWorld(7, FaultPlan.NONE);
  final ProcessRig server = new ProcessRig(world, world.drivers(ip(1)));
  final ProcessRig client = new ProcessRig(world, world.drivers(ip(2)));
  final InetSocketAddress address = new InetSocketAddress(ip(1), 80);

  static InetAddress ip(int last) {
    return new InetSocketAddress("10.1.0." + last, 0).getAddress();
  }

  @AfterEach
  final void nothingIsLeft() {
    server.assertQuiet();
    client.assertQuiet();
  }

  record Pair(IoHandle near, IoHandle far) {}

  /** A connection of the client, and the server's end. */
  final Pair pair(SocketOptions options) {
    IoHandle listener = server.handle(Call.listen(address, 10));
    IoHandle near = client.handle(Call.connect(address).with(options));
    IoHandle far = server.handle(Call.accept(listener));
    server.close(listener);
    return new Pair(near, far);
  }

  final Pair pair() {
    return pair(SocketOptions.defaults());
  }
}
