package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a file on their way to a channel that does not block. A thread for files tries it, again
 * each time when there is room. The outcome goes from there to the owner through {@link NioFiles};
 * all else is the owner's, but {@link #stopped}.
 */
final class NioFileSend extends NioSocketOperation implements NioFileWork {
  private final NioOutput output;
  private final NioFile file;
  private boolean hasFile;

  /** Nobody wants it any more. */
  private volatile boolean stopped;

  private int outcome;
  private @Nullable Throwable failure;

  NioFileSend(NioSocketHandle socket, NioOutput output, IoRequest request) {
    super(socket, request);
    this.output = output;
    this.file = socket.home().requireFile(request.otherHandle, "SEND_FILE");
  }

  boolean fileIsClosing() {
    return file.isClosing();
  }

  /** The file is not closed before {@link #leaveFile}. */
  void takeFile() {
    hasFile = true;
    file.isSourceOf(this);
  }

  void leaveFile() {
    if (hasFile) {
      hasFile = false;
      file.noSource(this);
    }
  }

  void start() {
    file.files().execute(this);
  }

  void stop() {
    stopped = true;
  }

  boolean isStopped() {
    return stopped;
  }

  @Override
  public void run() {
    try {
      outcome = stopped ? -Errno.ECANCELED : transfer();
      failure = null;
    } catch (Throwable e) { // an Error too: the owner waits for an outcome
      outcome = -NioErrno.of(e);
      failure = e;
    }
    file.files().done(this);
  }

  /** Zero bytes mean that the file is at its end, or the channel full. */
  private int transfer() throws IOException {
    long position = request.position;
    int length = request.length;
    long sent = file.channel().transferTo(position, length, output.channel());
    if (sent > 0) {
      return (int) sent;
    }
    long size = file.channel().size();
    if (size == 0 && length > 0) {
      // Files that the kernel makes up as they are read tell no size.
      return -Errno.EOPNOTSUPP;
    }
    return length == 0 || position >= size ? 0 : NioOutput.WOULD_BLOCK;
  }

  @Override
  public void end() {
    output.tried(this, outcome, failure);
  }

  /** It tells the channel's end what to do; the thread need not. */
  @Override
  public void cancelUnlessBegun() {
    stop();
  }
}
