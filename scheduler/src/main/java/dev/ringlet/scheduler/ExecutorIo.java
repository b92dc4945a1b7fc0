package dev.ringlet.scheduler;

import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.ConnectOptions;
import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.io.DirectoryEntry;
import dev.ringlet.io.DirectoryEvent;
import dev.ringlet.io.FileDraft;
import dev.ringlet.io.Framing;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoPipe;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.NameResolver;
import dev.ringlet.io.OutputOptions;
import dev.ringlet.io.PathOperations;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.StreamInput;
import dev.ringlet.io.StreamOutput;
import dev.ringlet.io.StreamSocket;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import dev.ringlet.io.TlsOptions;
import dev.ringlet.io.TlsStream;
import dev.ringlet.io.UdpOptions;
import dev.ringlet.io.UdpSocket;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixDatagramOptions;
import dev.ringlet.io.UnixDatagramSocket;
import dev.ringlet.io.UnixListener;
import dev.ringlet.io.UnixStream;
import dev.ringlet.io.WalkOptions;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.charset.Charset;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes operations for one executor's driver. */
final class ExecutorIo implements Io {
  private final CoreExecutor executor;
  private final NameResolver resolver;
  private final long attemptDelayNanos;

  /** Operations whose work is on other threads. */
  private final Set<OffloadOperation<?>> offloaded = new LinkedHashSet<>();

  ExecutorIo(CoreExecutor executor, ExecutorPool pool) {
    this.executor = executor;
    this.resolver = pool.nameResolver();
    this.attemptDelayNanos = pool.connectAttemptDelayNanos();
  }

  @Override
  public IoOp<AsyncFile> open(Path path, OpenOption... options) {
    return new FileOpen(executor, path, FileOptions.of(options));
  }

  @Override
  public PathOperations paths() {
    return new ExecutorPaths(executor);
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
    checkFamily(address, options.family());
    OpenOperation<TcpListener> listen =
        new OpenOperation<>(
            executor,
            "listen",
            address.toString(),
            IoOpcode.LISTEN,
            handle -> new TcpListenerSocket(executor, handle, options.socket()));
    listen.address = address;
    listen.length = options.backlog();
    listen.flags = flags(options);
    listen.socketOptions = SocketKind.TCP.check(options.socket());
    return listen;
  }

  private static int flags(ListenOptions options) {
    int shared = options.sharedPort() ? IoRequest.LISTEN_SHARED_PORT : 0;
    StandardProtocolFamily family = options.family();
    if (family == null) {
      return shared;
    }
    boolean v4 = family == StandardProtocolFamily.INET;
    return shared | (v4 ? IoRequest.LISTEN_IPV4_ONLY : IoRequest.LISTEN_IPV6_ONLY);
  }

  /** The wildcard is of every family. */
  private static void checkFamily(
      InetSocketAddress address, @Nullable StandardProtocolFamily family) {
    boolean v4 = address.getAddress() instanceof Inet4Address;
    if (family != null
        && !address.getAddress().isAnyLocalAddress()
        && v4 != (family == StandardProtocolFamily.INET)) {
      throw new IllegalArgumentException(
          "family: " + family + "; " + address + " is of the other one, leave withFamily away");
    }
  }

  @Override
  public Operation<TcpStream> connect(InetSocketAddress address) {
    return connect(address, ConnectOptions.defaults());
  }

  @Override
  public Operation<TcpStream> connect(InetSocketAddress address, ConnectOptions options) {
    checkResolved(address);
    InetSocketAddress local = options.localAddress();
    if (local != null && local.getAddress().getClass() != address.getAddress().getClass()) {
      throw new IllegalArgumentException(
          "localAddress: " + local + "; give one of the family of " + address);
    }
    OpenOperation<TcpStream> connect =
        new OpenOperation<>(
            executor,
            "connect",
            address.toString(),
            IoOpcode.CONNECT,
            handle -> new TcpSocket(executor, handle, options.socket()));
    connect.address = address;
    connect.localAddress = local;
    connect.socketOptions = SocketKind.TCP.check(options.socket());
    return connect;
  }

  @Override
  public IoOp<UnixListener> listen(UnixAddress address, ListenOptions options) {
    if (options.sharedPort() || options.family() != null) {
      throw new IllegalArgumentException(
          "options: " + options + "; a Unix domain socket has neither a port nor a family");
    }
    SocketOptions socket = SocketKind.UNIX.check(options.socket());
    OpenOperation<UnixListener> listen =
        new OpenOperation<>(
            executor,
            "listen",
            address.toString(),
            IoOpcode.LISTEN,
            handle -> new UnixListenerSocket(executor, handle, socket, address));
    listen.address = address;
    listen.length = options.backlog();
    listen.socketOptions = socket;
    return listen;
  }

