package dev.ringlet.uring;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Carries out SEND_FILE and RECEIVE_FILE. Of the first the bytes of the file go into a pipe and, if
 * it is not for that, from there to the socket, by reference to the pages of the file.
 *
 * <pre>
 * step    the kernel                          then
 * FILL    file to pipe                        DRAIN; the end of the file
 * DRAIN   pipe to socket                      the end; WAIT if it took nothing
 * MOVE    file to pipe, or pipe to file       the end; WAIT if the pipe was full or empty
 * WAIT    polls for room, or for bytes        DRAIN or MOVE
 * </pre>
 *
 * <p>Each request that moves bytes ends as soon as some have moved, so that whoever waits sees that
 * it gets on. Where the socket has not taken all, the rest stays in the pipe with the socket, for
 * the request that goes on at that byte; anything else drops it.
 *
 * <p>The kernel does every splice on a thread of its own, which a slow peer would keep waiting for
 * room: for sockets it knows "do not wait" as a property of the open file only, and that would
 * deprive all other operations on it of the ring's own waiting. So such a socket gets the shortest
 * time limit for sending that there is, one tick; the other operations do not see it, since they
 * never wait inside the socket. Threads are limited in number besides.
 *
 * <p><b>Thread:</b> owner executor.
 */
final class Splices {
  /** Instead of a result: the request has more to do in the kernel. */
  static final int GOES_ON = Integer.MIN_VALUE;

  /** The size that pipes are asked to have; the default is 64 KiB, the default limit 1 MiB. */
  private static final int PIPE_BYTES = 256 * 1024;

  /** Empty pipes that are kept for the next request. */
  private static final int MAX_IDLE = 16;

  /** Threads of the kernel, per ring, for what may have to wait on something else than a disk. */
  private static final int MAX_WAITING_WORKERS = 64;

  private final boolean supported;
  private final ArrayDeque<SplicePipe> idle = new ArrayDeque<>();
  private final ByteBuffer argument = NativeMemory.allocate(Structs.TIMEVAL_BYTES);
  private final long argumentAddress = NativeMemory.address(argument);

  Splices(boolean supported) {
    this.supported = supported;
  }

  /**
   * Limits the kernel's threads of this ring that are not for disks. A kernel that refuses goes
   * without: nothing depends on it but the number of threads.
   */
  static void limitWorkers(Ring ring) {
    ByteBuffer limits = NativeMemory.allocate(2 * Integer.BYTES);
    limits.putInt(Integer.BYTES, MAX_WAITING_WORKERS);
    int command = Abi.IORING_REGISTER_IOWQ_MAX_WORKERS;
    try {
      var unused = ring.register(command, NativeMemory.address(limits), 2);
    } finally {
      Reference.reachabilityFence(limits);
    }
  }

  /** Returns false if the request is done, with its result in the operation. */
  boolean prepare(Operation operation, IoRequest request) {
    if (!supported || request.length <= 0 || request.position < 0) {
      boolean wrong = request.length < 0 || request.position < 0;
      operation.result = wrong ? -Errno.EINVAL : supported ? 0 : -Errno.EOPNOTSUPP;
      return false;
    }
    UringHandle socket = Objects.requireNonNull(operation.handle);
    boolean receives = request.opcode == IoOpcode.RECEIVE_FILE;
    if (socket.shared || (receives && !socket.pipe)) {
      if (!receives) {
        dropPipe(socket); // of what was sent before it was shared
      }
      operation.result = -Errno.EOPNOTSUPP;
      return false;
    }
    if (socket.pipe) {
      operation.step = Operation.Step.MOVE;
      return true;
    }
    SplicePipe pipe = socket.splicePipe;
    if (pipe != null && pipe.continuesWith(operation.otherHandle, request.position)) {
      operation.step = Operation.Step.WAIT; // it is there because the socket was full
      return true;
    }
    dropPipe(socket);
    operation.result = socket.sendTimeLimited ? 0 : limitSendTime(socket);
    if (operation.result == 0) {
      socket.splicePipe = take(operation);
    }
    operation.step = Operation.Step.FILL;
    return operation.result == 0;
  }

  private int limitSendTime(UringHandle socket) {
    int result = setSendTime(socket, 1);
    socket.sendTimeLimited = result == 0;
    return result;
  }

  /** Zero is no limit. */
  private int setSendTime(UringHandle socket, int micros) {
    argument.putLong(Structs.TIMEVAL_SEC, 0).putLong(Structs.TIMEVAL_USEC, micros);
    int bytes = Structs.TIMEVAL_BYTES;
    return Libc.setsockopt(socket.fd, Posix.SOL_SOCKET, Posix.SO_SNDTIMEO, argumentAddress, bytes);
  }

