package dev.ringlet.testkit.sim;

import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.DetachedDescriptor;
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
  private final SimMachine machine;
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

  /** What nobody had closed before the driver was. */
  private List<SimHandle> leftOpen = List.of();

  private long submitted;
  private long completed;
  private long enters;
  private long submissionQueueFull;
  private long completionOverflows;
  private boolean woken;
  private boolean closing;
  private boolean closed;

  private record Completion(
      SimOperation operation, int result, @Nullable Object payload, boolean more) {}

  SimDriver(SimWorld world, SimMachine machine, IoDriverOptions options) {
    this.world = world;
    this.machine = machine;
    this.options = options;
    this.buffers =
        new SimReceiveBuffers(world, options.receiveBufferCount(), options.receiveBufferBytes());
  }

  SimWorld world() {
    return world;
  }

  SimMachine machine() {
    return machine;
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

  /** What was open when the driver had been closed. */
  List<SimHandle> leftOpen() {
    return leftOpen;
  }

  /** What is open now. */
  List<SimHandle> open() {
    return List.copyOf(open);
  }

  // ---- requests

  @Override
  public void submit(IoRequest request) {
    checkOpen();
    if (request.driverState instanceof SimOperation) {
      throw new IllegalStateException(request.opcode + ": the request is in flight already");
    }
    SimMemory.check(request);
    SimHandle handle = request.handle == null ? null : own(request.handle);
    SimHandle other = request.otherHandle == null ? null : own(request.otherHandle);
    SimOperation operation = world.operation(this, request);
    request.driverState = operation;
    submitted++;
    inFlight.add(operation);
    if (handle != null) {
      handle.took(operation);
    }
    if (other != null) {
      takeOther(operation, other);
    }
    if (closing) {
      operation.endCancelled();
      return;
    }
    queued.add(operation);
  }

  /** A file is in use meanwhile; what is passed may be closed at once. */
  private static void takeOther(SimOperation operation, SimHandle other) {
    if (operation.request.opcode != IoOpcode.SEND_DESCRIPTOR) {
      other.took(operation);
      return;
    }
    SimDescription description = other.description();
    if (description != null && !other.isClosed()) {
      operation.passes(description);
    }
  }

  private SimHandle own(IoHandle handle) {
    if (handle instanceof SimHandle ours && ours.driver() == this) {
      return ours;
    }
    throw new IllegalArgumentException("handle: " + handle + " is of another driver");
  }

  @Override
  public void cancel(IoRequest request) {
    checkOpen();
    if (request.driverState instanceof SimOperation operation && operation.driver == this) {
      operation.cancel();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the driver is closed");
    }
  }

  @Override
  public void flush() {
    checkOpen();
    if (queued.isEmpty() && overflown.isEmpty()) {
      return;
    }
    enters++;
    int waiting = queued.size();
    int room = world.faults().submissionRoom(waiting, options.submissionEntries());
    if (room < waiting) {
      submissionQueueFull++;
    }
    for (int i = 0; i < room; i++) {
      start(queued.remove());
    }
    while (!overflown.isEmpty() && visible.size() < options.completionEntries()) {
      visible.add(overflown.remove());
    }
  }

  private void start(SimOperation operation) {
    operation.started();
    boolean close = operation.request.opcode == IoOpcode.CLOSE;
    if (operation.isCancelled() && !close) {
      operation.endCancelled();
      return;
    }
    world.trace("start", operation);
    IoRequest request = operation.request;
    if (isClosed(request.handle)) {
      operation.fail(Errno.EBADF);
    } else if (close) {
      operation.handle().close(operation);
    } else if (request.opcode == IoOpcode.SEND_DESCRIPTOR && !operation.passes()) {
      operation.fail(isClosed(request.otherHandle) ? Errno.EBADF : Errno.EOPNOTSUPP);
    } else if (request.opcode != IoOpcode.SEND_DESCRIPTOR && isClosed(request.otherHandle)) {
      operation.fail(Errno.EBADF);
    } else {
      world.begin(operation);
    }
  }

  private static boolean isClosed(@Nullable IoHandle handle) {
    return handle instanceof SimHandle ours && ours.isClosed();
  }

  /** From the world: becomes visible to poll after a while. */
  void completed(SimOperation operation, int result, @Nullable Object payload, boolean more) {
    world.later(operation, () -> show(new Completion(operation, result, payload, more)));
  }

  private void show(Completion completion) {
    if (closed) {
      world.lost(completion.payload());
    } else if (overflown.isEmpty()
        && visible.size() < options.completionEntries()
        && !world.faults().happens(Fault.COMPLETION_OVERFLOW, completion.operation())) {
      visible.add(completion);
    } else {
      // What comes after it waits too: the kernel keeps the order.
      completionOverflows++;
      overflown.add(completion);
    }
  }

  @Override
  public int poll(CompletionSink sink) {
    checkOpen();
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
      if (request.otherHandle instanceof SimHandle other) {
        other.letGo(operation);
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
    woken = true;
  }

  /** Whether its executor was woken since its last turn. */
  boolean isWoken() {
    return woken;
  }

  /** Its executor has a turn. */
  void awake() {
    woken = false;
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
    checkOpen();
    if (bytes <= 0) {
      throw new IllegalArgumentException("bytes: " + bytes + "; give more than zero");
    }
    // Not direct: the memory of thousands of runs would wait for a collection of all garbage.
    return new IoMemory(ByteBuffer.allocate(bytes), 0);
  }

  @Override
  public DetachedTcpStream detach(IoHandle handle) {
    checkOpen();
    return world.network().detach(own(handle));
  }

  @Override
  public IoHandle attach(DetachedTcpStream connection) {
    checkOpen();
    return world.network().attach(connection, this);
  }

  @Override
  public IoHandle attach(DetachedDescriptor descriptor, boolean connection) {
    checkOpen();
    if (descriptor instanceof SimDetachedDescriptor ours) {
      return ours.attach(this, connection);
    }
    throw new IllegalArgumentException("descriptor: " + descriptor + " is of another driver");
  }

  @Override
  public InetSocketAddress localAddress(IoHandle handle) {
    checkOpen();
    return world.network().localAddress(own(handle));
  }

  @Override
  public InetSocketAddress remoteAddress(IoHandle handle) {
    checkOpen();
    return world.network().remoteAddress(own(handle));
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
    leftOpen = open();
    open().forEach(handle -> handle.drop(false));
  }

  /** The rest of the world stands still meanwhile, but for what has to come to its end here. */
  private void drain(CompletionSink sink) {
    while (!inFlight.isEmpty()) {
      visible.addAll(overflown);
      overflown.clear();
      if (report(sink) == 0 && !world.stepToNext()) {
        throw new AssertionError("the driver closes, and nothing will come that ends " + inFlight);
      }
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
      if (operation.isQueued()) {
        operation.started();
        operation.endCancelled();
      } else {
        operation.cancel();
      }
    }
    inFlight.clear();
    open().forEach(handle -> handle.drop(false));
    world.disk().closeViewed();
  }
}
