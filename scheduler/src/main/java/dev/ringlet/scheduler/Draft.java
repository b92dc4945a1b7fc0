package dev.ringlet.scheduler;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FileDraft;
import dev.ringlet.io.FileOutput;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A file that is written beside its place and moved there. Owner executor only, but for making
 * operations.
 *
 * <pre>
 * from       to         by
 * OPEN       ENDING     the first seal or discard: close the output, then move or delete
 * ENDING     SEALED     moved, the directory synced
 * ENDING     GONE       deleted, wanted so or because something failed
 * </pre>
 */
final class Draft implements FileDraft {
  private enum Phase {
    OPEN,
    ENDING,
    SEALED,
    GONE
  }

  private static final String DELETE = "delete";

  private final CoreExecutor executor;
  private final Path path;
  private final Path draft;
  private final FileOutput output;
  private final List<Ending<?>> waiting = new ArrayList<>();
  private Phase phase = Phase.OPEN;
  private boolean discards;
  private @Nullable IoException failure;

  Draft(CoreExecutor executor, Path path, AsyncFile file, FileOutput output) {
    this.executor = executor;
    this.path = path;
    this.draft = file.path();
    this.output = output;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public FileOutput output() {
    return output;
  }

  @Override
  public IoOp<AsyncFile> seal() {
    return new Seal();
  }

  @Override
  public IoOp<Void> discard() {
    return new Discard();
  }

  private void begin(Ending<?> ending, boolean discard) {
    if (phase == Phase.SEALED || phase == Phase.GONE) {
      ending.reached();
      return;
    }
    waiting.add(ending);
    if (phase == Phase.OPEN) {
      phase = Phase.ENDING;
      discards = discard;
      ((Operation<Long>) output.close()).then(this::closed);
    }
  }

  private void closed(Operation<Long> close) {
    failure = close.failure();
    if (discards || failure != null) {
      delete();
    } else {
      offload("rename", this::move).then(this::moved);
    }
  }

  private void moved(Operation<Boolean> move) {
    failure = move.failure();
    if (failure != null) {
      delete();
    } else {
      reached(Phase.SEALED);
    }
  }

  private void delete() {
    offload(DELETE, () -> Files.deleteIfExists(draft)).then(this::deleted);
  }

  private void deleted(Operation<Boolean> delete) {
    if (!executor.takesIo()) {
      LastNames.delete(draft);
    }
    if (failure == null) {
      failure = delete.failure();
    }
    reached(Phase.GONE);
  }

  private void reached(Phase end) {
    phase = end;
    List<Ending<?>> told = List.copyOf(waiting);
    waiting.clear();
    told.forEach(Ending::reached);
  }

  private Operation<Boolean> offload(String name, Callable<Boolean> work) {
    return new OffloadOperation<>(executor, name, draft.toString(), work, done -> {});
  }

  /** On a thread that may block. The name is durable when the directory is. */
  private boolean move() throws IOException {
    Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(directory())) {
      directory.force(true);
    }
    return true;
  }

  private Path directory() {
    Path parent = path.getParent();
    return parent == null ? Path.of(".") : parent;
  }

  /** Waits for the end of the draft; that comes also if nobody waits any more. */
  private abstract class Ending<T> extends Operation<T> {
    Ending(String name) {
      super(Draft.this.executor, name);
    }

    /** The draft is sealed or gone. */
    abstract void reached();

    @Override
    final String subject() {
      return Draft.this.path.toString();
    }

    @Override
    final boolean leavesQueue() {
      return true;
    }

    @Override
    final void ended() {
      waiting.remove(this);
    }

    final void refuse(IoException reason) {
      complete(-reason.errno(), reason);
    }
  }

  private final class Seal extends Ending<AsyncFile> {
    private boolean over;

    Seal() {
      super("seal");
    }

    @Override
    void begin() {
      Draft.this.begin(this, false);
    }

    @Override
    void reached() {
      IoException reason = failure;
      if (reason != null) {
        refuse(reason);
      } else if (phase == Phase.GONE) {
        complete(-Errno.ENOENT, null);
      } else {
        ((Operation<AsyncFile>) executor().io().open(Draft.this.path)).then(this::opened);
      }
    }

    private void opened(Operation<AsyncFile> open) {
      IoException reason = open.failure();
      if (over) {
        open.undelivered();
      } else if (reason != null) {
        refuse(reason);
      } else {
        complete(0, open.value());
      }
    }

    @Override
    boolean step(int result, @Nullable Object payload) {
      over = true;
      if (result < 0) {
        fail(result, payload);
      } else {
        succeed((AsyncFile) payload);
      }
      return true;
    }

    @Override
    void discard(AsyncFile file) {
      file.close().toCompletionStage();
    }
  }

  private final class Discard extends Ending<Void> {
    Discard() {
      super("discard");
    }

    @Override
    void begin() {
      Draft.this.begin(this, true);
    }

    /** That what is thrown away could not be written is no failure. */
    @Override
    void reached() {
      IoException reason = failure;
      if (reason != null && reason.operation().equals(DELETE)) {
        refuse(reason);
      } else {
        complete(0, null);
      }
    }

    @Override
    boolean step(int result, @Nullable Object payload) {
      if (result < 0) {
        fail(result, payload);
      }
      return true;
    }
  }
}
