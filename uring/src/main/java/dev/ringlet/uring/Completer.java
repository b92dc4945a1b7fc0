package dev.ringlet.uring;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import dev.ringlet.spi.ReceivedDescriptors;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns completion entries into completions of requests. The slot is free, and the driver has let
 * go of everything, before the sink hears of the last one. <b>Thread:</b> owner executor.
 */
final class Completer {
  private final OperationTable table;
  private final CompletionQueue queue;
  private final Submitter submitter;
  private final Canceller canceller;
  private final Preparation preparation;
  private final HandleList handles;
  private final ReceiveBuffers buffers;
  private final UringStats stats;
  private final ArrayDeque<UringHandle> hungUp = new ArrayDeque<>();

  Completer(
      OperationTable table,
      CompletionQueue queue,
      Submitter submitter,
      Canceller canceller,
      Preparation preparation,
      HandleList handles,
      ReceiveBuffers buffers,
      UringStats stats) {
    this.table = table;
    this.queue = queue;
    this.submitter = submitter;
    this.canceller = canceller;
    this.preparation = preparation;
    this.handles = handles;
    this.buffers = buffers;
    this.stats = stats;
  }

  /**
   * Reports up to {@code limit} of those that were done without the kernel; what is added meanwhile
   * waits.
   */
  int reportDone(CompletionSink sink, int limit) {
    int count = Math.min(submitter.doneCount(), limit);
    for (int i = 0; i < count; i++) {
      Operation operation = Objects.requireNonNull(submitter.pollDone());
      int result = operation.result;
      Object payload = operation.payload;
      report(operation, result, payload, false, sink);
    }
    return count;
  }

  /** Consumes up to {@code limit} entries; returns how many completions were reported. */
  int reap(CompletionSink sink, int limit) {
    int reported = 0;
    for (int i = 0; i < limit && queue.next(); i++) {
      long userData = queue.userData();
      int result = queue.result();
      int flags = queue.flags();
      queue.release();
      if (complete(userData, result, flags, sink)) {
        reported++;
      }
    }
    return reported;
  }

  /** One entry; returns true if the sink has heard of it. */
  boolean complete(long userData, int result, int flags, CompletionSink sink) {
    Operation operation = table.armed(userData);
    if (operation == null) {
      stats.staleCompletions.increment();
      lendAgain(flags);
      return false;
    }
    boolean more = (flags & Abi.IORING_CQE_F_MORE) != 0;
    return switch (operation.kind) {
      case REQUEST -> completeRequest(operation, result, flags, more, sink);
      case WAKE -> completeWake(operation, more);
      case HANGUP -> completeHangup(operation, result);
      case ZERO_COPY -> {
        assert (flags & Abi.IORING_CQE_F_NOTIF) != 0 : operation + " completed twice";
        submitter.endZeroCopy(operation);
        yield false;
      }
      case CANCEL, CANCEL_FILE, CANCEL_ALL -> {
        submitter.retire(operation);
        yield false;
      }
    };
  }

  /**
   * The owner is awake, which is all that this was for; whether it was signalled stands in {@link
   * WakeUp}.
   */
  private boolean completeWake(Operation operation, boolean more) {
    if (!more && submitter.isClosing()) {
      submitter.retire(operation);
    } else if (!more) {
      submitter.arm(operation);
    }
    return false;
  }

  private boolean completeHangup(Operation operation, int result) {
    UringHandle handle = Objects.requireNonNull(operation.handle);
    submitter.retire(operation);
    if (result >= 0 && handle.life == UringHandle.Life.OPEN && !submitter.isClosing()) {
      hungUp.add(handle);
    }
    return false;
  }

  /** Sockets whose peer has ended and whose receives may have missed it. */
  int hungUp() {
    return hungUp.size();
  }

  /**
   * Arms the receives of sockets that have hung up anew, where they are still in flight although
   * the kernel was entered since.
   *
   * @param count how many, those that have waited longest
   */
  void restartReceives(int count) {
    for (int i = 0; i < count; i++) {
      UringHandle handle = hungUp.remove();
      if (handle.life == UringHandle.Life.OPEN) {
        canceller.restartReceives(handle);
      }
    }
  }

