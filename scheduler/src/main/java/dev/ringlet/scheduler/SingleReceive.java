package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import org.jspecify.annotations.Nullable;

/**
 * Takes from the input of a connection what is asked for once, not as a subscription. Owner
 * executor only, but for being made.
 */
abstract class SingleReceive<T> extends Operation<T> {
  private final SocketInput input;

  /** Whether it stands in the line of {@link SocketInput}. */
  boolean queued;

  private @Nullable IoBuffer kept;

  SingleReceive(SocketInput input, String name, IoOpcode opcode) {
    super(input.home(), name);
    this.input = input;
    this.opcode = opcode;
    this.handle = input.handle();
  }

  /** What has come; null is the end. */
  abstract void received(@Nullable Object payload);

  /** As {@link #received}, of bytes that came before; they are its own if it {@link #takes} any. */
  abstract void served(IoBuffer bytes);

  /** Whether it takes what it gets, or only looks at it. */
  abstract boolean takes();

  /** Completes it without the driver. */
  final void serve(IoBuffer bytes) {
    kept = bytes;
    complete(0, null);
  }

  @Override
  final String subject() {
    return input.subject();
  }

  @Override
  final void begin() {
    input.begin(this);
  }

  @Override
  final boolean leavesQueue() {
    return queued;
  }

  @Override
  final boolean step(int result, @Nullable Object payload) {
    IoBuffer bytes = kept;
    if (bytes != null) {
      kept = null;
      served(bytes);
      return true;
    }
    if (result >= 0) {
      received(payload);
      return true;
    }
    boolean passes = result == -Errno.EINTR || result == -Errno.EAGAIN;
    if (passes && !isCancelled()) {
      submit();
      return false;
    }
    fail(passes ? -Errno.ECANCELED : result, payload);
    return true;
  }

  @Override
  final void ended() {
    input.ended(this);
  }
}
