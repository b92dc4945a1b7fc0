package dev.ringlet.reactive;

import dev.ringlet.io.IoException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How much was written, or why not all. Owner executor only. */
final class WriteOutcome {
  private long bytes;
  private @Nullable Throwable failure;
  private boolean outputFailed;

  void written(long count) {
    bytes += count;
  }

  /** The first failure counts; null is none. */
  void failed(@Nullable Throwable thrown) {
    if (failure == null) {
      failure = thrown;
    }
  }

  /** Of the output, a second failure tells nothing new, and what was cancelled here neither. */
  void outputFailed(IoException thrown) {
    Throwable first = failure;
    if (first == null) {
      failure = thrown;
    } else if (!outputFailed && !thrown.isCancelled()) {
      first.addSuppressed(thrown);
    }
    outputFailed = true;
  }

  boolean isRegular() {
    return failure == null;
  }

  void tell(CompletableFuture<Long> result) {
    Throwable thrown = failure;
    if (thrown == null) {
      result.complete(bytes);
    } else {
      result.completeExceptionally(thrown);
    }
  }
}
