package dev.ringlet.scheduler;

import dev.ringlet.spi.IoRequest;
import org.jspecify.annotations.Nullable;

/**
 * One request from its submission to its last completion; the request's {@code driverState}.
 *
 * <pre>
 * from       to         by
 * PENDING    ENDED      NioCompletions.end: the outcome is known and waits to be reported
 * PENDING    REPORTED   NioCompletions.finish: outcome known while polling
 * ENDED      REPORTED   NioCompletions.reportEnded
 * </pre>
 *
 * <p>Owner executor only.
 */
class NioOperation {
  private final NioCompletions home;
  final IoRequest request;

  /** Link of the one {@link NioOperationQueue} it stands in. */
  @Nullable NioOperation next;

  private boolean pending = true;
  private int result;
  private @Nullable Object payload;

  NioOperation(NioCompletions home, IoRequest request) {
    this.home = home;
    this.request = request;
  }

  final boolean belongsTo(NioCompletions completions) {
    return home == completions;
  }

  /** Whether the outcome is still open. */
  final boolean isPending() {
    return pending;
  }

  final void endedWith(int endResult, @Nullable Object endPayload) {
    assert pending : this + " ended twice";
    pending = false;
    result = endResult;
    payload = endPayload;
  }

  final int result() {
    return result;
  }

  final @Nullable Object payload() {
    return payload;
  }

  /** Ends a pending operation early if that is possible; this kind cannot be ended early. */
  void cancel() {}

  @Override
  public final String toString() {
    return request.opcode + (pending ? " pending" : " ended with " + result);
  }
}
