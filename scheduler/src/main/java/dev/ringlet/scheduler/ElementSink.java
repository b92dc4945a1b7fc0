package dev.ringlet.scheduler;

import dev.ringlet.io.IoException;
import org.jspecify.annotations.Nullable;

/**
 * Takes the elements of a stream that another one is made of, on the spot and not through a
 * mailbox. No user code. Owner executor only.
 */
interface ElementSink<T> {
  /** An element that was asked for; it may be called before the request returns. */
  void element(T element);

  /** Nothing comes any more; null for the regular end. */
  void ended(@Nullable IoException failure);
}
