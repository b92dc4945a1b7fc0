package dev.ringlet.uring;

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
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The io_uring driver of one executor. It is put together here; see the package's description for
 * the parts.
 *
 * <p><b>Thread:</b> as {@link IoDriver} says. Foreign threads that look at the ring pass {@link
 * #gate}, so that it is not unmapped under them.
 */
final class UringDriver implements IoDriver {
  static final String NAME = "uring";

  private static final System.Logger LOG = System.getLogger(UringDriver.class.getName());
  private static final int BUFFER_GROUP = 0;

  /**
   * Completions per poll, so that a flood of them does not keep the executor from its other work.
   */
  private static final int POLL_LIMIT = 1024;

  private static final long CLOSE_ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Rounds of the close that bring nothing before it gives up: half a minute. */
  private static final int CLOSE_IDLE_ROUNDS = 300;

  /**
   * How long the close waits for peers to acknowledge what was sent without a copy. Their sockets
   * are closed and the kernel goes on by itself.
   */
  private static final long ZERO_COPY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What the kernel was still sending when its driver was closed; it must never be collected. */
  private static final Queue<IoMemory> UNACKNOWLEDGED = new ConcurrentLinkedQueue<>();

  /**
   * Drivers that could not be drained: the kernel may still write to their memory, so they must
   * never be collected.
   */
  private static final Queue<UringDriver> UNDRAINED = new ConcurrentLinkedQueue<>();

  private final Thread owner = Thread.currentThread();
  private final Gate gate = new Gate();
  private final UringStats stats = new UringStats();
  final OperationTable table = new OperationTable();
  private final HandleList handles = new HandleList();
  private final Ring ring;
  final SubmissionQueue submissions;
  private final CompletionQueue completions;
  private final WakeUp wakeUp;
  private final ReceiveBuffers buffers;

  /** What stands for this driver in its memory, which may live longer. */
  private final Object mark = new Object();

  final RegisteredMemory memory;
  private final Splices splices;
  private final Preparation preparation;
  private final Submitter submitter;
  private final Canceller canceller;
  final Completer completer;
  private final int closeIdleRounds;
  private boolean closed;

  private UringDriver(
      Ring ring,
      WakeUp wakeUp,
      BufferRing bufferRing,
      Capabilities capabilities,
      int closeIdleRounds) {
    this.ring = ring;
    this.wakeUp = wakeUp;
    this.closeIdleRounds = closeIdleRounds;
    submissions = ring.submissions();
    completions = ring.completions();
    buffers = new ReceiveBuffers(bufferRing, wakeUp);
    memory = RegisteredMemory.open(ring, mark);
    splices = new Splices(capabilities.supports(Abi.IORING_OP_SPLICE));
    preparation =
        new Preparation(this, handles, memory, splices, capabilities, buffers.bufferBytes());
    boolean readsMultishot = capabilities.supports(Abi.IORING_OP_READ_MULTISHOT);
    RequestEncoder encoder =
        new RequestEncoder(new SqeEncoder(submissions), buffers, wakeUp, readsMultishot);
    submitter = new Submitter(table, submissions, encoder, preparation, buffers, stats);
    canceller = new Canceller(table, submitter);
    completer =
        new Completer(
            table, completions, submitter, canceller, preparation, handles, buffers, stats);
    submitter.arm(submitter.takeInternal(Operation.Kind.WAKE));
  }

  /** Makes a driver that is owned by the calling thread. */
  static UringDriver open(IoDriverOptions options, Capabilities capabilities) {
    return open(options, capabilities, CLOSE_IDLE_ROUNDS);
  }

  static UringDriver open(IoDriverOptions options, Capabilities capabilities, int closeIdleRounds) {
    Ring ring = Ring.open(options.submissionEntries(), options.completionEntries());
    for (; ; ) {
      int sqEntries = ring.submissions().entries();
      int cqEntries = ring.completions().entries();
      try {
        return open(ring, options, capabilities, closeIdleRounds);
      } catch (UringException e) {
        // The ring took so much of the locked memory that the receive buffers found none.
        if (!e.isOutOfMemory() || sqEntries <= RingSetup.MIN_SQ_ENTRIES) {
          throw e;
        }
        ring = Ring.open(sqEntries / 2, Math.max(cqEntries / 2, sqEntries / 2));
      }
    }
  }

  /** Takes the ring over, and closes it on failure. */
  private static UringDriver open(
      Ring ring, IoDriverOptions options, Capabilities capabilities, int closeIdleRounds) {
    WakeUp wakeUp = null;
    try {
      wakeUp = WakeUp.open();
      BufferRing bufferRing =
          BufferRing.register(
              ring, BUFFER_GROUP, options.receiveBufferCount(), options.receiveBufferBytes());
      if (capabilities.supports(Abi.IORING_OP_SPLICE)) {
        Splices.limitWorkers(ring);
      }
      return new UringDriver(ring, wakeUp, bufferRing, capabilities, closeIdleRounds);
    } catch (RuntimeException | OutOfMemoryError e) {
      if (wakeUp != null) {
        wakeUp.close();
      }
      ring.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "io_uring, "
        + submissions.entries()
        + " submission and "
        + completions.entries()
        + " completion entries, setup flags 0x"
        + Integer.toHexString(ring.setupFlags())
        + ", features 0x"
        + Integer.toHexString(ring.features());
  }

  @Override
  public void submit(IoRequest request) {
    requireOpen();
    if (request.driverSlot >= 0) {
      throw new IllegalStateException(
          request.opcode + " is with a driver already; submit it again after its last completion");
    }
    UringHandle handle = handle(request);
    Operation operation = submitter.take(request, handle, otherHandle(request));
    if (operation.state == Operation.State.WAITING) {
      canceller.close(Objects.requireNonNull(handle), operation);
    }
    if (submitter.pace().isDiskIdle()) {
      submitEarly();
    }
  }

  /** A ring that is broken says so again at the end of the turn; the request is with it by now. */
  private void submitEarly() {
    try {
      enter();
    } catch (UringException broken) {
      LOG.log(System.Logger.Level.DEBUG, "an early submission failed", broken);
    }
  }

  private @Nullable UringHandle handle(IoRequest request) {
    return switch (request.opcode) {
      case OPEN, LISTEN, CONNECT, BIND_DATAGRAM, DELAY, PIPE, OPEN_STANDARD -> null;
      case RENAME, LINK, SYMLINK, UNLINK, MAKE_DIRECTORY -> null;
      case STAT -> statHandle(request);
      default -> own(Objects.requireNonNull(request.handle, "handle"));
    };
  }

  private @Nullable UringHandle otherHandle(IoRequest request) {
    boolean two = request.opcode == IoOpcode.SEND_FILE || request.opcode == IoOpcode.RECEIVE_FILE;
    return two ? own(Objects.requireNonNull(request.otherHandle, "otherHandle")) : null;
  }

  private @Nullable UringHandle statHandle(IoRequest request) {
    if (request.handle == null) {
      Objects.requireNonNull(request.path, "path");
      return null;
    }
    return own(request.handle);
  }

  private UringHandle own(IoHandle handle) {
    if (handle instanceof UringHandle mine && mine.driver == this) {
      return mine;
    }
    throw new IllegalArgumentException("handle: " + handle + "; it belongs to another driver");
  }

  @Override
  public void cancel(IoRequest request) {
    requireOpen();
    canceller.cancel(request);
  }

  @Override
  public int poll(CompletionSink sink) {
    requireOpen();
    int hungUpBefore = completer.hungUp();
    int reported = completer.reportDone(sink, POLL_LIMIT);
    reported += completer.reap(sink, POLL_LIMIT);
    if (submissions.overflown()) {
      stats.completionOverflows.increment();
      enter();
      reported += completer.reap(sink, POLL_LIMIT);
    } else if (reported == 0 && submissions.kernelHasWork()) {
      enter();
      reported += completer.reap(sink, POLL_LIMIT);
    }
    completer.restartReceives(hungUpBefore);
    return reported;
  }

  @Override
  public boolean completionsPending() {
    if (Thread.currentThread() == owner) {
      return !closed && isAnythingVisible();
    }
    if (!gate.tryEnter()) {
      return false;
    }
    try {
      return isAnythingVisible();
    } finally {
      gate.exit();
    }
  }

  private boolean isAnythingVisible() {
    return completions.nonEmpty() || submissions.kernelHasWork() || submitter.hasDone();
  }

  @Override
  public void flush() {
    requireOpen();
    submitter.fill();
    if (submissions.unsubmitted() > 0 || submissions.kernelHasWork()) {
      enter();
    }
  }

  @Override
  public void park(long timeoutNanos) {
    requireOpen();
    submitter.fill();
    boolean signalled = wakeUp.consume();
    boolean busy =
        completions.nonEmpty()
            || submitter.hasDone()
            || submitter.hasMore()
            || completer.hungUp() > 0;
    if (!signalled && !busy && timeoutNanos > 0) {
      enterAndWait(timeoutNanos);
      wakeUp.consume();
    } else if (submissions.unsubmitted() > 0 || submissions.kernelHasWork()) {
      enter();
    }
  }

  /**
   * EAGAIN and EBUSY need no more than this: what was not taken stays in the submission queue for
   * the next enter.
   */
  private void enter() {
    if (ring.enter() == -Errno.EINTR) {
      stats.interrupts.increment();
    }
    if (submissions.unsubmitted() == 0) {
      submitter.pace().entered();
    }
  }

  private void enterAndWait(long timeoutNanos) {
    long nanos = timeoutNanos == Long.MAX_VALUE ? Ring.WITHOUT_LIMIT : timeoutNanos;
    if (ring.enterAndWait(nanos) == -Errno.EINTR) {
      stats.interrupts.increment();
    }
    if (submissions.unsubmitted() == 0) {
      submitter.pace().entered();
    }
  }

  @Override
  public void wakeup() {
    wakeUp.signal();
  }

  @Override
  public IoMemory allocate(int bytes) {
    requireOpen();
    if (bytes <= 0) {
      throw new IllegalArgumentException("bytes: " + bytes + "; give more than zero");
    }
    // Page-aligned, as direct I/O wants it.
    ByteBuffer piece = NativeMemory.allocateAligned(bytes, Libc.pageBytes());
    return new IoMemory(piece, NativeMemory.address(piece), mark);
  }

  @Override
  public void free(IoMemory given) {
    if (!closed) {
      memory.remove(given);
    }
  }

  @Override
  public DetachedTcpStream detach(IoHandle handle) {
    requireOpen();
    UringHandle mine = own(handle);
    if (!mine.socket || mine.life != UringHandle.Life.OPEN || !mine.isIdle()) {
      throw new IllegalStateException(
          mine + ": requests are in flight, or it is no open connection; detach it before");
    }
    splices.dropPipe(mine);
    handles.remove(mine);
    mine.life = UringHandle.Life.CLOSED;
    return new DetachedSocket(mine);
  }

  @Override
  public IoHandle attach(DetachedTcpStream connection) {
    requireOpen();
    if (!(connection instanceof DetachedSocket detached)) {
      throw new IllegalArgumentException(
          "attach: " + connection + " comes from an executor with another I/O driver");
    }
    UringHandle handle = preparation.newHandle(detached.take(), true);
    detached.tell(handle);
    return handle;
  }

  @Override
  public IoHandle attach(DetachedDescriptor descriptor, boolean connection) {
    requireOpen();
    if (!(descriptor instanceof PassedFd passed)) {
      throw new IllegalArgumentException(
          "descriptor: " + descriptor + " comes from an executor with another I/O driver");
    }
    return preparation.attach(passed, connection);
  }

  @Override
  public InetSocketAddress localAddress(IoHandle handle) {
    return address(handle, false);
  }

  @Override
  public InetSocketAddress remoteAddress(IoHandle handle) {
    return address(handle, true);
  }

  private InetSocketAddress address(IoHandle handle, boolean remote) {
    requireOpen();
    UringHandle mine = own(handle);
    if (mine.life != UringHandle.Life.OPEN) {
      throw SocketAddresses.failure(remote, mine, Errno.EBADF, null);
    }
    return SocketAddresses.of(mine, remote);
  }

  @Override
  public IoDriverStats stats() {
    long completed = stats.completed.get();
    long submitted = stats.submitted.get();
    return new IoDriverStats(
        NAME,
        submitted,
        completed,
        Math.max(0, submitted - completed),
        ring.enters(),
        stats.submissionQueueFull.get(),
        stats.completionOverflows.get(),
        stats.interrupts.get(),
        stats.bufferShortages.get(),
        stats.staleCompletions.get(),
        buffers.lent());
  }

  @Override
  public void close(CompletionSink sink) {
    if (closed) {
      return;
    }
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException("a driver is closed by its owner, " + owner.getName());
    }
    boolean drained = false;
    try {
      drained = drain(sink);
    } finally { // a ring that is broken is closed nevertheless
      closed = true;
      gate.closeAndAwait();
      if (drained) {
        giveBack();
      } else {
        keepForGood();
      }
    }
  }

  private void giveBack() {
    try {
      handles.closeAll();
      splices.close();
      awaitZeroCopies();
    } finally { // whatever the ring says, the memory is kept and the descriptors are closed
      keepUnacknowledged();
      try {
        buffers.close();
      } finally {
        ring.close();
        wakeUp.close();
      }
    }
  }

  /** What is left needs no ring: the kernel has the pages, and only they must not change. */
  private void awaitZeroCopies() {
    long end = System.nanoTime() + ZERO_COPY_NANOS;
    long left = ZERO_COPY_NANOS;
    while (submitter.zeroCopies() > 0 && left > 0) {
      enterAndWait(left);
      completer.reap(UringDriver::completedLate, completions.entries());
      left = end - System.nanoTime();
    }
  }

  private void keepUnacknowledged() {
    if (submitter.zeroCopies() > 0) {
      table.addZeroCopies(UNACKNOWLEDGED);
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} sends without a copy were not acknowledged by their peers when the ring was closed;"
              + " their memory is kept for good, since the kernel goes on sending it",
          submitter.zeroCopies());
    }
  }

  private static void completedLate(
      IoRequest request, int result, @Nullable Object payload, boolean more) {
    throw new AssertionError(request.opcode + " completed after the driver was drained");
  }

  private void keepForGood() {
    UNDRAINED.add(this);
    LOG.log(
        System.Logger.Level.ERROR,
        "{0} operations did not end when the ring was closed; its memory is kept for good,"
            + " since the kernel may still write to it",
        table.used() - submitter.zeroCopies());
  }

  /** Returns true when nothing is in flight, not even an operation of the driver's own. */
  private boolean drain(CompletionSink sink) {
    submitter.beginClose();
    int idleRounds = 0;
    while (isAnythingInFlight() && idleRounds < closeIdleRounds) {
      int before = table.used();
      // Again in each round: an operation that was on its way between two states may have been
      // missed.
      canceller.cancelAll();
      submitter.fill();
      enter();
      int reported = reapAll(sink);
      // The cancel has completed by now, so this waits for the others, such as a write that is with
      // the disk.
      if (table.used() >= before && !submitter.hasMore() && !submitter.hasDone()) {
        enterAndWait(CLOSE_ROUND_NANOS);
        reported += reapAll(sink);
      }
      // What ends may have others submitted that waited for it, and that end in a later round.
      idleRounds = table.used() < before || reported > 0 ? 0 : idleRounds + 1;
    }
    return !isAnythingInFlight();
  }

  private boolean isAnythingInFlight() {
    return table.used() > submitter.zeroCopies();
  }

  private int reapAll(CompletionSink sink) {
    return completer.reportDone(sink, Integer.MAX_VALUE)
        + completer.reap(sink, completions.entries());
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the driver is closed");
    }
    assert Thread.currentThread() == owner
        : "a driver belongs to one thread, " + owner.getName() + ", not " + Thread.currentThread();
  }
}
