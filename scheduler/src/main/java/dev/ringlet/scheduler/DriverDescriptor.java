package dev.ringlet.scheduler;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.PassedDescriptor;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.TcpStream;
import dev.ringlet.spi.DetachedDescriptor;
import dev.ringlet.spi.IoHandle;
import java.nio.file.Path;

/** A descriptor that the driver of an executor has received. */
final class DriverDescriptor implements PassedDescriptor {
  private final CoreExecutor executor;
  private final DetachedDescriptor detached;

  DriverDescriptor(CoreExecutor executor, DetachedDescriptor detached) {
    this.executor = executor;
    this.detached = detached;
  }

  @Override
  public AsyncFile toFile(Path path) {
    executor.checkCurrent("PassedDescriptor.toFile");
    int alignment = detached.isDirect() ? FileOpen.USUAL_ALIGNMENT : 1;
    boolean appends = detached.appends();
    IoHandle handle = executor.ioDriver().attach(detached, false);
    return new DriverFile(executor, handle, path, alignment, appends);
  }

  @Override
  public TcpStream toTcpStream() {
    executor.checkCurrent("PassedDescriptor.toTcpStream");
    IoHandle handle = executor.ioDriver().attach(detached, true);
    return new TcpSocket(executor, handle, SocketOptions.defaults());
  }

  @Override
  public void close() {
    detached.close();
  }

  @Override
  public String toString() {
    return detached.toString();
  }
}
