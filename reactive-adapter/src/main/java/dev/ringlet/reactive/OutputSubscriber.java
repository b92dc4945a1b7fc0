package dev.ringlet.reactive;

import java.util.concurrent.CompletionStage;
import org.reactivestreams.Subscriber;

/**
 * A subscriber that writes what comes to a connection, a pipe or a file; made by {@link
 * Subscribers#toOutput} and {@link Subscribers#toFile}.
 *
 * <p><b>Thread:</b> any thread. For one subscription: a second one is cancelled (rule 2.5).
 *
 * @param <T> the type of the elements
 */
public interface OutputSubscriber<T> extends Subscriber<T> {
  /**
   * How it has ended: with the number of bytes that were written. The kernel has taken them over,
   * and those of a file are durable as {@link Subscribers#toFile} tells.
   *
   * <p>Fails with what the upstream has failed with, after the elements before; with the failure of
   * the output, usually an {@link dev.ringlet.io.IoException}; or with {@link
   * java.util.concurrent.CancellationException}.
   *
   * @return the same stage each time; completed on the executor when the last operation has ended,
   *     elsewhere only if the executor cannot serve the stream any more. Who cancels it as a {@link
   *     java.util.concurrent.CompletableFuture}, as {@code Mono.fromCompletionStage} does, cancels
   *     the stream
   */
  CompletionStage<Long> result();

  /**
   * Cancels the upstream: soon, from the executor. Elements that wait are given back. A write that
   * is under way goes on, so that an output that stays open is not cut in the middle of it; to wait
   * no longer, close the output. Does nothing once the stream has ended; called before the
   * subscription, it has that cancelled when it comes.
   */
  void cancel();
}
