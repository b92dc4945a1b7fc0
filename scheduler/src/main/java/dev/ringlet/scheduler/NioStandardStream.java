package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A standard stream of the process. What blocks on it is done by threads of the process's, which
 * end neither with this nor with the driver. Owner executor only.
 */
final class NioStandardStream extends NioHandle {
  private final NioFiles files;
  private final int descriptor;
  private final List<NioOperation> inFlight = new ArrayList<>(1);
  private @Nullable NioOperation waitingClose;

  private NioStandardStream(NioFiles files, int descriptor) {
    super(files.handles());
    this.files = files;
    this.descriptor = descriptor;
  }

  static void open(NioFiles files, IoRequest request) {
    int descriptor = Objects.checkIndex(request.length, NioStandardOutput.DESCRIPTORS);
    NioHandles handles = files.handles();
    NioOperation open = new NioOperation(handles.completions(), request);
    handles.completions().take(open);
    NioStandardStream stream = new NioStandardStream(files, descriptor);
    handles.opened(stream);
    handles.completions().end(open, 0, stream);
  }

  NioFiles files() {
    return files;
  }

  @Override
  void submit(IoRequest request) {
    boolean input = descriptor == 0;
    switch (request.opcode) {
      case RECEIVE -> {
        if (input) {
          NioStandardRead read = new NioStandardRead(this, request);
          begin(read);
          NioStandardInput.PROCESS.take(read);
        } else {
          refuse(request);
        }
      }
      case SEND, SEND_VECTOR -> {
        if (input) {
          refuse(request);
        } else {
          NioStandardWrite write = new NioStandardWrite(this, request);
          begin(write);
          NioStandardOutput.of(descriptor).execute(write);
        }
      }
      case SEND_FILE -> {
        NioOperation send = new NioOperation(completions(), request);
        completions().take(send);
        completions().end(send, -Errno.EOPNOTSUPP, null);
      }
      case CLOSE -> close(request);
      default -> refuse(request);
    }
  }

  private void begin(NioOperation operation) {
    completions().take(operation);
    inFlight.add(operation);
  }

  /** Ends one of those in flight, once. */
  void end(NioOperation operation, int result, @Nullable Object payload) {
    inFlight.remove(operation);
    completions().end(operation, result, payload);
    NioOperation close = waitingClose;
    if (close != null && inFlight.isEmpty()) {
      waitingClose = null;
      completions().end(close, 0, null);
    }
  }

  private void close(IoRequest request) {
    NioOperation close = new NioOperation(completions(), request);
    completions().take(close);
    startClosing();
    cancelAll();
    if (inFlight.isEmpty()) {
      completions().end(close, 0, null);
    } else {
      waitingClose = close;
    }
  }

  /** For a close, of this or of the driver. */
  @Override
  void cancelAll() {
    for (NioOperation each : List.copyOf(inFlight)) {
      if (each instanceof NioStandardWrite write) {
        write.forsake();
      } else {
        each.cancel();
      }
    }
  }

  /** The process's descriptor stays. */
  @Override
  void closeAtEnd() {}

  @Override
  public String toString() {
    return "standard stream " + descriptor;
  }
}
