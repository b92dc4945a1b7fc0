package dev.ringlet.testkit.sim;

import dev.ringlet.io.IoBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a TCP connection. All of its bytes are in one queue: first those that have
 * arrived and were not received, then those under way, then those that wait for the other side's
 * window. What was lost on the way waits again, and is sent again when there is a way. The
 * simulation's thread.
 */
final class SimTcpFlow {
  /** How long Linux repeats what is not acknowledged: {@code tcp_retries2}. */
  static final long GIVE_UP_NANOS = 924_600_000_000L;

  private static final long LEAST_REPEAT_NANOS = 1_000_000;
  private static final long FIRST_REPEAT_NANOS = 200_000_000;
  private static final long MOST_REPEAT_NANOS = 120_000_000_000L;

  private final SimNetwork network;
  private final SimTcp from;
  private final ByteQueue bytes = new ByteQueue();
  private final ArrayDeque<Borrowed> borrowed = new ArrayDeque<>(0);
  private int arrived;
  private int flying;
  private Mark greeting = Mark.NONE;
  private Mark end = Mark.NONE;

  /** Nothing is sent any more. */
  private boolean stopped;

  /** A reset is the last that is sent. */
  private boolean resetting;

  /** Of the last segment under way: none overtakes another. */
  private long lastArrival;

  /** Segments of earlier ones are lost. */
  private int epoch;

  /** While there is no way to the other side: until when it is tried. */
  private Agenda.@Nullable Entry givesUp;

  private long stalledAt;

  /** What has its place among the bytes, but is none. */
  private enum Mark {
    NONE,
    WAITS,
    FLIES,
    ARRIVED
  }

  private enum Kind {
    GREETING,
    BYTES,
    END,
    RESET
  }

  /** Bytes that stay with the sender's buffer until they have arrived. */
  private static final class Borrowed {
    private final IoBuffer buffer;
    private final ByteBuffer rest;
    private final long checksum;
    private long position;

    private Borrowed(IoBuffer buffer, ByteBuffer rest, long position) {
      this.buffer = buffer;
      this.rest = rest;
      this.checksum = SimMemory.checksum(new ByteBuffer[] {rest});
      this.position = position;
    }
  }

  SimTcpFlow(SimNetwork network, SimTcp from) {
    this.network = network;
    this.from = from;
  }

  // ---- the sender

  int room() {
    return Math.max(0, from.sendLimit() - (bytes.size() - arrived));
  }

  void send(ByteBuffer source) {
    bytes.put(source);
    push();
  }

  /** Takes the bytes when they arrive; holds the buffer until then. */
  void sendLater(IoBuffer buffer, ByteBuffer source) {
    borrowed.add(new Borrowed(buffer.retain(), source, bytes.tail()));
    bytes.reserve(source.remaining());
    push();
  }

  /** The answer to the request for a connection, before all bytes. */
  void greet() {
    greeting = Mark.WAITS;
    push();
  }

  /** The end, behind all bytes. */
  void end() {
    if (end == Mark.NONE) {
      end = Mark.WAITS;
      push();
    }
  }

  boolean isEnded() {
    return end != Mark.NONE;
  }

  /** What waits is dropped; the reset comes behind what is under way, if it comes at all. */
  void reset() {
    resetting = true;
    bytes.cut(arrived + flying);
    leaveStall();
    if (network.isBlocked(from)) {
      stop();
    } else {
      fly(Kind.RESET, 0);
    }
  }

  /** Nothing is sent any more, and what is under way does not arrive. */
  void stop() {
    stopped = true;
    dropBytes();
    leaveStall();
  }

  private void dropBytes() {
    epoch++;
    bytes.cut(arrived);
    flying = 0;
    while (!borrowed.isEmpty()) {
      borrowed.remove().buffer.release();
    }
  }

  /** Sends what waits, as far as the other side's window goes. */
  void push() {
    if (stopped || resetting || !hasWaiting() || givesUp != null) {
      return;
    }
    if (network.isBlocked(from)) {
      stall();
      return;
    }
    if (greeting == Mark.WAITS) {
      greeting = Mark.FLIES;
      fly(Kind.GREETING, 0);
    }
    for (int count = sendable(); count > 0; count = sendable()) {
      int segment = Math.max(1, network.faults().segmentBytes(count));
      flying += segment;
      fly(Kind.BYTES, segment);
    }
    if (end == Mark.WAITS && waiting() == 0) {
      end = Mark.FLIES;
      fly(Kind.END, 0);
    }
  }