  /** Others get the socket, who know of no limit. */
  void liftSendTime(UringHandle socket) {
    if (socket.sendTimeLimited) {
      socket.sendTimeLimited = setSendTime(socket, 0) != 0;
    }
  }

  private @Nullable SplicePipe take(Operation operation) {
    SplicePipe kept = idle.pollLast();
    if (kept != null) {
      return kept;
    }
    int result = Libc.pipe2(argumentAddress, Posix.O_CLOEXEC);
    if (result < 0) {
      operation.result = result;
      return null;
    }
    int readEnd = argument.getInt(0);
    int writeEnd = argument.getInt(Integer.BYTES);
    // A user that has many large pipes already gets no more of them; any size will do.
    int capacity = Libc.fcntl(writeEnd, Posix.F_SETPIPE_SZ, PIPE_BYTES);
    if (capacity < 0) {
      capacity = Libc.fcntl(writeEnd, Posix.F_GETPIPE_SZ, 0);
    }
    return new SplicePipe(readEnd, writeEnd, capacity);
  }

  /**
   * Takes the kernel's result for the present step.
   *
   * @param unwanted whether nobody waits for it to go on
   * @return the result of the request, or {@link #GOES_ON}: the operation is to be armed again
   */
  int next(Operation operation, int result, boolean unwanted) {
    UringHandle handle = Objects.requireNonNull(operation.handle);
    return switch (operation.step) {
      case FILL -> filled(operation, handle, result, unwanted);
      case DRAIN -> drained(operation, handle, result, unwanted);
      case MOVE -> moved(operation, result, unwanted);
      case WAIT -> waited(operation, handle, result, unwanted);
      case WHOLE -> throw new AssertionError(operation + " has no steps");
    };
  }

  private static int filled(Operation operation, UringHandle socket, int result, boolean unwanted) {
    if (result == -Errno.EINTR) {
      return goOn(operation, Operation.Step.FILL, unwanted);
    }
    if (result <= 0) {
      return result;
    }
    SplicePipe pipe = Objects.requireNonNull(socket.splicePipe);
    pipe.filled(operation.otherHandle, operation.requireRequest().position, result);
    return goOn(operation, Operation.Step.DRAIN, unwanted);
  }

  private int drained(Operation operation, UringHandle socket, int result, boolean unwanted) {
    if (result > 0) {
      Objects.requireNonNull(socket.splicePipe).drained(result);
      return result;
    }
    if (result == -Errno.EAGAIN || result == -Errno.EINTR) {
      return goOn(operation, Operation.Step.WAIT, unwanted);
    }
    if (result != -Errno.ECANCELED) {
      dropPipe(socket);
    }
    return result == 0 ? -Errno.EIO : result;
  }

  private static int moved(Operation operation, int result, boolean unwanted) {
    boolean full = result == -Errno.EAGAIN;
    boolean again = full || result == -Errno.EINTR;
    Operation.Step next = full ? Operation.Step.WAIT : Operation.Step.MOVE;
    return again ? goOn(operation, next, unwanted) : result;
  }

  private static int waited(Operation operation, UringHandle handle, int result, boolean unwanted) {
    Operation.Step next = handle.pipe ? Operation.Step.MOVE : Operation.Step.DRAIN;
    return result < 0 ? result : goOn(operation, next, unwanted);
  }

  private static int goOn(Operation operation, Operation.Step step, boolean unwanted) {
    operation.step = step;
    return unwanted ? -Errno.ECANCELED : GOES_ON;
  }

  /**
   * A request has ended: its pipe serves others, unless there is something in it. That stays for
   * the request that goes on, if this one has sent a part and nobody has called it off.
   */
  void giveBack(Operation operation) {
    IoRequest request = operation.request;
    UringHandle socket = operation.handle;
    if (request == null || request.opcode != IoOpcode.SEND_FILE || socket == null) {
      return;
    }
    SplicePipe pipe = socket.splicePipe;
    if (pipe == null) {
      return;
    }
    boolean goesOn = operation.result > 0 && !operation.cancelRequested;
    if (pipe.left() == 0 && idle.size() < MAX_IDLE) {
      socket.splicePipe = null;
      idle.add(pipe);
    } else if (pipe.left() == 0 || !goesOn) {
      dropPipe(socket);
    }
  }

  /** What is in a socket's pipe will never be sent. */
  void dropPipe(UringHandle socket) {
    SplicePipe pipe = socket.splicePipe;
    if (pipe != null) {
      socket.splicePipe = null;
      pipe.close();
    }
  }

  /** Nothing is in flight. */
  void close() {
    idle.forEach(SplicePipe::close);
    idle.clear();
  }
}
