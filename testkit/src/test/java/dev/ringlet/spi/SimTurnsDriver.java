package dev.ringlet.spi;

import dev.ringlet.io.DetachedTcpStream;
import java.net.InetSocketAddress;

/** A simulated driver whose owner has the world go on by polling it, as it is with real ones. */
record SimTurnsDriver(IoDriver driver, SimTurns turns) implements IoDriver {
  private static final long STEP_NANOS = 1_000;

  @Override
  public String name() {
    return driver.name();
  }

  @Override
  public String description() {
    return driver.description();
  }

  @Override
  public void submit(IoRequest request) {
    driver.submit(request);
  }

  @Override
  public void cancel(IoRequest request) {
    driver.cancel(request);
  }

  @Override
  public int poll(CompletionSink sink) {
    if (!driver.completionsPending()) {
      turns.world().step(STEP_NANOS);
    }
    return driver.poll(sink);
  }

  @Override
  public boolean completionsPending() {
    return driver.completionsPending();
  }

  @Override
  public void flush() {
    driver.flush();
    turns.world().step(STEP_NANOS);
  }

  @Override
  public void park(long timeoutNanos) {
    driver.park(timeoutNanos);
    if (!driver.completionsPending()) {
      turns.park(timeoutNanos);
    }
  }

  @Override
  public void wakeup() {
    driver.wakeup();
  }

  @Override
  public IoMemory allocate(int bytes) {
    return driver.allocate(bytes);
  }

  @Override
  public DetachedTcpStream detach(IoHandle handle) {
    return driver.detach(handle);
  }

  @Override
  public IoHandle attach(DetachedTcpStream connection) {
    return driver.attach(connection);
  }

  @Override
  public IoHandle attach(DetachedDescriptor descriptor, boolean connection) {
    return driver.attach(descriptor, connection);
  }

  @Override
  public InetSocketAddress localAddress(IoHandle handle) {
    return driver.localAddress(handle);
  }

  @Override
  public InetSocketAddress remoteAddress(IoHandle handle) {
    return driver.remoteAddress(handle);
  }

  @Override
  public IoDriverStats stats() {
    return driver.stats();
  }

  @Override
  public void close(CompletionSink sink) {
    driver.close(sink);
  }
}
