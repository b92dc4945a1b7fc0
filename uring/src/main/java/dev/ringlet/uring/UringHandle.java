package dev.ringlet.uring;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.IoHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open file, listener or connection, and the operations on it. The number of its descriptor is
 * given back to the kernel only when no operation is left, so a number is never reused under an
 * operation.
 *
 * <p><b>Thread:</b> owner executor.
 */
final class UringHandle extends IoHandle {
  /** Life of a handle; it only moves forward. */
  enum Life {
    OPEN,
    CLOSING,
    CLOSED
  }

  final Object driver;
  final int fd;
  final boolean socket;

  /** Of a file: whether it was opened for direct I/O. */
  boolean direct;

  /**
   * An end of a pipe, read and written as files are; its operations wait as those of sockets do.
   */
  boolean pipe;

  /** Of a UDP socket: that of the addresses which it sends to. */
  int family;

  /** Of a Unix listener: what its connections do not inherit from it. */
  @Nullable SocketOptions optionsOfAccepted;

  /**
   * Others have the open file too, maybe through other handles of this driver: it is not ours to
   * cancel all that is in flight on it, nor to say whether it blocks.
   */
  boolean shared;

  Life life = Life.OPEN;

  /** Whether somebody watches, or has watched, for the peer's end. */
  boolean hangupWatched;

  /** The close that waits for the operations to end. */
  @Nullable Operation waitingClose;

  @Nullable Operation firstOperation;

  /** Of a socket: what it sends of a file is on its way through this. */
  @Nullable SplicePipe splicePipe;

  /** Of a socket: {@link Splices} has limited how long the kernel's threads wait for it. */
  boolean sendTimeLimited;

  /** Of a file: what sends it; null until something does. */
  private @Nullable List<Operation> users;

  /** Links of the driver's open handles. */
  @Nullable UringHandle previous;

  @Nullable UringHandle next;

  UringHandle(Object driver, int fd, boolean socket) {
    this.driver = driver;
    this.fd = fd;
    this.socket = socket;
  }

  boolean isIdle() {
    return firstOperation == null && (users == null || users.isEmpty());
  }

  /** An operation of another handle is about this one too. */
  void attachUser(Operation operation) {
    operation.otherHandle = this;
    if (users == null) {
      users = new ArrayList<>(1);
    }
    users.add(operation);
  }

  void detachUser(Operation operation) {
    if (users != null) {
      users.remove(operation);
    }
  }

  /** The operations of other handles that are about this one too. */
  List<Operation> users() {
    return users == null ? List.of() : List.copyOf(users);
  }

  void attach(Operation operation) {
    Operation head = firstOperation;
    operation.handle = this;
    operation.handleNext = head;
    if (head != null) {
      head.handlePrevious = operation;
    }
    firstOperation = operation;
  }

  void detach(Operation operation) {
    Operation before = operation.handlePrevious;
    Operation after = operation.handleNext;
    if (before == null) {
      assert firstOperation == operation : "not of this handle: " + operation;
      firstOperation = after;
    } else {
      before.handleNext = after;
    }
    if (after != null) {
      after.handlePrevious = before;
    }
    operation.handlePrevious = null;
    operation.handleNext = null;
  }

  @Override
  public String toString() {
    return (socket ? "socket " : pipe ? "pipe " : "file ") + fd + " " + life;
  }
}
