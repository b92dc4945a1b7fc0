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
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A driver that tells of what files have done when the test says so, as a slow disk would. */
final class HoldingDriver implements IoDriver {
  private record Held(IoRequest request, int result, @Nullable Object payload) {
    void tell(CompletionSink sink) {
      sink.completed(request, result, payload, false);
    }
  }

  /** A request as it was when it was submitted; it changes when it is submitted again. */
  record Submitted(IoOpcode opcode, int length, int flags) {}

  /** What a slow disk is slow with. */
  private static final Set<IoOpcode> SLOW =
      EnumSet.of(
          IoOpcode.READ, IoOpcode.WRITE, IoOpcode.DATA_SYNC, IoOpcode.TRUNCATE, IoOpcode.SIZE);

  private final IoDriver real;
  private final Queue<Held> held = new ArrayDeque<>();
  private final List<Submitted> submitted = new ArrayList<>();
  private final Set<IoOpcode> holding = EnumSet.copyOf(SLOW);

  HoldingDriver(IoDriver real) {
    this.real = real;
  }

  /** What was submitted, in this order. */
  List<Submitted> submitted() {
    return List.copyOf(submitted);
  }

  /** What was submitted that the disk is slow with, in this order. */
  List<Submitted> taken() {
    return submitted.stream().filter(request -> SLOW.contains(request.opcode())).toList();
  }

  /** From now on everything is told at once. */
  void letGo() {
    holding.clear();
  }

  /** From now on what does this is told at once. */
  void letGo(IoOpcode opcode) {
    holding.remove(opcode);
  }

  private CompletionSink holding(CompletionSink sink) {
    return (request, result, payload, more) -> {
      if (holding.contains(request.opcode)) {
        held.add(new Held(request, result, payload));
      } else {
        sink.completed(request, result, payload, more);
      }
    };
  }

  private boolean isFree(Held each) {
    return !holding.contains(each.request().opcode);
  }

  private int tellHeld(CompletionSink sink) {
    List<Held> free = held.stream().filter(this::isFree).toList();
    held.removeAll(free);
    free.forEach(each -> each.tell(sink));
    return free.size();
  }

  @Override
  public void submit(IoRequest request) {
    real.submit(request);
    submitted.add(new Submitted(request.opcode, request.length, request.flags));
  }

  @Override
  public int poll(CompletionSink sink) {
    int told = tellHeld(sink);
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
    return real.completionsPending() || held.stream().anyMatch(this::isFree);
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