  private boolean completeRequest(
      Operation operation, int kernelResult, int flags, boolean more, CompletionSink sink) {
    IoOpcode opcode = operation.requireRequest().opcode;
    if (operation.step != Operation.Step.WHOLE) {
      return completeStep(operation, kernelResult, sink);
    }
    if (operation.zeroCopy) {
      return completeZeroCopy(operation, kernelResult, more, sink);
    }
    int result = kernelResult;
    if (result == -Errno.EINTR && !more && opcode != IoOpcode.CLOSE) {
      if (isUnwanted(operation)) {
        result = -Errno.ECANCELED;
      } else if (isRepeatable(opcode)) {
        lendAgain(flags);
        submitter.arm(operation);
        return false;
      }
    }
    if (isToWait(operation, result)) {
      if (!isUnwanted(operation)) {
        lendAgain(flags);
        operation.step = Operation.Step.WAIT;
        submitter.arm(operation);
        return false;
      }
      result = -Errno.ECANCELED;
    }
    boolean receives = opcode == IoOpcode.RECEIVE || opcode == IoOpcode.RECEIVE_DATAGRAM;
    if (receives || opcode == IoOpcode.RECEIVE_DESCRIPTORS) {
      return completeReceive(operation, result, flags, more, sink);
    }
    Object payload = payload(operation, opcode, result);
    report(operation, translate(opcode, result), payload, more, sink);
    return true;
  }

  /**
   * Whether somebody else has said that the file does not block, so that the kernel does not wait
   * for it as it does otherwise.
   */
  private static boolean isToWait(Operation operation, int result) {
    UringHandle handle = operation.handle;
    if (result != -Errno.EAGAIN || handle == null || !handle.shared) {
      return false;
    }
    // It does not wait, see RequestEncoder: who has sent it tries again.
    boolean datagram = operation.requireRequest().opcode == IoOpcode.SEND_DATAGRAM;
    return !datagram || handle.family != Posix.AF_UNIX;
  }

  /** What was waited for is there: the request begins anew. */
  private boolean completeWait(Operation operation, int kernelResult, CompletionSink sink) {
    operation.step = Operation.Step.WHOLE;
    boolean restarts = kernelResult == -Errno.ECANCELED && operation.restart;
    if ((kernelResult >= 0 || restarts) && !isUnwanted(operation)) {
      operation.restart = false;
      submitter.arm(operation);
      return false;
    }
    report(operation, kernelResult < 0 ? kernelResult : -Errno.ECANCELED, null, false, sink);
    return true;
  }

  private boolean completeStep(Operation operation, int kernelResult, CompletionSink sink) {
    IoOpcode opcode = operation.requireRequest().opcode;
    if (opcode != IoOpcode.SEND_FILE && opcode != IoOpcode.RECEIVE_FILE) {
      return completeWait(operation, kernelResult, sink);
    }
    int result = preparation.splices().next(operation, kernelResult, isUnwanted(operation));
    if (result == Splices.GOES_ON) {
      submitter.arm(operation);
      return false;
    }
    operation.result = result;
    report(operation, result, null, false, sink);
    return true;
  }

  /**
   * The first of two completions, or the only one. With {@code more} the kernel goes on reading the
   * buffer, whatever the result is.
   */
  private boolean completeZeroCopy(
      Operation operation, int kernelResult, boolean more, CompletionSink sink) {
    int result = kernelResult;
    if (isUnwanted(operation)) {
      result = isForPlainSend(operation, result) ? -Errno.ECANCELED : result;
    } else if (isForPlainSend(operation, result)) {
      submitter.sendPlainly(operation, more);
      return false;
    }
    if (!more) {
      report(operation, result, null, false, sink);
      return true;
    }
    IoRequest request = operation.requireRequest();
    submitter.linger(operation);
    stats.completed.increment();
    sink.completed(request, result, null, false);
    return true;
  }

  /**
   * Whether the bytes were not sent and a copy would be: the user may lock no more pages, the
   * socket cannot send without a copy, or somebody has said that it does not block.
   */
  private static boolean isForPlainSend(Operation operation, int result) {
    return switch (-result) {
      case Errno.ENOMEM, Errno.ENOBUFS, Errno.EOPNOTSUPP, Errno.EINTR -> true;
      default -> isToWait(operation, result);
    };
  }

  private boolean completeReceive(
      Operation operation, int kernelResult, int flags, boolean more, CompletionSink sink) {
    Object payload = received(operation, kernelResult, flags);
    int result = Datagrams.bytes(payload, kernelResult);
    if (result == -Errno.ECANCELED && operation.restart && !isUnwanted(operation)) {
      operation.restart = false;
      submitter.arm(operation);
      return false;
    }
    if (result == -Errno.ENOBUFS && !more) {
      stats.bufferShortages.increment();
      if (!isUnwanted(operation)) {
        submitter.starve(operation);
        return false;
      }
      result = -Errno.ECANCELED;
    }
    report(operation, result, payload, more, sink);
    return true;
  }

  /** What a receive has brought: a buffer, a datagram, or null for an end or a failure. */
  private @Nullable Object received(Operation operation, int result, int flags) {
    IoRequest request = operation.requireRequest();
    boolean datagram = request.opcode == IoOpcode.RECEIVE_DATAGRAM;
    if (result > 0) {
      assert (flags & Abi.IORING_CQE_F_BUFFER) != 0 : "bytes without a buffer: " + operation;
      IoBuffer buffer = buffers.lease(flags >>> Abi.IORING_CQE_BUFFER_SHIFT, result);
      if (request.opcode == IoOpcode.RECEIVE_DESCRIPTORS) {
        return withDescriptors(operation, buffer);
      }
      return datagram ? Datagrams.of(operation, buffer) : buffer;
    }
    lendAgain(flags);
    return result == 0 && datagram ? Datagrams.of(operation, buffers.empty()) : null;
  }

