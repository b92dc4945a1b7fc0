package dev.ringlet.scheduler;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.TcpStream;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixMessage;
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
  public IoOp<Integer> send(IoBuffer buffer, AsyncFile file) {
    if (file instanceof DriverFile own && own.executor() == executor()) {
      return pass(buffer, own.handle());
    }
    throw new IllegalArgumentException(
        "file: " + file + " is not of this executor; open it through the io of this one");
  }

  @Override
  public IoOp<Integer> send(IoBuffer buffer, TcpStream connection) {
    if (connection instanceof TcpSocket own && own.executor() == executor()) {
      return pass(buffer, own.handle());
    }
    throw new IllegalArgumentException(
        "connection: "
            + connection
            + " is not a plain one of this executor; detach and attach it first, before TLS begins");
  }

  private IoOp<Integer> pass(IoBuffer buffer, IoHandle passed) {
    if (buffer.readableBytes() == 0) {
      throw new IllegalArgumentException(
          "buffer: " + buffer + " is empty; a descriptor goes with one byte at least");
    }
    return output().send(buffer, passed);
  }

  @Override
  public IoOp<UnixMessage> receiveMessage() {
    return new MessageReceive(input());
  }

  @Override
  public UnixAddress address() {
    return address;
  }
}
