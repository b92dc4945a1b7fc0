package dev.ringlet.scheduler;

import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixListener;
import dev.ringlet.io.UnixStream;
import dev.ringlet.spi.IoHandle;

/** A listening Unix domain socket over a driver's handle. */
final class UnixListenerSocket implements UnixListener {
  private final CoreExecutor executor;
  private final IoHandle handle;
  private final UnixAddress address;
  private final Connections<UnixStream> connections;

  UnixListenerSocket(
      CoreExecutor executor, IoHandle handle, SocketOptions options, UnixAddress address) {
    this.executor = executor;
    this.handle = handle;
    this.address = address;
    this.connections =
        new Connections<>(
            executor,
            handle,
            address,
            accepted -> new UnixSocket(executor, accepted, options, address));
  }

  @Override
  public IoStream<UnixStream> connections() {
    return connections;
  }

  @Override
  public UnixAddress address() {
    return address;
  }

  @Override
  public IoOp<Void> close() {
    return new CloseOperation(executor, handle, connections) {
      @Override
      void beforeClose() {}
    };
  }
}
