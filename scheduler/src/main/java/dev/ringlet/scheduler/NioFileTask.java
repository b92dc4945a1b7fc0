package dev.ringlet.scheduler;

import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One file operation. A thread of the pool claims it and runs it, or the owner claims it and
 * cancels it; whoever comes second leaves it alone. The fields of the outcome go from the pool to
 * the owner through {@link NioFiles#done}.
 */
final class NioFileTask extends NioOperation implements Runnable {
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
    if (request.opcode == IoOpcode.OPEN) {
      outcomePayload = FileChannel.open(Objects.requireNonNull(request.path), options());
      return 0;
    }
    NioFile target = Objects.requireNonNull(file);
    switch (request.opcode) {
      case READ -> {
        return Math.max(0, target.channel().read(NioMemory.slice(request), request.position));
      }
      case WRITE -> {
        return target.write(NioMemory.slice(request), request.position);
      }
      case DATA_SYNC -> target.channel().force(false);
      case TRUNCATE -> target.truncate(request.position);
      case SIZE -> outcomePayload = target.channel().size();
      case CLOSE -> target.channel().close();
      default -> throw new AssertionError(request.opcode);
    }
    return 0;
  }

  private Set<OpenOption> options() {
    Set<OpenOption> options = new HashSet<>();
    add(options, IoRequest.OPEN_READ, StandardOpenOption.READ);
    add(options, IoRequest.OPEN_WRITE, StandardOpenOption.WRITE);
    add(options, IoRequest.OPEN_CREATE, StandardOpenOption.CREATE);
    add(options, IoRequest.OPEN_CREATE_NEW, StandardOpenOption.CREATE_NEW);
    add(options, IoRequest.OPEN_TRUNCATE, StandardOpenOption.TRUNCATE_EXISTING);
    add(options, IoRequest.OPEN_DATA_SYNC, StandardOpenOption.DSYNC);
    add(options, IoRequest.OPEN_SYNC, StandardOpenOption.SYNC);
    return options;
  }

  private void add(Set<OpenOption> options, int flag, OpenOption option) {
    if ((request.flags & flag) != 0) {
      options.add(option);
    }
  }

  /** Owner: the pool has done it. */
  void end() {
    if (outcomePayload instanceof FileChannel channel) {
      outcomePayload = new NioFile(files, channel);
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

  private void leaveFile() {
    if (file != null) {
      file.ended(this);
    }
  }
}
