package dev.ringlet.uring;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;

/**
 * Ends operations early, and handles with all that is in flight on them. A cancelled operation
 * still completes: until then the kernel has its memory. <b>Thread:</b> owner executor.
 */
final class Canceller {
  private final OperationTable table;
  private final Submitter submitter;

  Canceller(OperationTable table, Submitter submitter) {
    this.table = table;
    this.submitter = submitter;
  }

  /** Cancels a request, if it is with this driver. A close cannot be cancelled. */
  void cancel(IoRequest request) {
    int slot = request.driverSlot;
    if (slot < 0 || slot >= table.capacity() || request.opcode == IoOpcode.CLOSE) {
      return;
    }
    Operation operation = table.slot(slot);
    if (operation.request == request) {
      cancel(operation);
    }
  }

  private void cancel(Operation operation) {
    switch (operation.state) {
      case QUEUED, STARVED -> cancelHere(operation);
      case ARMED -> {
        if (!operation.cancelRequested) {
          operation.cancelRequested = true;
          cancelInKernel(operation);
        }
      }
      default -> {} // it completes anyhow
    }
  }

  private void cancelHere(Operation operation) {
    operation.cancelRequested = true;
    Preparation.dropSocket(operation);
    submitter.finish(operation, -Errno.ECANCELED, null);
  }

  private void cancelInKernel(Operation target) {
    Operation cancel = submitter.takeInternal(Operation.Kind.CANCEL);
    cancel.argument = target.userData();
    submitter.arm(cancel); // it needs no handle: that may go elsewhere as soon as the target ends
  }

  /**
   * Closes a handle as soon as nothing is in flight on it. Sockets are cancelled as a whole, unless
   * others have them too: the kernel would cancel what is in flight for those. Of a file only that
   * is cancelled which does not change it: its writes complete regularly.
   */
  void close(UringHandle handle, Operation close) {
    handle.life = UringHandle.Life.CLOSING;
    boolean armed = false;
    Operation next;
    for (Operation operation = handle.firstOperation; operation != null; operation = next) {
      next = operation.handleNext;
      if (handle.shared) {
        cancelRequest(operation);
      } else if (handle.socket || handle.pipe) {
        armed |= endOnSocket(operation);
      } else if (isRead(operation)) {
        cancel(operation);
      }
    }
    if (armed) {
      cancelFile(handle);
    }
    handle.users().forEach(this::cancel);
    if (handle.isIdle()) {
      submitter.arm(close);
    } else {
      handle.waitingClose = close;
    }
  }

  private void cancelRequest(Operation operation) {
    if (operation.kind == Operation.Kind.REQUEST) {
      cancel(operation);
    } else if (operation.kind == Operation.Kind.HANGUP && !operation.cancelRequested) {
      operation.cancelRequested = true;
      cancelInKernel(operation); // reaches it also if both are still in the backlog
    }
  }

  /**
   * Returns true if the operation is with the kernel, or is before the cancellation gets there,
   * where all of the socket are cancelled at once.
   */
  private boolean endOnSocket(Operation operation) {
    if (operation.kind != Operation.Kind.REQUEST) {
      return operation.kind == Operation.Kind.HANGUP;
    }
    if (operation.state == Operation.State.ARMED) {
      operation.cancelRequested = true;
      return true;
    }
    cancel(operation);
    return false;
  }

  private static boolean isRead(Operation operation) {
    IoRequest request = operation.request;
    if (request == null) {
      return false;
    }
    return switch (request.opcode) {
      case READ, READ_VECTOR, SIZE, STAT -> true;
      default -> false;
    };
  }

  private void cancelFile(UringHandle handle) {
    Operation cancel = submitter.takeInternal(Operation.Kind.CANCEL_FILE);
    cancel.fd = handle.fd;
    handle.attach(cancel);
    submitter.arm(cancel);
  }

  /**
   * Arms the receives of a socket anew, because its peer has ended: one that has slept through it
   * finds it out at once.
   */
  void restartReceives(UringHandle handle) {
    for (Operation operation = handle.firstOperation;
        operation != null;
        operation = operation.handleNext) {
      if (isReceive(operation)
          && operation.state == Operation.State.ARMED
          && !operation.cancelRequested) {
        operation.restart = true;
        cancelInKernel(operation);
      }
    }
  }

  private static boolean isReceive(Operation operation) {
    IoRequest request = operation.request;
    return request != null && request.opcode == IoOpcode.RECEIVE;
  }

  /** Cancels whatever the kernel has. */
  void cancelAll() {
    submitter.arm(submitter.takeInternal(Operation.Kind.CANCEL_ALL));
  }
}