  private boolean hasWaiting() {
    return waiting() > 0 || greeting == Mark.WAITS || end == Mark.WAITS;
  }

  private int waiting() {
    return bytes.size() - arrived - flying;
  }

  private int sendable() {
    return Math.min(waiting(), from.peer().receiveLimit() - arrived - flying);
  }

  private void fly(Kind kind, int count) {
    long now = network.now();
    lastArrival = Math.max(now + network.latencyNanos(), lastArrival + 1);
    int sentIn = epoch;
    network.in(
        lastArrival - now,
        () -> {
          if (sentIn == epoch) {
            arrive(kind, count);
          }
        });
  }

  // ---- no way

  private void stall() {
    if (givesUp == null) {
      stalledAt = network.now();
      givesUp = network.in(GIVE_UP_NANOS, from::timeOut);
    }
  }

  private void leaveStall() {
    if (givesUp != null) {
      givesUp.cancel();
      givesUp = null;
    }
  }

  /** All segments under way wait again. */
  private void lost() {
    if (resetting) {
      stop();
      return;
    }
    epoch++;
    flying = 0;
    greeting = greeting == Mark.FLIES ? Mark.WAITS : greeting;
    end = end == Mark.FLIES ? Mark.WAITS : end;
    if (hasWaiting()) {
      stall();
    }
  }

  /** There may be a way again: it is found when the sender repeats itself. */
  void healed() {
    if (givesUp == null || network.isBlocked(from)) {
      return;
    }
    leaveStall();
    long since = network.now() - stalledAt;
    long most = Math.min(MOST_REPEAT_NANOS, Math.max(FIRST_REPEAT_NANOS, since));
    network.in(network.random().between(LEAST_REPEAT_NANOS, most), this::push);
  }

  // ---- the receiver

  private void arrive(Kind kind, int count) {
    if (network.isBlocked(from)) {
      lost();
      return;
    }
    SimTcp to = from.peer();
    switch (kind) {
      case GREETING -> {
        greeting = Mark.ARRIVED;
        to.greeted();
      }
      case BYTES -> bytesArrive(count, to);
      case END -> {
        end = Mark.ARRIVED;
        to.inputEnds();
        from.outputHasEnded();
      }
      case RESET -> {
        stop();
        to.reset();
      }
    }
    to.changed();
  }

  private void bytesArrive(int count, SimTcp to) {
    if (to.isGone()) {
      dropBytes();
      end = end == Mark.FLIES ? Mark.WAITS : end;
      push();
      to.refuse();
      return;
    }
    flying -= count;
    take(bytes.head() + arrived + count);
    arrived += count;
    from.changed();
  }

  /** Takes borrowed bytes up to a position. */
  private void take(long until) {
    for (Borrowed first = borrowed.peek();
        first != null && first.position < until;
        first = borrowed.peek()) {
      checkUnchanged(first);
      int count = (int) Math.min(until - first.position, first.rest.remaining());
      int limit = first.rest.limit();
      first.rest.limit(first.rest.position() + count);
      bytes.fill(first.position, first.rest);
      first.rest.limit(limit);
      first.position += count;
      if (!first.rest.hasRemaining()) {
        borrowed.remove();
        first.buffer.release();
      }
    }
  }

  private void checkUnchanged(Borrowed first) {
    boolean begins = first.rest.position() == 0;
    if (begins && SimMemory.checksum(new ByteBuffer[] {first.rest}) != first.checksum) {
      network.finding("a buffer that " + from + " sends without a copy was changed on the way");
    }
  }

  int arrived() {
    return arrived;
  }

  boolean endHasArrived() {
    return end == Mark.ARRIVED;
  }

  void look(ByteBuffer target) {
    bytes.peek(target);
  }

  /** The window opens. */
  void skip(int count) {
    bytes.skip(count);
    arrived -= count;
    push();
  }
}
