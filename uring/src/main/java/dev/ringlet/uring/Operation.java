package dev.ringlet.uring;

import dev.ringlet.spi.IoRequest;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One slot of the table: a request, or an entry of the driver's own, from the moment it is taken
 * until its last completion was seen. Slots are reused; the generation tells one use from the next.
 *
 * <pre>
 * from     to       when                                                       by
 * FREE     QUEUED   taken; no room in the submission queue                     Submitter
 * FREE     ARMED    taken and written into the submission queue                Submitter
 * FREE     DONE     failed, or done, without the kernel                        Submitter
 * FREE     WAITING  a close while others are in flight on the handle           Canceller
 * QUEUED   ARMED    there is room again                                        Submitter
 * QUEUED   DONE     cancelled                                                  Canceller
 * WAITING  ARMED    nothing is in flight on the handle any more                Submitter
 * ARMED    STARVED  a receive found no buffer                                  Completer
 * STARVED  ARMED    a buffer came back                                         ReceiveBuffers, Submitter
 * STARVED  DONE     cancelled                                                  Canceller
 * ARMED    FREE     last completion seen; of a ZERO_COPY its notification     Completer
 * DONE     FREE     reported                                                   Completer
 * </pre>
 *
 * <p><b>Thread:</b> owner executor.
 */
final class Operation {
  /** Where an operation stands. */
  enum State {
    FREE,
    QUEUED,
    ARMED,
    STARVED,
    WAITING,
    DONE
  }

  /** What it does; all but the first are the driver's own. */
  enum Kind {
    REQUEST,
    CANCEL,
    CANCEL_FILE,
    CANCEL_ALL,
    WAKE,

    /** Watches for the peer's end on behalf of multishot receives. */
    HANGUP,

    /** A send that is complete, but for the kernel still reading its bytes. */
    ZERO_COPY
  }

  /** Which part of a request is with the kernel. */
  enum Step {
    /** All of it. */
    WHOLE,

    /** Of a SEND_FILE: bytes of the file go into the pipe. */
    FILL,

    /** Of a SEND_FILE: bytes of the pipe go to the socket. */
    DRAIN,

    /** Of a SEND_FILE to a pipe, or a RECEIVE_FILE: bytes go from the one to the other. */
    MOVE,

    /** Only a poll until it can go on. */
    WAIT
  }

  /** Native bytes that each slot has for arguments: a socket address, a timespec or a lock. */
  static final int SCRATCH_BYTES = 32;

  final int index;

  /** Memory shared with other slots; this one's begins at {@link #scratchOffset}. */
  final ByteBuffer scratch;

  final int scratchOffset;
  final long scratchAddress;

  int generation = 1;
  State state = State.FREE;
  Kind kind = Kind.REQUEST;
  @Nullable IoRequest request;
  @Nullable UringHandle handle;

  /** The file of a request that is about two handles; {@link #handle} is the socket. */
  @Nullable UringHandle otherHandle;

  Step step = Step.WHOLE;

  /** What the kernel may touch until the last completion. */
  @Nullable Object pinned;

  /** The file descriptor of an operation that has no handle, or not yet. */
  int fd = -1;

  /** A descriptor of its own, which is closed with it; or -1. */
  int ownFd = -1;

  /**
   * Address of an argument outside of the scratch memory; or, of a CANCEL, the user data of its
   * target.
   */
  long argument;

  /** The second argument of operations that have two. */
  long otherArgument;

  /** Size of what {@link #argument} is the address of, for a CONNECT. */
  int argumentBytes;

  /** The place in the ring's table of the memory that is read into or written from. */
  int memorySlot = RegisteredMemory.NONE;

  /** Whether {@link DirectPace} counts it. */
  boolean paced;

  boolean cancelRequested;

  /** A receive that is cancelled only to be armed again, see {@link Canceller#restartReceives}. */
  boolean restart;

  /** Of a SEND: without a copy. It then holds a lease on its buffer, in {@link #pinned}. */
  boolean zeroCopy;

  /** For DONE: what is to be reported. */
  int result;

  @Nullable Object payload;

  /** Links of the one queue it stands in. */
  @Nullable Operation queuePrevious;

  @Nullable Operation queueNext;

  /** Links of the operations of one handle. */
  @Nullable Operation handlePrevious;

  @Nullable Operation handleNext;

  Operation(int index, ByteBuffer scratch, int scratchOffset, long scratchAddress) {
    this.index = index;
    this.scratch = scratch;
    this.scratchOffset = scratchOffset;
    this.scratchAddress = scratchAddress;
  }

  long userData() {
    return UserData.of(index, generation);
  }

  /** The request of a REQUEST; it is there in every state but FREE. */
  IoRequest requireRequest() {
    IoRequest present = request;
    if (present == null) {
      throw new AssertionError("slot " + index + " is " + kind + " and holds no request");
    }
    return present;
  }

  /** Drops all references; a completion that comes after this is stale. */
  void clear() {
    generation = generation == -1 ? 1 : generation + 1;
    state = State.FREE;
    kind = Kind.REQUEST;
    request = null;
    handle = null;
    otherHandle = null;
    step = Step.WHOLE;
    pinned = null;
    fd = -1;
    ownFd = -1;
    argument = 0;
    otherArgument = 0;
    argumentBytes = 0;
    memorySlot = RegisteredMemory.NONE;
    paced = false;
    cancelRequested = false;
    restart = false;
    zeroCopy = false;
    result = 0;
    payload = null;
  }

  @Override
  public String toString() {
    return kind + " " + (request == null ? "" : request.opcode + " ") + state + " in slot " + index;
  }
}