  private static ReceivedDescriptors withDescriptors(Operation operation, IoBuffer data) {
    Message message = (Message) Objects.requireNonNull(operation.pinned);
    List<PassedFd> descriptors = message.descriptors();
    if (message.lacksDescriptors()) {
      descriptors.forEach(PassedFd::close);
      return new ReceivedDescriptors(data, List.of(), true);
    }
    return new ReceivedDescriptors(data, List.copyOf(descriptors), false);
  }

  /** True if nobody waits for the operation to go on. */
  private boolean isUnwanted(Operation operation) {
    return operation.cancelRequested || submitter.isClosing();
  }

  /**
   * Whether an interrupted operation has done nothing and may be tried again; a connect goes on in
   * the background, and a file server may have changed a name already.
   */
  private static boolean isRepeatable(IoOpcode opcode) {
    return switch (opcode) {
      case OPEN, ACCEPT, RECEIVE, SEND, SEND_VECTOR, SEND_DATAGRAM, RECEIVE_DATAGRAM -> true;
      case SEND_DESCRIPTOR, RECEIVE_DESCRIPTORS -> true;
      case READ, WRITE, READ_VECTOR, WRITE_VECTOR, TRUNCATE, ALLOCATE -> true;
      case DATA_SYNC, SYNC, SYNC_RANGE, SIZE, STAT -> true;
      case RENAME, LINK, SYMLINK, UNLINK, MAKE_DIRECTORY -> false;
      case CLOSE, LISTEN, CONNECT, CONFIGURE, SHUTDOWN_OUTPUT, DELAY, LOCK -> false;
      case BIND_DATAGRAM, JOIN_GROUP, LEAVE_GROUP -> false;
      case PIPE, OPEN_STANDARD -> false;
      case SEND_FILE, RECEIVE_FILE -> false; // in parts, see Splices
    };
  }

  private void lendAgain(int flags) {
    if ((flags & Abi.IORING_CQE_F_BUFFER) != 0) {
      buffers.lendAgain(flags >>> Abi.IORING_CQE_BUFFER_SHIFT);
    }
  }

  private @Nullable Object payload(Operation operation, IoOpcode opcode, int result) {
    return switch (opcode) {
      case OPEN -> result < 0 ? null : opened(operation, result);
      case ACCEPT ->
          result < 0
              ? null
              : preparation.accepted(Objects.requireNonNull(operation.handle), result);
      case CONNECT -> connected(operation, result);
      case SIZE -> result < 0 ? null : size(operation);
      case STAT ->
          result < 0 ? null : Statx.read((ByteBuffer) Objects.requireNonNull(operation.pinned));
      case CLOSE -> closed(operation, result);
      default -> null;
    };
  }

  private UringHandle opened(Operation operation, int fd) {
    UringHandle file = preparation.newHandle(fd, false);
    file.direct = (operation.requireRequest().flags & IoRequest.OPEN_DIRECT) != 0;
    return file;
  }

  private @Nullable Object connected(Operation operation, int result) {
    if (result < 0) {
      Preparation.dropSocket(operation);
      return null;
    }
    return preparation.newHandle(operation.fd, true);
  }

  private static Long size(Operation operation) {
    ByteBuffer statx = (ByteBuffer) Objects.requireNonNull(operation.pinned);
    return statx.getLong(Structs.STATX_SIZE);
  }

  private @Nullable Object closed(Operation operation, int result) {
    UringHandle handle = (UringHandle) Objects.requireNonNull(operation.requireRequest().handle);
    if (result == -Errno.ECANCELED) {
      // Cancelled by the end of the ring before it was done; every other error leaves the
      // descriptor closed.
      Libc.close(handle.fd);
    }
    handle.life = UringHandle.Life.CLOSED;
    preparation.splices().dropPipe(handle);
    handles.remove(handle);
    return null;
  }

  private static int translate(IoOpcode opcode, int result) {
    if (result < 0) {
      return opcode == IoOpcode.DELAY && result == -Errno.ETIME ? 0 : result;
    }
    return switch (opcode) {
      case OPEN, ACCEPT, CONNECT -> 0; // the payload tells which
      default -> result;
    };
  }

  private void report(
      Operation operation,
      int result,
      @Nullable Object payload,
      boolean more,
      CompletionSink sink) {
    IoRequest request = operation.requireRequest();
    if (!more) {
      submitter.retire(operation);
      stats.completed.increment();
    }
    sink.completed(request, result, payload, more);
  }
}
