package dev.ringlet.scheduler;

import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverStats;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoMemory;
import dev.ringlet.spi.IoRequest;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * A disk without data, of which nothing but the order of operations is looked at: as often as the
 * test allows it, the operation that was first submitted completes. Nothing else is supported.
 */
final class StubDisk implements IoDriver {
  static final IoHandle HANDLE = new IoHandle() {};

  private final Deque<IoRequest> inFlight = new ArrayDeque<>();
  private final Consumer<IoRequest> observer;

  /** How much of a read is done at once. */
  int mostBytes = Integer.MAX_VALUE;

  /** How many operations may still complete. */
  int allowed;

  /** Tells the observer of each request that is submitted. */
  StubDisk(Consumer<IoRequest> observer) {
    this.observer = observer;
  }

  int inFlight() {
    return inFlight.size();
  }

  @Override
  public void submit(IoRequest request) {
    observer.accept(request);
    inFlight.add(request);
  }

  @Override
  public int poll(CompletionSink sink) {
    if (!completionsPending()) {
      return 0;
    }
    allowed--;
    IoRequest done = inFlight.remove();
    sink.completed(done, Math.min(done.length, mostBytes), null, false);
    return 1;
  }

  @Override
  public void close(CompletionSink sink) {
    while (!inFlight.isEmpty()) {
      sink.completed(inFlight.remove(), -Errno.ECANCELED, null, false);
    }
  }

  @Override
  public String name() {
    return "stub";
  }

  @Override
  public String description() {
    return "stub";
  }

  @Override
  public void cancel(IoRequest request) {
    // It completes soon enough.
  }

  @Override
  public boolean completionsPending() {
    return allowed > 0 && !inFlight.isEmpty();
  }

  @Override
  public void flush() {}

  @Override
  public void park(long timeoutNanos) {}

  @Override
  public void wakeup() {}

  @Override
  public IoMemory allocate(int bytes) {
    return new IoMemory(ByteBuffer.allocateDirect(bytes), 0);
  }

  @Override
  public DetachedTcpStream detach(IoHandle handle) {
    throw new UnsupportedOperationException();
  }

  @Override
  public IoHandle attach(DetachedTcpStream connection) {
    throw new UnsupportedOperationException();
  }

  @Override
  public InetSocketAddress localAddress(IoHandle handle) {
    throw new UnsupportedOperationException();
  }

  @Override
  public InetSocketAddress remoteAddress(IoHandle handle) {
    throw new UnsupportedOperationException();
  }

  @Override
  public IoDriverStats stats() {
    return new IoDriverStats("stub", 0, 0, inFlight.size(), 0, 0, 0, 0, 0, 0, 0);
  }
}
