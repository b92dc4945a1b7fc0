package dev.ringlet.scheduler;

import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoDriverStats;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoMemory;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;

/**
 * I/O with what the JDK has: a selector for sockets, a few threads for files, a heap for delays.
 *
 * <p>The selector waits in milliseconds; for less than one the owner parks beside it and looks at
 * the sockets now and then. The options for rings are not used; {@code receiveBufferCount} need not
 * be a power of two.
 *
 * <p><b>Thread:</b> as {@link IoDriver} says; the owner is the thread that created it.
 */
final class NioDriver implements IoDriver {
  static final String NAME = "nio";

  /** Completions reported by one poll: actors run in between. */
  static final int MAX_COMPLETIONS_PER_POLL = 256;

  /** Of memory for buffers, in bytes: a page of the common platforms. */
  private static final int ALIGNMENT = 4096;

  /** How long the close waits for the next completion before it gives up. */
  private static final long CLOSE_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final System.Logger LOG = System.getLogger(NioDriver.class.getName());

  private enum Phase {
    OPEN,
    CLOSING,
    CLOSED
  }

  private final Thread owner = Thread.currentThread();
  private final NioCompletions completions = new NioCompletions();
  private final NioHandles handles = new NioHandles(completions);
  private final NioSelector selector;
  private final NioReceiveBuffers buffers;
  private final NioSockets sockets;
  private final NioFiles files;
  private final NioDelays delays;
  private final long closePatienceNanos;
  private Phase phase = Phase.OPEN;

  /**
   * Makes a driver of the calling thread.
   *
   * @param selector goes over to the driver
   */
  NioDriver(IoDriverOptions options, Selector selector) {
    this(options, selector, CLOSE_PATIENCE_NANOS);
  }

  NioDriver(IoDriverOptions options, Selector selector, long closePatienceNanos) {
    this.closePatienceNanos = closePatienceNanos;
    this.selector = new NioSelector(selector, completions);
    buffers =
        new NioReceiveBuffers(
            this.selector, options.receiveBufferCount(), options.receiveBufferBytes());
    sockets = new NioSockets(handles, this.selector, buffers);
    files = new NioFiles(handles, this.selector);
    delays = new NioDelays(completions, options.ticker());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "java.nio selector for sockets, threads for files";
  }

  @Override
  public int diskDepth() {
    return NioFiles.DEPTH;
  }

  @Override
  public void submit(IoRequest request) {
    if (phase == Phase.CLOSING) {
      refuse(request);
      return;
    }
    requireOpen();
    switch (request.opcode) {
      case DELAY -> delays.submit(request);
      case OPEN, RENAME, LINK, SYMLINK, UNLINK, MAKE_DIRECTORY -> {
        NioPaths.check(request);
        files.submit(request);
      }
      case STAT -> stat(request);
      case LISTEN -> sockets.listen(request);
      case CONNECT -> sockets.connect(request);
      case BIND_DATAGRAM -> sockets.bindDatagram(request);
      case PIPE -> sockets.pipe(request);
      case OPEN_STANDARD -> NioStandardStream.open(files, request);
      case READ, WRITE, SEND, SEND_VECTOR, SEND_DATAGRAM -> {
        NioMemory.check(request);
        handles.submit(request);
      }
      case READ_VECTOR, WRITE_VECTOR -> {
        NioMemory.checkVector(request);
        handles.submit(request);
      }
      default -> handles.submit(request);
    }
  }

  private void stat(IoRequest request) {
    if (request.handle != null) {
      handles.submit(request);
    } else {
      NioPaths.check(request);
      files.submit(request);
    }
  }

  /** While the driver closes, the sink may still submit. */
  private void refuse(IoRequest request) {
    NioOperation operation = new NioOperation(completions, request);
    completions.take(operation);
    completions.end(operation, -Errno.ECANCELED, null);
  }

  @Override
  public void cancel(IoRequest request) {
    if (phase != Phase.CLOSING) {
      requireOpen();
    }
    if (request.driverState instanceof NioOperation operation
        && operation.belongsTo(completions)
        && operation.isPending()) {
      operation.cancel();
    }
  }

  @Override
  public int poll(CompletionSink sink) {
    requireOpen();
    return report(sink);
  }

  private int report(CompletionSink sink) {
    collect();
    completions.startPoll(MAX_COMPLETIONS_PER_POLL);
    while (!completions.isBudgetSpent() && reportNext(sink)) {}
    return MAX_COMPLETIONS_PER_POLL - completions.budget();
  }

  /** In turns: requests that end at once must not keep the sockets waiting. */
  private boolean reportNext(CompletionSink sink) {
    boolean ended = completions.reportEnded(sink);
    NioSocketHandle socket = completions.isBudgetSpent() ? null : selector.nextReady();
    if (socket != null) {
      socket.work(sink);
    }
    return ended || socket != null;
  }

