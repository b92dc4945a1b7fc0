package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The output of a datagram socket, within the limit that its options set. Datagrams need not keep
 * an order, so all that are begun are with the driver, but for those that a full receiver holds
 * back: they stand in line, one line per receiver, and the first one is tried again and again.
 * Owner executor only, but for making operations.
 */
final class DatagramOutput {
  /** About what a driver needs for a datagram besides its bytes. */
  private static final long DATAGRAM_BYTES = 1024;

  /** Until the first in a line is tried again. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final CoreExecutor executor;
  private final IoHandle handle;
  private final long limit;
  private final Map<Object, ArrayDeque<Send>> held = new HashMap<>(2);
  private long pendingBytes;
  private boolean closing;

  DatagramOutput(CoreExecutor executor, IoHandle handle, SocketOptions options) {
    this.executor = executor;
    this.handle = handle;
    Long outputLimit = options.outputLimit();
    this.limit = outputLimit == null ? SocketOptions.DEFAULT_OUTPUT_LIMIT : outputLimit;
  }

  long pendingBytes() {
    return pendingBytes;
  }

  /** One datagram, to an address or where the socket is connected to. */
  IoOp<Integer> send(IoBuffer buffer, @Nullable SocketAddress to) {
    return new Send(buffer, to);
  }

  /** What full receivers hold back ends before the close; nothing is tried again after it. */
  void cancelWaiting() {
    closing = true;
    for (ArrayDeque<Send> line : List.copyOf(held.values())) {
      for (Send last = line.getLast(); last.queued; last = line.getLast()) {
        last.complete(-Errno.ECANCELED, null);
      }
      line.getLast().cancelInFlight();
    }
  }

  private final class Send extends Operation<Integer> {
    private boolean counted;

    /** Where it stands, if its receiver was full. */
    private @Nullable ArrayDeque<Send> line;

    /** Whether others are before it. */
    private boolean queued;

    Send(IoBuffer buffer, @Nullable SocketAddress to) {
      super(DatagramOutput.this.executor, "send");
      this.opcode = IoOpcode.SEND_DATAGRAM;
      this.handle = DatagramOutput.this.handle;
      this.buffer = buffer;
      this.bufferOffset = buffer.readerIndex();
      this.length = buffer.readableBytes();
      this.address = to;
    }

    /** What it takes of the limit: a datagram is memory of the driver too, however short. */
    private long cost() {
      return length + DATAGRAM_BYTES;
    }

    @Override
    String subject() {
      return String.valueOf(address == null ? DatagramOutput.this.handle : address);
    }

    @Override
    void begin() {
      if (pendingBytes > 0 && cost() > limit - pendingBytes) {
        complete(
            -Errno.ENOBUFS,
            new IllegalStateException(
                pendingBytes
                    + " bytes wait already, the limit is "
                    + limit
                    + "; wait for earlier sends to complete, or raise"
                    + " SocketOptions.withOutputLimit"));
        return;
      }
      counted = true;
      pendingBytes += cost();
      ArrayDeque<Send> before = held.isEmpty() ? null : held.get(receiver());
      if (before == null) {
        submit();
      } else {
        join(before);
      }
    }

    private Object receiver() {
      return address == null ? DatagramOutput.this.handle : address;
    }

    private void join(ArrayDeque<Send> waiting) {
      line = waiting;
      queued = !waiting.isEmpty();
      waiting.add(this);
    }

    @Override
    boolean leavesQueue() {
      return queued;
    }

    @Override
    boolean step(int result, @Nullable Object payload) {
      if (opcode == IoOpcode.DELAY && result >= 0) {
        return tryAgain();
      }
      if (result == -Errno.EAGAIN) {
        return hold();
      }
      if (result < 0) {
        fail(result, payload);
      } else {
        succeed(result);
      }
      return true;
    }

    /** The receiver is full. */
    private boolean hold() {
      if (isUnwanted()) {
        fail(Errno.ECANCELED, null);
        return true;
      }
      if (line == null) {
        join(held.computeIfAbsent(receiver(), unused -> new ArrayDeque<>(4)));
      }
      if (!queued) {
        opcode = IoOpcode.DELAY;
        position = PAUSE_NANOS;
        submit();
      }
      return false;
    }

    private boolean isUnwanted() {
      return isCancelled() || closing;
    }

    private boolean tryAgain() {
      if (isUnwanted()) {
        fail(Errno.ECANCELED, null);
        return true;
      }
      opcode = IoOpcode.SEND_DATAGRAM;
      submit();
      return false;
    }

    @Override
    void ended() {
      if (counted) {
        counted = false;
        pendingBytes -= cost();
      }
      releaseBuffer();
      ArrayDeque<Send> left = line;
      if (left != null) {
        line = null;
        leave(left);
      }
    }

    /** Its turn has come. */
    private void goOn() {
      try {
        submit();
      } catch (RuntimeException refused) {
        complete(-Errno.EINVAL, refused);
      }
    }

    private void leave(ArrayDeque<Send> left) {
      boolean first = !queued;
      queued = false;
      left.remove(this);
      Send next = left.peek();
      if (next == null) {
        held.remove(receiver());
      } else if (first) {
        next.queued = false;
        next.goOn();
      }
    }
  }
}
