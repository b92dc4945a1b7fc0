package dev.ringlet.scheduler;

import dev.ringlet.io.FileRange;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The ranges that a feed of parts is to read, in their order. Owner executor only. */
abstract class RangeSource {
  /** Those that were taken and are to be read once more. */
  private final ArrayDeque<FileRange> again = new ArrayDeque<>(0);

  /** The feed may ask from now on. */
  void begin(PartFeed feed) {}

  /** The next new one, which stays; null if it is not here, or never comes. In a turn. */
  abstract @Nullable FileRange peekNew();

  /** The one that {@link #peekNew} gave is taken. */
  abstract void removeNew();

  /** Whether no new one comes any more and none is here. No user code. */
  abstract boolean hasNoNew();

  /** Why no new one comes, if that is no regular end. */
  abstract @Nullable Throwable failure();

  /** Parts are wanted by whoever has had enough before. */
  void awake() {}

  /** Nobody asks any more. */
  abstract void close();

  final @Nullable FileRange peek() {
    FileRange first = again.peek();
    return first != null ? first : peekNew();
  }

  /** The one that {@link #peek} gave is taken. */
  final void remove() {
    if (again.poll() == null) {
      removeNew();
    }
  }

  /** One that was taken is the next again. */
  final void putBack(FileRange range) {
    again.addFirst(range);
  }

  final boolean isExhausted() {
    return again.isEmpty() && hasNoNew();
  }
}
