package dev.ringlet.scheduler;

import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverStats;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoMemory;
import dev.ringlet.spi.IoRequest;
import java.net.InetSocketAddress;

/** For tests of what stands above a driver: it can say whether completions wait, and no more. */
final class IdleDriver implements IoDriver {
  boolean completionsPending;
  int looks;

  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException("not for this test");
  }

  @Override
  public boolean completionsPending() {
    looks++;
    return completionsPending;
  }

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public String description() {
    return "idle";
  }

  @Override
  public void submit(IoRequest request) {
    throw unsupported();
  }

  @Override
  public void cancel(IoRequest request) {
    throw unsupported();
  }

  @Override
  public int poll(CompletionSink sink) {
    throw unsupported();
  }

  @Override
  public void flush() {
    throw unsupported();
  }

  @Override
  public void park(long timeoutNanos) {
    throw unsupported();
  }

  @Override
  public void wakeup() {
    throw unsupported();
  }

  @Override
  public IoMemory allocate(int bytes) {
    throw unsupported();
  }

  @Override
  public InetSocketAddress localAddress(IoHandle handle) {
    throw unsupported();
  }

  @Override
  public InetSocketAddress remoteAddress(IoHandle handle) {
    throw unsupported();
  }

  @Override
  public IoDriverStats stats() {
    throw unsupported();
  }

  @Override
  public void close(CompletionSink sink) {
    throw unsupported();
  }
}
