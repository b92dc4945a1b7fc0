package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoRequest;

/** What a {@link NioDriver} has opened. Owner executor only. */
abstract class NioHandle extends IoHandle {
  private final NioHandles home;

  /** From the CLOSE on; further requests end with EBADF. */
  private boolean closing;

  NioHandle(NioHandles home) {
    this.home = home;
  }

  final NioHandles home() {
    return home;
  }

  final NioCompletions completions() {
    return home.completions();
  }

  final boolean belongsTo(NioHandles handles) {
    return home == handles;
  }

  final boolean isClosing() {
    return closing;
  }

  /** Lets no further request in. */
  final void startClosing() {
    closing = true;
    home.closed(this);
  }

  /** Ends a request at once that this kind of handle does not know. */
  final void refuse(IoRequest request) {
    NioOperation operation = new NioOperation(completions(), request);
    completions().take(operation);
    completions().end(operation, -Errno.EINVAL, null);
  }

  /** Takes a request; the handle is not closing. */
  abstract void submit(IoRequest request);

  /** Ends what is in flight, as far as that is possible. */
  abstract void cancelAll();

  /** At the driver's end, when nothing is in flight and nobody waits for the close. */
  abstract void closeAtEnd();
}
