package dev.ringlet.testkit.sim;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import dev.ringlet.spi.ReceivedDescriptors;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process's end of a stream of bytes. The simulation's thread. */
final class SimStreamHandle extends SimHandle implements SimInput.Source {
  private final SimStream stream;
  private final SimInput input;
  private final SimOutput output;

  /** Takes over what the caller holds of the stream. */
  SimStreamHandle(SimDriver driver, SimStream stream) {
    super(driver);
    this.stream = stream;
    this.input = new SimInput(driver, this);
    this.output = new SimOutput(driver, stream);
    stream.opened(this);
  }

  SimStream stream() {
    return stream;
  }

  @Override
  SimDescription description() {
    return stream;
  }

  @Override
  void execute(SimOperation operation) {
    switch (operation.request.opcode) {
      case RECEIVE, RECEIVE_FILE, RECEIVE_DESCRIPTORS -> receive(operation);
      case SEND, SEND_VECTOR, SEND_FILE, SEND_DESCRIPTOR, SHUTDOWN_OUTPUT -> send(operation);
      case CONFIGURE -> {
        stream.configure(operation.request.socketOptions);
        stream.changed();
        operation.end(0);
      }
      default -> operation.fail(Errno.EOPNOTSUPP);
    }
  }

  private void receive(SimOperation receive) {
    boolean descriptors = receive.request.opcode == IoOpcode.RECEIVE_DESCRIPTORS;
    if (!stream.isInput()) {
      receive.fail(Errno.EBADF);
    } else if (descriptors && !(stream instanceof SimUnixStream)) {
      receive.fail(Errno.EOPNOTSUPP);
    } else if (receive.request.opcode == IoOpcode.RECEIVE_FILE && receive.request.length == 0) {
      receive.end(0);
    } else {
      input.add(receive);
    }
  }

  private void send(SimOperation send) {
    if (stream.isOutput()) {
      output.add(send);
    } else {
      send.fail(Errno.EBADF);
    }
  }

  /** The stream has changed. */
  void work() {
    output.work();
    input.work();
  }

  /** Lets go of the stream without closing it: what it held is the caller's. */
  SimStream leave() {
    forget();
    stream.closed(this);
    return stream;
  }

  @Override
  void release(boolean reset) {
    stream.closed(this);
    stream.release(reset);
  }

  // ---- what input asks

  @Override
  public boolean isReadable() {
    return stream.isReadable();
  }

  @Override
  public boolean needsBuffer(SimOperation receive) {
    return stream.available() > 0 && receive.request.opcode != IoOpcode.RECEIVE_FILE;
  }

  @Override
  public void deliver(SimOperation receive, @Nullable IoBuffer buffer) {
    if (stream.available() == 0) {
      input.end(receive, stream.end(), null);
    } else if (buffer == null) {
      input.end(receive, toFile(receive), null);
    } else if (receive.request.opcode == IoOpcode.RECEIVE_DESCRIPTORS) {
      descriptors(receive, buffer);
    } else {
      bytes(receive, buffer);
    }
  }

  private int count(SimOperation receive, int wanted) {
    return Math.max(1, driver().world().faults().length(receive, wanted));
  }

  private void bytes(SimOperation receive, IoBuffer buffer) {
    boolean peek = (receive.request.flags & IoRequest.RECEIVE_PEEK) != 0;
    int most = Math.min(buffer.capacity(), stream.available());
    int count = count(receive, peek ? Math.min(most, receive.request.length) : most);
    stream.look(buffer.writable().limit(count));
    buffer.setIndex(0, count);
    if (!peek) {
      stream.skip(count);
    }
    input.received(receive, count, buffer);
  }

  private void descriptors(SimOperation receive, IoBuffer buffer) {
    int count = count(receive, Math.min(buffer.capacity(), stream.available()));
    stream.look(buffer.writable().limit(count));
    buffer.setIndex(0, count);
    SimDescription passed = ((SimUnixStream) stream).takePassed();
    List<SimDetachedDescriptor> with =
        passed == null ? List.of() : List.of(new SimDetachedDescriptor(passed));
    stream.skip(count);
    input.end(receive, count, new ReceivedDescriptors(buffer, List.copyOf(with), false));
  }

  /** What the file does not take stays. */
  private int toFile(SimOperation receive) {
    IoRequest request = receive.request;
    if (request.position < 0) {
      return -Errno.EINVAL;
    }
    if (!(request.otherHandle instanceof FileBytes file)) {
      return -Errno.EOPNOTSUPP;
    }
    int count = count(receive, Math.min(request.length, stream.available()));
    ByteBuffer bytes = ByteBuffer.allocate(count);
    stream.look(bytes);
    int written = file.write(request.position, bytes.flip());
    if (written > 0) {
      stream.skip(written);
    }
    return written;
  }

  @Override
  public String toString() {
    return "handle of " + stream;
  }
}
