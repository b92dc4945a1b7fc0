package dev.ringlet.testkit.sim;

import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoDriverStats;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoMemory;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One executor's way into the simulated kernel, with rings of the sizes that a real one has: what
 * does not fit into the submission ring waits for the next flush, and so does what does not fit
 * into the completion ring. The simulation's thread.
 */
final class SimDriver implements IoDriver {
  static final String NAME = "sim";

  /** Completions reported by one poll: actors run in between. */
  private static final int MAX_COMPLETIONS_PER_POLL = 256;

  private final SimWorld world;
  private final IoDriverOptions options;
  private final SimReceiveBuffers buffers;

  /** Taken, and not with the kernel yet. */
  private final ArrayDeque<SimOperation> queued = new ArrayDeque<>();

  /** What the completion ring holds. */
  private final ArrayDeque<Completion> visible = new ArrayDeque<>();

  /** What the kernel keeps until there is room in it. */
  private final ArrayDeque<Completion> overflown = new ArrayDeque<>();

  private final List<SimOperation> inFlight = new ArrayList<>();
  private final List<SimHandle> open = new ArrayList<>();
  private long submitted;
  private long completed;
  private long enters;
  private long submissionQueueFull;
  private long completionOverflows;
  private boolean closing;
  private boolean closed;

  private record Completion(
      SimOperation operation, int result, @Nullable Object payload, boolean more) {}

  SimDriver(SimWorld world, IoDriverOptions options) {
    this.world = world;
    this.options = options;
    this.buffers =
        new SimReceiveBuffers(options.receiveBufferCount(), options.receiveBufferBytes());
  }

  SimWorld world() {
    return world;
  }

  SimReceiveBuffers receiveBuffers() {
    return buffers;
  }

  // ---- handles

  void opened(SimHandle handle) {
    open.add(handle);
  }

  void closed(SimHandle handle) {
    open.remove(handle);
  }

  /** What is open now. */
  List<SimHandle> open() {
    return List.copyOf(open);
  }

  // ---- requests

  @Override
  public void submit(IoRequest request) {
    if (closed) {
      throw new IllegalStateException("the driver is closed");
    }
    SimMemory.check(request);
    SimOperation operation = world.operation(this, request);
    request.driverState = operation;
    submitted++;
    inFlight.add(operation);
    if (request.handle != null) {
      SimHandle handle = operation.handle();
      handle.took(operation);
    }
    if (closing) {
      operation.endCancelled();
      return;
    }
    if (queued.size() >= options.submissionEntries()) {
      submissionQueueFull++;
    }
    queued.add(operation);
  }

  @Override
  public void cancel(IoRequest request) {
    if (request.driverState instanceof SimOperation operation
        && operation.driver == this
        && inFlight.contains(operation)) {
      operation.cancel();
    }
  }

  @Override
  public void flush() {
    if (closed) {
      throw new IllegalStateException("the driver is closed");
    }
    if (queued.isEmpty() && overflown.isEmpty()) {
      return;
    }
    enters++;
    for (int room = options.submissionEntries(); room > 0 && !queued.isEmpty(); room--) {
      start(queued.remove());
    }
    while (!overflown.isEmpty() && visible.size() < options.completionEntries()) {
      visible.add(overflown.remove());
    }
  }

  private void start(SimOperation operation) {
    operation.started();
    if (operation.isCancelled()) {
      operation.endCancelled();
      return;
    }
    world.trace("start", operation);
    SimHandle handle = operation.request.handle == null ? null : operation.handle();
    if (operation.request.opcode == IoOpcode.CLOSE) {
      if (operation.handle().isClosed()) {
        operation.fail(Errno.EBADF);
      } else {
        operation.handle().close(operation);
      }
    } else if (handle != null && handle.isClosed()) {
      operation.fail(Errno.EBADF);
    } else {
      world.begin(operation);
    }
  }

  /** From the world: becomes visible to poll after a while. */
  void completed(SimOperation operation, int result, @Nullable Object payload, boolean more) {
    world.later(operation, () -> show(new Completion(operation, result, payload, more)));
  }

