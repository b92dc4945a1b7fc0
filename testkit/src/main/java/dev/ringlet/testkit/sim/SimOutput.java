package dev.ringlet.testkit.sim;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The requests that send through a stream, in order: one that finds no room waits, and those behind
 * it. What it takes is taken from the request's memory when there is room. The simulation's thread.
 */
final class SimOutput {
  /** Instead of a result. */
  private static final int WAITS = -Errno.EAGAIN;

  /** Of a file that is sent at once. */
  private static final int MOST_FILE_BYTES = 64 << 10;

  private final SimDriver driver;
  private final SimStream stream;
  private final ArrayDeque<SimOperation> sends = new ArrayDeque<>();
  private boolean working;

  /** The first, if it has found no room yet. */
  private @Nullable SimOperation waited;

  SimOutput(SimDriver driver, SimStream stream) {
    this.driver = driver;
    this.stream = stream;
  }

  void add(SimOperation send) {
    sends.add(send);
    send.onCancel(
        () -> {
          sends.remove(send);
          send.endCancelled();
          work();
        });
    work();
  }

  void work() {
    if (working) {
      return;
    }
    working = true;
    try {
      for (SimOperation first = sends.peek(); first != null; first = sends.peek()) {
        int result = perform(first);
        if (result == WAITS) {
          waited = first;
          return;
        }
        sends.remove();
        first.end(result);
      }
    } finally {
      working = false;
    }
  }

  private int perform(SimOperation send) {
    if (send.request.opcode == IoOpcode.SHUTDOWN_OUTPUT) {
      return stream.endOutput();
    }
    if (send == waited) {
      waited = null;
      driver.world().checkMemory(send);
    }
    int room = stream.room();
    if (room < 0) {
      return room;
    }
    return switch (send.request.opcode) {
      case SEND -> sendBytes(send, room);
      case SEND_VECTOR -> sendAll(send, room);
      case SEND_FILE -> sendFile(send, room);
      case SEND_DESCRIPTOR -> sendDescriptor(send, room);
      default -> throw new AssertionError(send + " sends nothing");
    };
  }

  private int sendBytes(SimOperation send, int room) {
    IoRequest request = send.request;
    int count = count(send, request.length, room);
    if (count > 0) {
      ByteBuffer source = send.memory()[0].slice(0, count);
      if ((request.flags & IoRequest.SEND_ZERO_COPY) != 0) {
        stream.sendLater(Objects.requireNonNull(request.buffer), source);
      } else {
        stream.send(source);
      }
    }
    return count;
  }

  /** How many bytes a send of so many takes; {@link #WAITS} if there is no room for any. */
  private int count(SimOperation send, long wanted, int room) {
    if (wanted == 0) {
      return 0;
    }
    if (room == 0) {
      return WAITS;
    }
    int most = (int) Math.min(wanted, room);
    return Math.max(1, driver.world().faults().length(send, most));
  }

  private int sendAll(SimOperation send, int room) {
    ByteBuffer[] slices = send.memory();
    long total = 0;
    for (ByteBuffer slice : slices) {
      total += slice.remaining();
    }
    int count = count(send, total, room);
    int left = count;
    for (int i = 0; left > 0; i++) {
      int part = Math.min(left, slices[i].remaining());
      stream.send(slices[i].slice(0, part));
      left -= part;
    }
    return count;
  }

  private int sendFile(SimOperation send, int room) {
    IoRequest request = send.request;
    if (!stream.takesFiles()) {
      return -Errno.EOPNOTSUPP;
    }
    if (request.position < 0) {
      return -Errno.EINVAL;
    }
    if (!(request.otherHandle instanceof FileBytes file)) {
      return -Errno.EOPNOTSUPP;
    }
    if (room == 0 && request.length > 0) {
      return WAITS;
    }
    int wanted = Math.min(request.length, Math.min(room, MOST_FILE_BYTES));
    ByteBuffer bytes = ByteBuffer.allocate(wanted == 0 ? 0 : count(send, wanted, room));
    int read = file.read(request.position, bytes);
    if (read > 0) {
      stream.send(bytes.flip());
    }
    return read;
  }

  private int sendDescriptor(SimOperation send, int room) {
    if (!(stream instanceof SimUnixStream unix)) {
      return -Errno.EOPNOTSUPP;
    }
    int count = count(send, send.request.length, room);
    if (count > 0) {
      unix.send(send.memory()[0].slice(0, count), send.takePassed());
    }
    return count;
  }
}
