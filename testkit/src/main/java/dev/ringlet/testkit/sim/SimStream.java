package dev.ringlet.testkit.sim;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.Errno;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One end of a stream of bytes: of a TCP or Unix connection, or of a pipe. The simulation's thread.
 */
abstract class SimStream extends SimDescription {
  /** Of each direction, on either side, where the options say nothing. */
  static final int DEFAULT_BUFFER_BYTES = 64 << 10;

  /** Those on it: more than one where a descriptor was passed. */
  private final List<SimStreamHandle> handles = new ArrayList<>(1);

  private SocketOptions options = SocketOptions.defaults();

  final SocketOptions options() {
    return options;
  }

  /** What is not set stays. */
  final void configure(SocketOptions changes) {
    options = options.with(changes);
  }

  final int option(SocketOptions.Option option, int otherwise) {
    return options.isSet(option) ? options.get(option) : otherwise;
  }

  final void opened(SimStreamHandle handle) {
    handles.add(handle);
  }

  final void closed(SimStreamHandle handle) {
    handles.remove(handle);
  }

  /** There may be something to receive, or room to send. */
  final void changed() {
    for (SimStreamHandle handle : List.copyOf(handles)) {
      handle.work();
    }
  }

  @Override
  final SimHandle handle(SimDriver driver) {
    return new SimStreamHandle(driver, this);
  }

  @Override
  final boolean isFile() {
    return false;
  }

  // ---- receiving

  /** Whether a receive would not wait: for bytes, the end or a failure. */
  abstract boolean isReadable();

  /** How many bytes can be received. */
  abstract int available();

  /** What a receive gives where no bytes are: 0 for the end, or a negative error number. */
  abstract int end();

  /** Gives bytes for all of the target's room, which must be available. */
  abstract void look(ByteBuffer target);

  /** Takes bytes away, which must be available. */
  abstract void skip(int count);

  // ---- sending

  /** How many bytes can be sent now, 0 for none yet, or a negative error number. */
  abstract int room();

  /** Sends all that remains in the source, for which there must be room. */
  abstract void send(ByteBuffer source);

  /** The same without a copy, if it can. */
  void sendLater(IoBuffer buffer, ByteBuffer source) {
    send(source);
  }

  /** SHUTDOWN_OUTPUT: 0 or a negative error number. */
  int endOutput() {
    return -Errno.EOPNOTSUPP;
  }

  // ---- the rest

  /** Whether it is an end that is received from. */
  boolean isInput() {
    return true;
  }

  boolean isOutput() {
    return true;
  }

  /** Whether files can be sent to it past user space. */
  boolean takesFiles() {
    return true;
  }

  InetSocketAddress localAddress() {
    throw new IllegalArgumentException(this + " has no address of the internet");
  }

  InetSocketAddress remoteAddress() {
    throw new IllegalArgumentException(this + " has no address of the internet");
  }
}
