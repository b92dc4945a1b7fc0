package dev.ringlet.scheduler;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FileDraft;
import dev.ringlet.io.IoException;
import dev.ringlet.io.OutputOptions;
import dev.ringlet.spi.Errno;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Creates a draft beside the place of its file. Owner executor only. */
final class DraftOpen extends Operation<FileDraft> {
  private final Path place;
  private final OutputOptions settings;
  private boolean over;

  DraftOpen(CoreExecutor executor, Path place, OutputOptions options) {
    super(executor, "draft");
    this.place = place;
    this.settings =
        new OutputOptions(
            options.from(),
            options.bufferBytes(),
            options.maxBehind(),
            options.concurrency(),
            true);
  }

  @Override
  String subject() {
    return place.toString();
  }

  @Override
  void begin() {
    String number = Long.toHexString(executor().system().random().nextLong());
    Path draft = place.resolveSibling("." + place.getFileName() + "." + number + ".draft");
    Operation<AsyncFile> open =
        (Operation<AsyncFile>)
            executor().io().open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    open.then(this::opened);
  }

  private void opened(Operation<AsyncFile> open) {
    IoException reason = open.failure();
    if (reason == null) {
      AsyncFile file = Objects.requireNonNull(open.value());
      Draft draft = new Draft(executor(), place, file, file.output(settings));
      if (over) {
        discard(draft);
      } else if (!executor().takesIo()) {
        discard(draft);
        complete(-Errno.ECANCELED, null);
      } else {
        complete(0, draft);
      }
    } else if (!over) {
      complete(-reason.errno(), reason);
    }
  }

  @Override
  boolean step(int result, @Nullable Object payload) {
    over = true;
    if (result < 0) {
      fail(result, payload);
    } else {
      succeed((FileDraft) payload);
    }
    return true;
  }

  /** The file that is being opened is deleted when it is there, also if the system ends first. */
  @Override
  boolean leavesQueue() {
    return true;
  }

  @Override
  void discard(FileDraft draft) {
    if (executor().takesIo()) {
      draft.discard().toCompletionStage();
    } else {
      LastNames.delete(draft.output().file().path());
    }
  }
}