  private void show(Completion completion) {
    if (closed) {
      world.lost(completion.payload());
    } else if (visible.size() < options.completionEntries()) {
      visible.add(completion);
    } else {
      completionOverflows++;
      overflown.add(completion);
    }
  }

  @Override
  public int poll(CompletionSink sink) {
    if (closed) {
      throw new IllegalStateException("the driver is closed");
    }
    return report(sink);
  }

  private int report(CompletionSink sink) {
    int reported = 0;
    while (reported < MAX_COMPLETIONS_PER_POLL && !visible.isEmpty()) {
      report(visible.remove(), sink);
      reported++;
    }
    return reported;
  }

  private void report(Completion completion, CompletionSink sink) {
    SimOperation operation = completion.operation();
    IoRequest request = operation.request;
    world.trace(completion.result() + (completion.more() ? " and more" : " ends"), operation);
    if (!completion.more()) {
      completed++;
      inFlight.remove(operation);
      request.driverState = null;
      if (request.handle instanceof SimHandle handle) {
        handle.letGo(operation);
      }
    }
    sink.completed(request, completion.result(), completion.payload(), completion.more());
  }

  @Override
  public boolean completionsPending() {
    return !visible.isEmpty();
  }

  /** The world goes on when all executors have had their turn, so there is nothing to wait for. */
  @Override
  public void park(long timeoutNanos) {
    flush();
  }

  @Override
  public void wakeup() {
    // Nobody waits.
  }

  /** Whether a turn of its executor would find something. */
  boolean hasWork() {
    return !visible.isEmpty() || !overflown.isEmpty() || !queued.isEmpty();
  }

  /** What was submitted and has not come to its end. */
  List<SimOperation> inFlight() {
    return List.copyOf(inFlight);
  }

  // ---- the rest of the seam

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "simulated files and network";
  }

  @Override
  public IoMemory allocate(int bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("bytes: " + bytes + "; give more than zero");
    }
    return new IoMemory(ByteBuffer.allocateDirect(bytes), 0);
  }

  @Override
  public DetachedTcpStream detach(IoHandle handle) {
    return world.network().detach(handle);
  }

  @Override
  public IoHandle attach(DetachedTcpStream connection) {
    return world.network().attach(connection, this);
  }

  @Override
  public InetSocketAddress localAddress(IoHandle handle) {
    return world.network().localAddress(handle);
  }

  @Override
  public InetSocketAddress remoteAddress(IoHandle handle) {
    return world.network().remoteAddress(handle);
  }

  @Override
  public IoDriverStats stats() {
    return new IoDriverStats(
        NAME,
        submitted,
        completed,
        submitted - completed,
        enters,
        submissionQueueFull,
        completionOverflows,
        0,
        buffers.shortages(),
        0,
        buffers.lent());
  }

  @Override
  public void close(CompletionSink sink) {
    if (closed) {
      return;
    }
    closing = true;
    while (!queued.isEmpty()) {
      SimOperation operation = queued.remove();
      operation.started();
      operation.endCancelled();
    }
    for (SimOperation operation : List.copyOf(inFlight)) {
      operation.cancel();
    }
    drain(sink);
    closed = true;
    open().forEach(handle -> handle.drop(false));
  }

  /** The rest of the world stands still meanwhile, but for what has to come to its end here. */
  private void drain(CompletionSink sink) {
    report(sink);
    while (!inFlight.isEmpty()) {
      if (!world.stepToNext()) {
        throw new AssertionError("the driver closes, and nothing will come that ends " + inFlight);
      }
      visible.addAll(overflown);
      overflown.clear();
      report(sink);
    }
  }

  /** The process is gone: nothing is reported any more, and the kernel closes what it had open. */
  void kill() {
    closed = true;
    for (Completion completion : visible) {
      world.lost(completion.payload());
    }
    visible.clear();
    overflown.forEach(completion -> world.lost(completion.payload()));
    overflown.clear();
    queued.clear();
    for (SimOperation operation : List.copyOf(inFlight)) {
      if (!operation.isQueued()) {
        operation.cancel();
      }
    }
    open().forEach(handle -> handle.drop(false));
    world.disk().closeViewed();
  }
}
