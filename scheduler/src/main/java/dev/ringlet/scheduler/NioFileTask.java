package dev.ringlet.scheduler;

import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One file operation. A thread of the pool claims it and runs it, or the owner claims it and
 * cancels it; whoever comes second leaves it alone. The fields of the outcome go from the pool to
 * the owner through {@link NioFiles#done}.
 */
final class NioFileTask extends NioOperation implements NioFileWork {
  private final NioFiles files;
  private final @Nullable NioFile file;
  private final AtomicBoolean claimed = new AtomicBoolean();
  private int outcome;
  private @Nullable Object outcomePayload;

  NioFileTask(NioFiles files, @Nullable NioFile file, IoRequest request) {
    super(files.handles().completions(), request);
    this.files = files;
    this.file = file;
  }

  /** A thread of the pool. */
  @Override
  public void run() {
    if (!claimed.compareAndSet(false, true)) {
      return;
    }
    try {
      outcome = perform();
    } catch (Throwable e) { // an Error too: the owner waits for an outcome
      outcome = -NioErrno.of(e);
      outcomePayload = e;
    }
    files.done(this);
  }

  private int perform() throws IOException {
    if (file == null) {
      boolean opens = request.opcode == IoOpcode.OPEN;
      outcomePayload = opens ? NioOpening.open(request) : NioPaths.perform(request);
      return 0;
    }
    return perform(file);
  }

  private int perform(NioFile target) throws IOException {
    switch (request.opcode) {
      case READ -> {
        return Math.max(0, target.channel().read(NioMemory.slice(request), request.position));
      }
      case WRITE -> {
        return target.write(NioMemory.slice(request), request.position);
      }
      case READ_VECTOR, WRITE_VECTOR -> {
        return target.transfer(request);
      }
      case LOCK -> {
        return target.locks().perform(request);
      }
      case DATA_SYNC, SYNC_RANGE -> target.channel().force(false);
      case SYNC -> target.channel().force(true);
      case ALLOCATE ->
          throw new NioUnsupportedException(
              "NIO can neither reserve nor give back blocks; use the io_uring driver, or write"
                  + " zeros");
      case TRUNCATE -> target.truncate(request.position);
      case SIZE -> outcomePayload = target.channel().size();
      case STAT -> outcomePayload = target.stat();
      case CLOSE -> target.channel().close();
      default -> throw new AssertionError(request.opcode);
    }
    return 0;
  }

  @Override
  public void end() {
    if (outcomePayload instanceof NioOpening opening) {
      outcomePayload = new NioFile(files, opening);
    }
    files.handles().completions().end(this, outcome, outcomePayload);
    leaveFile();
  }

  /** Owner. A close is on its way out and is not stopped. */
  @Override
  void cancel() {
    if (request.opcode != IoOpcode.CLOSE && claimed.compareAndSet(false, true)) {
      files.handles().completions().cancelled(this);
      leaveFile();
    }
  }

  @Override
  public void cancelUnlessBegun() {
    cancel();
  }

  private void leaveFile() {
    if (file != null) {
      file.ended(this);
    }
  }
}
