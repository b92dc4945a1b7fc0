package dev.ringlet.reactive;

import dev.ringlet.io.IoException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A write under way; takes its outcome, and then is the message that tells of it. */
final class Write implements BiFunction<@Nullable Object, @Nullable IoException, Object> {
  private final int elements;
  private final long bytes;
  private @Nullable IoException failure;

  Write(int elements, long bytes) {
    this.elements = elements;
    this.bytes = bytes;
  }

  @Override
  public Object apply(@Nullable Object value, @Nullable IoException thrown) {
    failure = thrown;
    return this;
  }

  int elements() {
    return elements;
  }

  long bytes() {
    return bytes;
  }

  @Nullable IoException failure() {
    return failure;
  }
}
