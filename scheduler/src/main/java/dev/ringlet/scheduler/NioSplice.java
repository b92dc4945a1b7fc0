package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Bytes on their way between a file and a channel that does not block. A thread for files tries it,
 * again each time when the channel is ready. The outcome goes from there to the owner through
 * {@link NioFiles}; all else is the owner's, but {@link #stopped}.
 */
abstract class NioSplice extends NioSocketOperation implements NioFileWork {
  private final NioFile file;
  private boolean hasFile;

  /** Nobody wants it any more. */
  private volatile boolean stopped;

  private int outcome;
  private @Nullable Throwable failure;

  NioSplice(NioSocketHandle socket, IoRequest request) {
    super(socket, request);
    this.file = socket.home().requireFile(request.otherHandle, request.opcode.toString());
  }

  final NioFile file() {
    return file;
  }

  /** The file is not closed before {@link #leaveFile}. */
  final void takeFile() {
    hasFile = true;
    file.add(this);
  }

  final void leaveFile() {
    if (hasFile) {
      hasFile = false;
      file.remove(this);
    }
  }

  final void start() {
    file.files().execute(this);
  }

  final void stop() {
    stopped = true;
  }

  final boolean isStopped() {
    return stopped;
  }

  /** On a thread for files; {@link NioOutput#WOULD_BLOCK} if the channel is not ready. */
  abstract int transfer() throws IOException;

  /** Owner: it was tried. */
  abstract void tried(int result, @Nullable Throwable cause);

  @Override
  public final void run() {
    try {
      outcome = stopped ? -Errno.ECANCELED : transfer();
      failure = null;
    } catch (Throwable e) { // an Error too: the owner waits for an outcome
      outcome = -NioErrno.of(e);
      failure = e;
    }
    file.files().done(this);
  }

  @Override
  public final void end() {
    tried(outcome, failure);
  }

  /** Whoever has it ends it when the thread lets go of it. */
  @Override
  public final void cancelUnlessBegun() {
    stop();
  }
}
