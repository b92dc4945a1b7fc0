package dev.ringlet.testkit.sim;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.Errno;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection of the Unix domain: what is sent is with the other end at once. The
 * simulation's thread.
 */
final class SimUnixStream extends SimStream {
  /** What was sent to this end. */
  private final ByteQueue input = new ByteQueue();

  private final ArrayDeque<Passed> passed = new ArrayDeque<>();
  private @Nullable SimUnixStream peer;
  private boolean peerClosed;

  /** Nothing more comes from the other end. */
  private boolean inputEnded;

  private boolean outputEnded;
  private boolean closed;
  private int error;

  /** A descriptor that comes with the first of the bytes between two positions. */
  private record Passed(SimDescription description, long from, long to) {}

  /** Two ends that are connected. */
  static SimUnixStream[] pair() {
    SimUnixStream near = new SimUnixStream();
    SimUnixStream far = new SimUnixStream();
    near.peer = far;
    far.peer = near;
    return new SimUnixStream[] {near, far};
  }

  private SimUnixStream peer() {
    if (peer == null) {
      throw new AssertionError(this + " has no other end");
    }
    return peer;
  }

  @Override
  boolean isReadable() {
    return input.size() > 0 || error != 0 || inputEnded;
  }

  /** A descriptor parts what comes before, and what came with it, from the rest. */
  @Override
  int available() {
    Passed next = passed.peek();
    if (next == null) {
      return input.size();
    }
    long until = next.from > input.head() ? next.from : next.to;
    return (int) (until - input.head());
  }

  @Override
  int end() {
    int told = error;
    error = 0;
    return -told;
  }

  @Override
  void look(ByteBuffer target) {
    input.peek(target);
  }

  /** A descriptor that was not taken is closed. */
  @Override
  void skip(int count) {
    input.skip(count);
    SimDescription missed = passed.isEmpty() ? null : passedBefore(input.head());
    if (missed != null) {
      missed.release(false);
    }
    peer().changed();
  }

  /** The descriptor that comes with the next byte. */
  @Nullable SimDescription takePassed() {
    return passedBefore(input.head() + 1);
  }

  private @Nullable SimDescription passedBefore(long position) {
    Passed next = passed.peek();
    if (next == null || next.from >= position) {
      return null;
    }
    return passed.remove().description;
  }

  @Override
  int room() {
    if (error != 0) {
      return end();
    }
    if (outputEnded || peerClosed) {
      return -Errno.EPIPE;
    }
    int limit = option(SocketOptions.Option.SEND_BUFFER, DEFAULT_BUFFER_BYTES);
    return Math.max(0, limit - peer().input.size());
  }

  @Override
  void send(ByteBuffer source) {
    SimUnixStream to = peer();
    to.input.put(source);
    to.changed();
  }

  /** Sends the descriptor with the bytes. */
  void send(ByteBuffer source, @Nullable SimDescription description) {
    if (description != null) {
      long from = peer().input.tail();
      peer().passed.add(new Passed(description, from, from + source.remaining()));
    }
    send(source);
  }

  @Override
  int endOutput() {
    outputEnded = true;
    peer().inputEnded = true;
    peer().changed();
    return 0;
  }

  @Override
  boolean isConnection() {
    return true;
  }

  /** Whoever was not heard to the end is told so. */
  @Override
  void close(boolean withReset) {
    if (closed) {
      return;
    }
    closed = true;
    SimUnixStream to = peer();
    if (input.size() > 0 || withReset) {
      to.error = Errno.ECONNRESET;
    }
    to.peerClosed = true;
    to.inputEnded = true;
    while (!passed.isEmpty()) {
      passed.remove().description.release(false);
    }
    to.changed();
  }

  @Override
  public String toString() {
    return "Unix connection";
  }
}
