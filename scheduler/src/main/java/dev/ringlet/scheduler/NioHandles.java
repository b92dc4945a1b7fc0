package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoRequest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The open handles of one driver. Owner executor only. */
final class NioHandles {
  private final NioCompletions completions;
  private final Set<NioHandle> open = new LinkedHashSet<>();

  NioHandles(NioCompletions completions) {
    this.completions = completions;
  }

  NioCompletions completions() {
    return completions;
  }

  void opened(NioHandle handle) {
    open.add(handle);
  }

  void closed(NioHandle handle) {
    open.remove(handle);
  }

  /** Gives a request to the handle it carries. */
  void submit(IoRequest request) {
    NioHandle handle = require(request.handle, request.opcode.toString());
    if (handle.isClosing()) {
      NioOperation operation = new NioOperation(completions, request);
      completions.take(operation);
      completions.end(operation, -Errno.EBADF, null);
    } else {
      handle.submit(request);
    }
  }

  NioFile requireFile(@Nullable IoHandle handle, String purpose) {
    if (require(handle, purpose) instanceof NioFile file) {
      return file;
    }
    throw new IllegalArgumentException(purpose + ": " + handle + " is not a file");
  }

  NioSocketHandle requireSocket(IoHandle handle, String purpose) {
    if (require(handle, purpose) instanceof NioSocketHandle socket) {
      return socket;
    }
    throw new IllegalArgumentException(purpose + ": " + handle + " is not a socket");
  }

  private NioHandle require(@Nullable IoHandle handle, String purpose) {
    if (handle instanceof NioHandle own && own.belongsTo(this)) {
      return own;
    }
    throw new IllegalArgumentException(
        purpose + ": handle " + handle + " is not of this driver; use the driver that opened it");
  }

  void cancelAll() {
    for (NioHandle handle : snapshot()) {
      handle.cancelAll();
    }
  }

  void closeAll() {
    for (NioHandle handle : snapshot()) {
      handle.startClosing();
      handle.closeAtEnd();
    }
  }

  private List<NioHandle> snapshot() {
    return new ArrayList<>(open);
  }
}
