package dev.ringlet.scheduler;

import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverStats;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoMemory;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A driver that tells of what files have done when the test says so, as a slow disk would. */
final class HoldingDriver implements IoDriver {
  private record Held(IoRequest request, int result, @Nullable Object payload) {
    void tell(CompletionSink sink) {
      sink.completed(request, result, payload, false);
    }
  }

  private final IoDriver real;
  private final Queue<Held> held = new ArrayDeque<>();
  private final List<IoRequest> taken = new ArrayList<>();
  private boolean holds = true;

  HoldingDriver(IoDriver real) {
    this.real = real;
  }

  /** What was submitted that works on files, in this order. */
  List<IoRequest> taken() {
    return List.copyOf(taken);
  }

  /** From now on everything is told at once. */
  void letGo() {
    holds = false;
  }

  private static boolean isHeld(IoOpcode opcode) {
    return switch (opcode) {
      case READ, WRITE, DATA_SYNC, TRUNCATE, SIZE -> true;
      default -> false;
    };
  }

  private CompletionSink holding(CompletionSink sink) {
    return (request, result, payload, more) -> {
      if (holds && isHeld(request.opcode)) {
        held.add(new Held(request, result, payload));
      } else {
        sink.completed(request, result, payload, more);
      }
    };
  }

  private int tellHeld(CompletionSink sink) {
    int count = held.size();
    for (int i = 0; i < count; i++) {
      held.remove().tell(sink);
    }
    return count;
  }

  @Override
  public void submit(IoRequest request) {
    real.submit(request);
    if (isHeld(request.opcode)) {
      taken.add(request);
    }
  }

  @Override
  public int poll(CompletionSink sink) {
    int told = holds ? 0 : tellHeld(sink);
    return told + real.poll(holding(sink));
  }

  @Override
  public void close(CompletionSink sink) {
    letGo();
    tellHeld(sink);
    real.close(sink);
  }

  @Override
  public String name() {
    return real.name();
  }

  @Override
  public String description() {
    return real.description();
  }

  @Override
  public int diskDepth() {
    return real.diskDepth();
  }

  @Override
  public void cancel(IoRequest request) {
    real.cancel(request);
  }

  @Override
  public boolean completionsPending() {
    return real.completionsPending() || !(holds || held.isEmpty());
  }

  @Override
  public void flush() {
    real.flush();
  }

  @Override
  public void park(long timeoutNanos) {
    real.park(timeoutNanos);
  }

  @Override
  public void wakeup() {
    real.wakeup();
  }

  @Override
  public void free(IoMemory memory) {
    real.free(memory);
  }

  @Override
  public IoMemory allocate(int bytes) {
    return real.allocate(bytes);
  }

  @Override
  public DetachedTcpStream detach(IoHandle handle) {
    return real.detach(handle);
  }

  @Override
  public IoHandle attach(DetachedTcpStream connection) {
    return real.attach(connection);
  }

  @Override
  public InetSocketAddress localAddress(IoHandle handle) {
    return real.localAddress(handle);
  }

  @Override
  public InetSocketAddress remoteAddress(IoHandle handle) {
    return real.remoteAddress(handle);
  }

  @Override
  public IoDriverStats stats() {
    return real.stats();
  }
}
