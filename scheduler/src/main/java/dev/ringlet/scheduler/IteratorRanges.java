package dev.ringlet.scheduler;

import dev.ringlet.io.FileRange;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Ranges of an iterator, which is asked for one at a time. Owner executor only. */
final class IteratorRanges extends RangeSource {
  private final Iterator<? extends FileRange> iterator;
  private @Nullable FileRange head;
  private @Nullable Throwable failure;
  private boolean ended;

  IteratorRanges(Iterator<? extends FileRange> iterator) {
    this.iterator = iterator;
  }

  /** What it throws ends the ranges, after those before. */
  @Override
  @Nullable FileRange peekNew() {
    if (head == null && !ended) {
      try {
        head = advance();
      } catch (Throwable thrown) {
        Failures.rethrowFatal(thrown);
        failure = thrown;
      }
      ended = head == null;
    }
    return head;
  }

  private @Nullable FileRange advance() {
    return iterator.hasNext()
        ? Objects.requireNonNull(iterator.next(), "the iterator gave null; give ranges")
        : null;
  }

  @Override
  void removeNew() {
    head = null;
  }

  @Override
  boolean hasNoNew() {
    return ended && head == null;
  }

  @Override
  @Nullable Throwable failure() {
    return failure;
  }

  @Override
  void close() {
    ended = true;
    head = null;
  }
}