  /** Takes in what other threads, the clock and the kernel have. */
  private void collect() {
    files.takeDone();
    buffers.takeReturned();
    delays.expire();
    selector.selectNowUnlessDone();
  }

  @Override
  public boolean completionsPending() {
    return completions.areWaiting()
        || selector.anyReady()
        || files.anyDone()
        || buffers.anyReturned();
  }

  @Override
  public void flush() {
    requireOpen();
    delays.expire();
    selector.selectNow();
  }

  @Override
  public void park(long timeoutNanos) {
    requireOpen();
    await(timeoutNanos);
  }

  private void await(long timeoutNanos) {
    long nanos = Math.min(timeoutNanos, delays.nanosToNext());
    selector.park(nanos, this::completionsPending);
    delays.expire();
  }

  /** For systems that are stepped: how long until a delay is over. */
  long nanosToNextDelay() {
    return delays.nanosToNext();
  }

  @Override
  public void wakeup() {
    selector.wakeup();
  }

  @Override
  public IoMemory allocate(int bytes) {
    // What completes while the driver is closing may still go on with memory.
    if (phase == Phase.CLOSED) {
      throw new IllegalStateException("the driver is closed");
    }
    if (bytes <= 0) {
      throw new IllegalArgumentException("bytes: " + bytes + "; give more than zero");
    }
    // Aligned as direct I/O wants it.
    ByteBuffer raw = ByteBuffer.allocateDirect(Math.addExact(bytes, ALIGNMENT));
    int misalignment = raw.alignmentOffset(0, ALIGNMENT);
    int start = misalignment == 0 ? 0 : ALIGNMENT - misalignment;
    return new IoMemory(raw.slice(start, bytes), 0);
  }

  @Override
  public DetachedTcpStream detach(IoHandle handle) {
    requireOpen();
    if (handles.requireSocket(handle, "detach") instanceof NioConnection connection) {
      return connection.detach();
    }
    throw new IllegalArgumentException("detach: " + handle + " is not a connection");
  }

  @Override
  public IoHandle attach(DetachedTcpStream connection) {
    requireOpen();
    if (!(connection instanceof NioDetached detached)) {
      throw new IllegalArgumentException(
          "attach: " + connection + " comes from an executor with another I/O driver");
    }
    // A connection that comes back leaves its old key with this select.
    selector.selectNow();
    try {
      NioConnection attached = sockets.connected(detached.take());
      attached.attached(detached.peeked());
      return attached;
    } catch (IOException e) {
      throw new UncheckedIOException("attach", e);
    }
  }

  @Override
  public InetSocketAddress localAddress(IoHandle handle) {
    requireOpen();
    return handles.requireSocket(handle, "localAddress").localAddress();
  }

  @Override
  public InetSocketAddress remoteAddress(IoHandle handle) {
    requireOpen();
    if (handles.requireSocket(handle, "remoteAddress") instanceof NioConnection connection) {
      return connection.remoteAddress();
    }
    throw new IllegalArgumentException("remoteAddress: " + handle + " is not a connection");
  }

  @Override
  public IoDriverStats stats() {
    // In this order, so that a reader on another thread never sees more completed than submitted.
    long completed = completions.completed();
    long submitted = completions.submitted();
    return new IoDriverStats(
        NAME,
        submitted,
        completed,
        submitted - completed,
        selector.enters(),
        0,
        0,
        0,
        buffers.shortages(),
        0,
        buffers.lent());
  }

  @Override
  public void close(CompletionSink sink) {
    if (phase != Phase.OPEN) {
      return;
    }
    requireOpen();
    phase = Phase.CLOSING;
    delays.cancelAll();
    handles.cancelAll();
    files.cancelAll();
    drain(sink);
    handles.closeAll();
    files.close();
    selector.close();
    phase = Phase.CLOSED;
  }

  /** Only a thread that is stuck in a file system can keep this from its end. */
  private void drain(CompletionSink sink) {
    long deadline = System.nanoTime() + closePatienceNanos;
    report(sink);
    while (completions.anyInFlight()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        LOG.log(
            Level.ERROR,
            "{0} file operations did not end when the driver was closed; their buffers must not be"
                + " used again",
            completions.submitted() - completions.completed());
        return;
      }
      await(left);
      if (report(sink) > 0) {
        deadline = System.nanoTime() + closePatienceNanos;
      }
    }
  }

  private void requireOpen() {
    assert Thread.currentThread() == owner : "not the driver's owner: " + Thread.currentThread();
    if (phase != Phase.OPEN) {
      throw new IllegalStateException("the driver is closed");
    }
  }
}
