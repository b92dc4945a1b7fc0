package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import org.jspecify.annotations.Nullable;

/** Ticks at a fixed rate, one delay at a time. Owner executor only. */
final class TickSource extends StreamSource<Long> {
  private final long intervalNanos;
  private long firstNanos;

  /** The number of the tick that comes next. */
  private long number;

  TickSource(CoreExecutor executor, long intervalNanos) {
    super(executor);
    this.intervalNanos = intervalNanos;
  }

  @Override
  void prepare(IoRequest request) {
    request.opcode = IoOpcode.DELAY;
    firstNanos = now() + intervalNanos;
    number = 0;
  }

  /** A tick that is due already comes at once, and stands for those that were missed. */
  @Override
  void beforeArm(IoRequest request) {
    long late = now() - firstNanos - number * intervalNanos;
    if (late >= intervalNanos) {
      number += late / intervalNanos;
    }
    request.position = Math.max(0, -late);
    request.flags = 0;
  }

  private long now() {
    return home().ticker().nanos();
  }

  @Override
  @Nullable Long element(int result, @Nullable Object payload) {
    return number++;
  }

  @Override
  Verdict verdict(int errno) {
    return errno == Errno.ECANCELED ? Verdict.END : Verdict.FAIL;
  }

  @Override
  String operation() {
    return "ticks";
  }

  @Override
  String subject() {
    return "every " + intervalNanos + " ns";
  }

  @Override
  public void discard(Long tick) {
    // A number holds nothing.
  }
}
