package dev.ringlet.uring;

import org.jspecify.annotations.Nullable;

/** The open handles of a driver, linked through themselves. <b>Thread:</b> owner executor. */
final class HandleList {
  private @Nullable UringHandle first;

  void add(UringHandle handle) {
    UringHandle head = first;
    handle.next = head;
    if (head != null) {
      head.previous = handle;
    }
    first = handle;
  }

  void remove(UringHandle handle) {
    UringHandle before = handle.previous;
    UringHandle after = handle.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
    handle.previous = null;
    handle.next = null;
  }

  /** Closes the descriptors of what is still open; nothing is in flight on them. */
  void closeAll() {
    while (first != null) {
      UringHandle handle = first;
      remove(handle);
      handle.life = UringHandle.Life.CLOSED;
      SplicePipe pipe = handle.splicePipe;
      if (pipe != null) {
        handle.splicePipe = null;
        pipe.close();
      }
      Libc.close(handle.fd);
    }
  }
}
