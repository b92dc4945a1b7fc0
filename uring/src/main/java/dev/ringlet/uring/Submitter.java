package dev.ringlet.uring;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes operations and sees that each reaches the submission queue, in the order in which they
 * came. What finds no room waits in the backlog, receives without memory wait for a buffer, and
 * what needs no kernel waits to be reported.
 *
 * <p><b>Thread:</b> owner executor, but {@link #hasDone}.
 */
final class Submitter {
  /** Starved receives that are armed again per turn, so that one turn stays bounded. */
  private static final int REARM_BATCH = 64;

  private final OperationTable table;
  private final SubmissionQueue queue;
  private final RequestEncoder encoder;
  private final Preparation preparation;
  private final ReceiveBuffers buffers;
  private final UringStats stats;
  private final DirectPace pace = new DirectPace();
  private final OperationQueue backlog = new OperationQueue();
  private final OperationQueue starved = new OperationQueue();
  private final OperationQueue done = new OperationQueue();
  private volatile boolean doneWaits;
  private int zeroCopies;
  private boolean closing;

  Submitter(
      OperationTable table,
      SubmissionQueue queue,
      RequestEncoder encoder,
      Preparation preparation,
      ReceiveBuffers buffers,
      UringStats stats) {
    this.table = table;
    this.queue = queue;
    this.encoder = encoder;
    this.preparation = preparation;
    this.buffers = buffers;
    this.stats = stats;
  }

  /**
   * Takes a request that is to run on {@code handle}, or on none, and needs {@code otherHandle}
   * besides, if not null; a close waits in the returned operation for its caller.
   */
  Operation take(
      IoRequest request, @Nullable UringHandle handle, @Nullable UringHandle otherHandle) {
    preparation.validate(request);
    Operation operation = table.take();
    operation.request = request;
    request.driverSlot = operation.index;
    stats.submitted.increment();
    if (closing) {
      finish(operation, -Errno.ECANCELED, null);
    } else if (isGone(handle) || isGone(otherHandle)) {
      finish(operation, -Errno.EBADF, null);
    } else if (request.opcode == IoOpcode.CLOSE) {
      operation.state = Operation.State.WAITING;
      UringHandle closed = Objects.requireNonNull(handle);
      operation.fd = closed.fd;
      if (closed.socket && (request.flags & IoRequest.CLOSE_RESET) != 0) {
        preparation.resetOnClose(closed);
      }
    } else {
      if (handle != null) {
        handle.attach(operation);
      }
      if (otherHandle != null) {
        otherHandle.attachUser(operation);
      }
      startOrUndo(operation);
    }
    return operation;
  }

  /** Memory may be short: then the caller keeps the request and nothing is left of it here. */
  private void startOrUndo(Operation operation) {
    try {
      start(operation);
    } catch (RuntimeException | Error refused) {
      operation.state = Operation.State.DONE;
      retire(operation);
      stats.completed.increment();
      throw refused;
    }
  }

  private static boolean isGone(@Nullable UringHandle handle) {
    return handle != null && handle.life != UringHandle.Life.OPEN;
  }

  private void start(Operation operation) {
    if (preparation.prepare(operation)) {
      // A slot may be refused for want of memory: asked for before anything is with the kernel.
      Operation hangup = watchForHangup(operation);
      arm(operation);
      if (hangup != null) {
        arm(hangup);
      }
    } else {
      finish(operation, operation.result, operation.payload);
    }
  }

  /**
   * Lets the first multishot receive of a socket be watched. When data and the peer's end come at
   * nearly the same moment, the kernel may forget about the end: the receive reads the data, drops
   * both wake-ups and sleeps for ever (axboe/liburing#1549, seen with resets on Linux 6.18). A poll
   * of its own does not miss it.
   */
  private @Nullable Operation watchForHangup(Operation receive) {
    IoRequest request = receive.requireRequest();
    UringHandle handle = receive.handle;
    boolean multishot =
        request.opcode == IoOpcode.RECEIVE && (request.flags & IoRequest.MULTISHOT) != 0;
    if (handle == null || !multishot || handle.hangupWatched) {
      return null;
    }
    Operation hangup = takeInternal(Operation.Kind.HANGUP);
    handle.hangupWatched = true;
    hangup.fd = handle.fd;
    handle.attach(hangup);
    return hangup;
  }

  /** Takes an operation of the driver's own, which the caller completes and arms. */
  Operation takeInternal(Operation.Kind kind) {
    Operation operation = table.take();
    operation.kind = kind;
    return operation;
  }

  /** Gives an operation to the kernel, now or when there is room. */
  void arm(Operation operation) {
    if (backlog.isEmpty() && queue.hasRoom()) {
      fill(operation);
    } else {
      operation.state = Operation.State.QUEUED;
      backlog.add(operation);
      stats.submissionQueueFull.increment();
    }
  }

  private void fill(Operation operation) {
    operation.state = Operation.State.ARMED;
    encoder.encode(operation);
    UringHandle handle = operation.handle;
    if (handle != null && handle.direct && !operation.paced) {
      operation.paced = true;
      pace.filled();
    }
  }

  /** When what is filled is to be submitted. */
  DirectPace pace() {
    return pace;
  }

  /** Lets a receive wait until there is memory for it. */
  void starve(Operation operation) {
    operation.state = Operation.State.STARVED;
    starved.add(operation);
    buffers.want(true);
  }

  /** Ends an operation without the kernel; it is reported by the next poll. */
  void finish(Operation operation, int result, @Nullable Object payload) {
    switch (operation.state) {
      case QUEUED -> backlog.remove(operation);
      case STARVED -> starved.remove(operation);
      default -> {}
    }
    operation.state = Operation.State.DONE;
    operation.result = result;
    operation.payload = payload;
    done.add(operation);
    doneWaits = true;
  }

  /** Any thread: whether something waits to be reported. */
  boolean hasDone() {
    return doneWaits;
  }

  int doneCount() {
    return done.size();
  }

  @Nullable Operation pollDone() {
    Operation operation = done.poll();
    doneWaits = !done.isEmpty();
    return operation;
  }

  /** Fills the submission queue with what waits. */
  void fill() {
    buffers.collectReturned();
    if (!starved.isEmpty()) {
      rearmStarved();
    }
    while (!backlog.isEmpty() && queue.hasRoom()) {
      fill(Objects.requireNonNull(backlog.poll()));
    }
  }

  private void rearmStarved() {
    for (int i = 0; i < REARM_BATCH && buffers.hasAvailable(); i++) {
      Operation operation = starved.poll();
      if (operation == null) {
        break;
      }
      arm(operation);
    }
    buffers.want(!starved.isEmpty());
  }

  /** Whether {@link #fill} left something behind that it could go on with after an enter. */
  boolean hasMore() {
    return !backlog.isEmpty() || (!starved.isEmpty() && buffers.hasAvailable());
  }

  /**
   * The last completion was seen: frees the slot, and starts the close that may have waited for it.
   */
  void retire(Operation operation) {
    IoRequest request = operation.request;
    if (request != null) {
      request.driverSlot = -1;
    }
    if (operation.paced) {
      pace.ended();
    }
    preparation.giveBack(operation);
    UringHandle handle = operation.handle;
    if (handle == null) {
      table.release(operation);
      return;
    }
    handle.detach(operation);
    UringHandle other = operation.otherHandle;
    if (other != null) {
      other.detachUser(operation);
    }
    table.release(operation);
    closeIfIdle(handle);
    if (other != null) {
      closeIfIdle(other);
    }
  }

  private void closeIfIdle(UringHandle handle) {
    Operation close = handle.waitingClose;
    if (close != null && handle.isIdle()) {
      handle.waitingClose = null;
      arm(close);
    }
  }

  /**
   * A send without a copy is complete, and the kernel still reads its bytes. The operation stays
   * for that; its request is free, and so is its handle, whose close must not wait for the peer.
   */
  void linger(Operation operation) {
    operation.requireRequest().driverSlot = -1;
    operation.request = null;
    operation.kind = Operation.Kind.ZERO_COPY;
    zeroCopies++;
    UringHandle handle = Objects.requireNonNull(operation.handle);
    operation.handle = null;
    handle.detach(operation);
    closeIfIdle(handle);
  }

  /** The kernel has read what it needed. */
  void endZeroCopy(Operation operation) {
    zeroCopies--;
    retire(operation);
  }

  /** Sends that linger. */
  int zeroCopies() {
    return zeroCopies;
  }

  /** Copies what could not be sent without. */
  void sendPlainly(Operation failed, boolean lingers) {
    IoRequest request = failed.requireRequest();
    Operation plain = failed;
    if (lingers) {
      plain = table.take();
      plain.request = request;
      plain.argument = failed.argument;
      Objects.requireNonNull(failed.handle).attach(plain);
      linger(failed);
      request.driverSlot = plain.index;
    } else {
      preparation.giveBack(failed);
    }
    plain.zeroCopy = false;
    plain.pinned = Objects.requireNonNull(request.buffer).memory();
    arm(plain);
  }

  boolean isClosing() {
    return closing;
  }

  /**
   * Takes no more requests, and ends those that the kernel has not got. Closes go on: they are on
   * their way out.
   */
  void beginClose() {
    closing = true;
    for (int i = 0; i < table.capacity(); i++) {
      Operation operation = table.slot(i);
      if (waitsForKernel(operation) && !isClose(operation)) {
        Preparation.dropSocket(operation);
        finish(operation, -Errno.ECANCELED, null);
      }
    }
  }

  private static boolean waitsForKernel(Operation operation) {
    return operation.kind == Operation.Kind.REQUEST
        && (operation.state == Operation.State.QUEUED
            || operation.state == Operation.State.STARVED);
  }

  private static boolean isClose(Operation operation) {
    return operation.requireRequest().opcode == IoOpcode.CLOSE;
  }
}
