package dev.ringlet.scheduler;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.PathOperations;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.net.InetSocketAddress;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;

/** Makes operations for one executor's driver. */
final class ExecutorIo implements Io {
  private final CoreExecutor executor;

  ExecutorIo(CoreExecutor executor) {
    this.executor = executor;
  }

  @Override
  public IoOp<AsyncFile> open(Path path, OpenOption... options) {
    return new FileOpen(executor, path, FileOptions.of(options));
  }

  @Override
  public PathOperations paths() {
    return new ExecutorPaths(executor);
  }

  @Override
  public IoOp<TcpListener> listen(InetSocketAddress address, ListenOptions options) {
    checkResolved(address);
    OpenOperation<TcpListener> listen =
        new OpenOperation<>(
            executor,
            "listen",
            address.toString(),
            IoOpcode.LISTEN,
            handle -> new TcpListenerSocket(executor, handle));
    listen.address = address;
    listen.length = options.backlog();
    listen.flags = options.sharedPort() ? IoRequest.LISTEN_SHARED_PORT : 0;
    return listen;
  }

  @Override
  public IoOp<TcpStream> connect(InetSocketAddress address) {
    checkResolved(address);
    OpenOperation<TcpStream> connect =
        new OpenOperation<>(
            executor,
            "connect",
            address.toString(),
            IoOpcode.CONNECT,
            handle -> new TcpSocket(executor, handle));
    connect.address = address;
    return connect;
  }

  private static void checkResolved(InetSocketAddress address) {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "address: " + address + " is not resolved; resolve the name off the executor first");
    }
  }

  @Override
  public TcpStream attach(DetachedTcpStream connection) {
    executor.checkCurrent("Io.attach");
    return new TcpSocket(executor, executor.ioDriver().attach(connection));
  }

  @Override
  public IoOp<Void> delay(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay: " + delay + "; give zero or more");
    }
    return new PlainOperation(executor, "delay", delay.toString(), IoOpcode.DELAY, null)
        .withPosition(Nanos.of(delay));
  }

  @Override
  public IoStream<Long> ticks(Duration interval) {
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("interval: " + interval + "; give more than zero");
    }
    return new TickSource(executor, Nanos.of(interval));
  }

  @Override
  public IoBuffer buffer(int bytes) {
    executor.checkCurrent("Io.buffer");
    return executor.buffers().acquire(bytes);
  }

  @Override
  public IoOp<IoBuffer> bufferWhenFree(int bytes) {
    executor.buffers().checkFits("bytes", bytes);
    return new LeaseOperation(executor, bytes);
  }
}
