package dev.ringlet.testkit.sim;

/** Decides at each point where something may go wrong whether it does. The simulation's thread. */
@SuppressWarnings("UnusedVariable")
final class Faults {
  /** What an operation takes when nothing is slow. */
  private static final long MOST_LATENCY_NANOS = 200_000;

  private final FaultPlan plan;
  private final SimRandom random;
  private final SimClock clock;
  private final Trace trace;

  Faults(FaultPlan plan, long seed, SimClock clock, Trace trace) {
    this.plan = plan;
    this.random = new SimRandom(seed, "faults");
    this.clock = clock;
    this.trace = trace;
  }

  /** The error that the kernel gives in place of beginning with it; 0 for none. */
  int errno(SimOperation operation) {
    return 0;
  }

  /** How long until the kernel does it. */
  long latencyNanos(SimOperation operation) {
    return random.between(1_000, MOST_LATENCY_NANOS);
  }

  /** How long until what it has come to is seen. */
  long completionDelayNanos(SimOperation operation) {
    return 0;
  }

  /** Whether a cancel is in time for an operation that has not been executed. */
  boolean cancelWins(SimOperation operation) {
    return random.chance(0.5);
  }

  /** Whether a multishot request ends with what it has got, although more may come. */
  boolean endsMultishot(SimOperation operation) {
    return false;
  }

  /** How long a packet takes from one end to the other. */
  long networkLatencyNanos(long least, long most) {
    return random.between(least, most);
  }

  /** How many bytes of those that a connection may send go in one segment. */
  int segmentBytes(int most) {
    return most;
  }

  boolean losesDatagram() {
    return false;
  }

  boolean duplicatesDatagram() {
    return false;
  }

  /** How many bytes of a read, write, send or receive are done at once. */
  int length(SimOperation operation, int wanted) {
    return wanted;
  }
}
