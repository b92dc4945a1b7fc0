package dev.ringlet.scheduler;

import dev.ringlet.io.IoOp;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixStream;
import dev.ringlet.spi.IoHandle;

/** A connection of a Unix domain socket over a driver's handle. */
final class UnixSocket extends DriverStream implements UnixStream {
  private final UnixAddress address;

  UnixSocket(CoreExecutor executor, IoHandle handle, SocketOptions options, UnixAddress address) {
    super(executor, handle, options);
    this.address = address;
  }

  @Override
  public IoOp<Void> configure(SocketOptions changes) {
    return super.configure(SocketKind.UNIX.check(changes));
  }

  @Override
  public UnixAddress address() {
    return address;
  }
}