  @Override
  public IoOp<UnixStream> connect(UnixAddress address, SocketOptions options) {
    OpenOperation<UnixStream> connect =
        new OpenOperation<>(
            executor,
            "connect",
            address.toString(),
            IoOpcode.CONNECT,
            handle -> new UnixSocket(executor, handle, options, address));
    connect.address = address;
    connect.socketOptions = SocketKind.UNIX.check(options);
    return connect;
  }

  @Override
  public IoOp<UdpSocket> bind(InetSocketAddress local, UdpOptions options) {
    checkResolved(local);
    InetSocketAddress remote = options.remoteAddress();
    if (remote != null && remote.getAddress().getClass() != local.getAddress().getClass()) {
      throw new IllegalArgumentException(
          "remoteAddress: " + remote + "; give one of the family of " + local);
    }
    SocketOptions socket = SocketKind.UDP.check(options.socket());
    OpenOperation<UdpSocket> bind =
        new OpenOperation<>(
            executor,
            "bind",
            local.toString(),
            IoOpcode.BIND_DATAGRAM,
            handle -> new DriverUdpSocket(executor, handle, socket, remote));
    bind.localAddress = local;
    bind.address = remote;
    bind.socketOptions = socket;
    bind.flags = options.sharedPort() ? IoRequest.LISTEN_SHARED_PORT : 0;
    return bind;
  }

  @Override
  public IoOp<UnixDatagramSocket> bind(UnixAddress local, UnixDatagramOptions options) {
    SocketOptions socket = SocketKind.UNIX_DATAGRAM.check(options.socket());
    UnixAddress remote = options.remoteAddress();
    OpenOperation<UnixDatagramSocket> bind =
        new OpenOperation<>(
            executor,
            "bind",
            local.toString(),
            IoOpcode.BIND_DATAGRAM,
            handle -> new DriverUnixDatagramSocket(executor, handle, socket, local, remote));
    bind.localAddress = local;
    bind.address = remote;
    bind.socketOptions = socket;
    return bind;
  }

  @Override
  public Operation<TcpStream> connect(String host, int port) {
    checkPeer(host, port);
    return new NamedConnect(executor, host, port, resolver, attemptDelayNanos);
  }

  @Override
  public Operation<TlsStream> tls(StreamSocket connection, TlsOptions options) {
    TlsEngines.check(options);
    if (connection.receive() instanceof StreamSource<IoBuffer> source
        && source.executor() == executor) {
      return new TlsHandshake(executor, connection, source, options);
    }
    throw new IllegalArgumentException(
        "connection: "
            + connection
            + " is not one of "
            + executor
            + "; begin TLS on its own executor, or detach and attach a TCP connection first");
  }

  @Override
  public IoOp<TlsStream> connectTls(String host, int port, TlsOptions options) {
    checkPeer(host, port);
    if (!options.isClient()) {
      throw new IllegalArgumentException(
          "options: they are a server's; a client's begin with TlsOptions.client");
    }
    TlsOptions named = options.peerHost() == null ? options.withPeer(host, port) : options;
    return new TlsConnect(executor, host, port, named);
  }

  private static void checkPeer(String host, int port) {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("host: it is empty; give a name or an address");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port: " + port + "; give 1 to 65535");
    }
  }

  private static void checkResolved(InetSocketAddress address) {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "address: "
              + address
              + " is not resolved; use connect(host, port), or resolve the name first");
    }
  }

  @Override
  public IoOp<IoPipe> pipe() {
    return new PipeOpen(executor);
  }

  @Override
  public IoOp<StreamInput> stdin() {
    return standard("stdin", 0, handle -> new DriverInput(executor, handle));
  }

  @Override
  public IoOp<StreamOutput> stdout() {
    return standard("stdout", 1, handle -> new DriverOutput(executor, handle));
  }

  @Override
  public IoOp<StreamOutput> stderr() {
    return standard("stderr", 2, handle -> new DriverOutput(executor, handle));
  }

  private <T> IoOp<T> standard(String name, int descriptor, Function<IoHandle, T> wrap) {
    OpenOperation<T> open =
        new OpenOperation<>(executor, "open", name, IoOpcode.OPEN_STANDARD, wrap);
    open.length = descriptor;
    return open;
  }

  @Override
  public TcpStream attach(DetachedTcpStream connection) {
    executor.checkCurrent("Io.attach");
    if (connection instanceof DetachedConnection detached) {
      IoHandle handle = executor.ioDriver().attach(detached.connection());
      return new TcpSocket(executor, handle, detached.options());
    }
    throw new IllegalArgumentException(
        "attach: " + connection + "; give what TcpStream.detach() has returned");
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
    return new FrameStream<>(HomeStream.own(source), framing, BufferFrames::new);
  }

  @Override
  public IoStream<String> lines(IoStream<IoBuffer> source, Framing framing, Charset charset) {
    return new FrameStream<>(HomeStream.own(source), framing, () -> new TextFrames(charset));
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
