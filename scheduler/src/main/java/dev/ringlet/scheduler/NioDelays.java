package dev.ringlet.scheduler;

import dev.ringlet.spi.IoRequest;
import dev.ringlet.spi.Ticker;
import java.util.PriorityQueue;

/** Requests that wait for nothing but time. Owner executor only. */
final class NioDelays {
  /** About 70 years: far enough for everybody, and differences of deadlines do not overflow. */
  private static final long MAX_NANOS = Long.MAX_VALUE / 4;

  private final NioCompletions completions;
  private final Ticker ticker;
  private final PriorityQueue<Delay> queue = new PriorityQueue<>();
  private long sequence;

  NioDelays(NioCompletions completions, Ticker ticker) {
    this.completions = completions;
    this.ticker = ticker;
  }

  void submit(IoRequest request) {
    long nanos = Math.min(Math.max(0, request.position), MAX_NANOS);
    Delay delay = new Delay(this, request, ticker.nanos() + nanos, sequence++);
    completions.take(delay);
    queue.add(delay);
  }

  /** Ends those whose time has come. Reads the clock only if there are any. */
  void expire() {
    if (queue.isEmpty()) {
      return;
    }
    long now = ticker.nanos();
    for (Delay first = queue.peek(); first != null; first = queue.peek()) {
      if (first.deadline - now > 0) {
        return;
      }
      queue.remove();
      completions.end(first, 0, null);
    }
  }

  /** The time to the next deadline, zero or more; {@link Long#MAX_VALUE} if there is none. */
  long nanosToNext() {
    Delay first = queue.peek();
    return first == null ? Long.MAX_VALUE : Math.max(0, first.deadline - ticker.nanos());
  }

  void cancelAll() {
    for (Delay first = queue.poll(); first != null; first = queue.poll()) {
      completions.cancelled(first);
    }
  }

  /** In the order of the deadlines, with equal ones in the order of their submission. */
  private static final class Delay extends NioOperation implements Comparable<Delay> {
    private final NioDelays delays;
    private final long deadline;
    private final long number;

    Delay(NioDelays delays, IoRequest request, long deadline, long number) {
      super(delays.completions, request);
      this.delays = delays;
      this.deadline = deadline;
      this.number = number;
    }

    @Override
    void cancel() {
      delays.queue.remove(this);
      delays.completions.cancelled(this);
    }

    @Override
    public int compareTo(Delay other) {
      int order = Long.signum(deadline - other.deadline);
      return order != 0 ? order : Long.signum(number - other.number);
    }
  }
}
