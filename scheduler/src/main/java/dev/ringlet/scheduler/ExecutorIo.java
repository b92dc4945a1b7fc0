package dev.ringlet.scheduler;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.io.DirectoryEntry;
import dev.ringlet.io.DirectoryEvent;
import dev.ringlet.io.FileDraft;
import dev.ringlet.io.Framing;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.OutputOptions;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import dev.ringlet.io.WalkOptions;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes operations for one executor's driver. */
final class ExecutorIo implements Io {
  private final CoreExecutor executor;

  /** Operations whose work is on other threads. */
  private final Set<OffloadOperation<?>> offloaded = new HashSet<>();

  ExecutorIo(CoreExecutor executor) {
    this.executor = executor;
  }

  @Override
  public IoOp<AsyncFile> open(Path path, OpenOption... options) {
    OpenOperation<AsyncFile> open =
        new OpenOperation<>(
            executor,
            "open",
            path.toString(),
            IoOpcode.OPEN,
            handle -> new DriverFile(executor, handle, path));
    open.path = path;
    open.flags = flags(options);
    return open;
  }

  void offloaded(OffloadOperation<?> begun) {
    offloaded.add(begun);
  }

  void ended(OffloadOperation<?> operation) {
    offloaded.remove(operation);
  }

  /** The driver is being closed; what these bring has nowhere to go. */
  void cancelOffloaded() {
    List.copyOf(offloaded).forEach(waiting -> waiting.complete(-Errno.ECANCELED, null));
  }

  private static int flags(OpenOption[] options) {
    int flags = 0;
    for (OpenOption option : options) {
      flags |= flag(option);
    }
    boolean writes = (flags & IoRequest.OPEN_WRITE) != 0;
    return writes ? flags : flags | IoRequest.OPEN_READ;
  }

  private static int flag(OpenOption option) {
    if (option instanceof StandardOpenOption standard) {
      int flag =
          switch (standard) {
            case READ -> IoRequest.OPEN_READ;
            case WRITE -> IoRequest.OPEN_WRITE;
            case CREATE -> IoRequest.OPEN_CREATE;
            case CREATE_NEW -> IoRequest.OPEN_CREATE_NEW;
            case TRUNCATE_EXISTING -> IoRequest.OPEN_TRUNCATE;
            case DSYNC -> IoRequest.OPEN_DATA_SYNC;
            case SYNC -> IoRequest.OPEN_SYNC;
            default -> 0;
          };
      if (flag != 0) {
        return flag;
      }
    }
    throw new IllegalArgumentException(
        "option: "
            + option
            + " is not supported; give READ, WRITE, CREATE, CREATE_NEW, TRUNCATE_EXISTING, DSYNC or"
            + " SYNC");
  }

  @Override
  public IoOp<FileDraft> draft(Path path, OutputOptions options) {
    return new DraftOpen(executor, path, options);
  }

  @Override
  public IoStream<DirectoryEntry> walk(Path root, WalkOptions options) {
    return new DirectoryListing(executor, root, options);
  }

  @Override
  public IoStream<DirectoryEvent> watch(Path directory) {
    return new WatchStream(executor, directory);
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
  public IoStream<IoBuffer> frames(IoStream<IoBuffer> source, Framing framing) {
    return new FrameStream<>(own(source), framing, BufferFrames::new);
  }

  @Override
  public IoStream<String> lines(IoStream<IoBuffer> source, Framing framing, Charset charset) {
    return new FrameStream<>(own(source), framing, () -> new TextFrames(charset));
  }

  private static HomeStream<IoBuffer> own(IoStream<IoBuffer> source) {
    if (source instanceof HomeStream<IoBuffer> stream) {
      return stream;
    }
    throw new IllegalArgumentException(
        "source: " + source + " was not made by this runtime; take it from a file or a socket");
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
