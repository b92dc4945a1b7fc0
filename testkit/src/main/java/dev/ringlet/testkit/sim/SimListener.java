package dev.ringlet.testkit.sim;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A listening socket of TCP or of the Unix domain. The simulation's thread. */
final class SimListener extends SimHandle implements SimPorts.Bound {
  /** As Linux has it: {@code net.core.somaxconn}. */
  private static final int MOST_BACKLOG = 4096;

  private final SimMachine machine;
  private final SocketAddress address;
  private final SimBinding binding;
  private final SocketOptions options;
  private final int backlog;
  private @Nullable Object unixName;
  private final ArrayDeque<SimStream> waiting = new ArrayDeque<>();
  private final ArrayDeque<SimOperation> accepts = new ArrayDeque<>();

  /** Connects of the Unix domain that found no room. */
  private final ArrayDeque<SimOperation> held = new ArrayDeque<>();

  private SimListener(SimOperation listen, SocketAddress address, SimBinding binding) {
    super(listen.driver);
    this.machine = listen.driver.machine();
    this.address = address;
    this.binding = binding;
    this.options = listen.request.socketOptions;
    this.backlog = Math.min(MOST_BACKLOG, Math.max(0, listen.request.length));
  }

  /** LISTEN. */
  static void listen(SimOperation listen) {
    SocketAddress address = listen.request.address;
    if (address instanceof UnixAddress unix) {
      listenUnix(listen, unix);
    } else if (address instanceof InetSocketAddress internet) {
      listenTcp(listen, internet);
    } else {
      listen.fail(Errno.EINVAL);
    }
  }

  private static void listenTcp(SimOperation listen, InetSocketAddress address) {
    SimMachine machine = listen.driver.machine();
    int errno = machine.check(address);
    if (errno != 0) {
      listen.fail(errno);
      return;
    }
    SimBinding wanted = SimBinding.of(address, listen.request.flags);
    SimBinding binding = machine.bind(machine.listeners(), wanted);
    if (binding == null) {
      listen.fail(Errno.EADDRINUSE);
      return;
    }
    SimListener listener = new SimListener(listen, binding.address(), binding);
    machine.listeners().add(listener);
    listen.end(0, listener);
  }

  private static void listenUnix(SimOperation listen, UnixAddress address) {
    Object name;
    try {
      name = listen.driver.machine().unixNames().make(address);
    } catch (DiskException e) {
      listen.fail(e.errno());
      return;
    }
    SimBinding none = SimBinding.of(new InetSocketAddress(0), 0);
    SimListener listener = new SimListener(listen, address, none);
    listener.unixName = name;
    listener.machine.unixNames().bind(name, listener);
    listen.end(0, listener);
  }

  @Override
  public SimBinding binding() {
    return binding;
  }

  InetSocketAddress localAddress() {
    if (address instanceof InetSocketAddress internet) {
      return internet;
    }
    throw new IllegalArgumentException(this + " has no address of the internet");
  }

  /** As Linux has it, there is place for one more. */
  boolean isFull() {
    return waiting.size() > backlog;
  }

  void add(SimStream connection) {
    connection.configure(options);
    waiting.add(connection);
    work();
  }

  /** A connect of the Unix domain waits for room. */
  void connect(SimOperation connect) {
    held.add(connect);
    connect.onCancel(
        () -> {
          held.remove(connect);
          connect.endCancelled();
        });
    admit();
  }

  private void admit() {
    while (!held.isEmpty() && !isFull()) {
      SimOperation connect = held.remove();
      SimUnixStream[] ends = SimUnixStream.pair();
      ends[0].configure(connect.request.socketOptions);
      connect.end(0, ends[0].handle(connect.driver));
      add(ends[1]);
    }
  }

  @Override
  void execute(SimOperation operation) {
    if (operation.request.opcode != IoOpcode.ACCEPT) {
      operation.fail(Errno.EOPNOTSUPP);
      return;
    }
    accepts.add(operation);
    operation.onCancel(
        () -> {
          accepts.remove(operation);
          operation.endCancelled();
        });
    work();
  }

  private void work() {
    while (!waiting.isEmpty() && !accepts.isEmpty()) {
      SimOperation accept = accepts.element();
      SimHandle accepted = waiting.remove().handle(driver());
      boolean multishot = (accept.request.flags & IoRequest.MULTISHOT) != 0;
      if (multishot && !driver().world().faults().endsMultishot(accept)) {
        accept.more(0, accepted);
      } else {
        accepts.remove();
        accept.end(0, accepted);
      }
      admit();
    }
  }

  @Override
  void release(boolean reset) {
    if (unixName != null) {
      machine.unixNames().unbind(unixName);
    } else {
      machine.listeners().remove(this);
    }
    while (!held.isEmpty()) {
      held.remove().fail(Errno.ECONNREFUSED);
    }
    while (!waiting.isEmpty()) {
      waiting.remove().release(true);
    }
  }

  @Override
  public String toString() {
    return "listener " + address;
  }
}
