package dev.ringlet.testkit.sim;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.PipeEnds;
import java.nio.ByteBuffer;

/** A pipe of one machine: what is written can be read at once. The simulation's thread. */
final class SimPipe {
  /** As Linux has it. */
  private static final int CAPACITY = 64 << 10;

  private final ByteQueue bytes = new ByteQueue();
  private final ReadEnd readEnd = new ReadEnd();
  private final WriteEnd writeEnd = new WriteEnd();
  private boolean readEndClosed;
  private boolean writeEndClosed;

  private SimPipe() {}

  static PipeEnds make(SimDriver driver) {
    SimPipe pipe = new SimPipe();
    return new PipeEnds(pipe.readEnd.handle(driver), pipe.writeEnd.handle(driver));
  }

  private final class ReadEnd extends SimStream {
    @Override
    boolean isReadable() {
      return bytes.size() > 0 || writeEndClosed;
    }

    @Override
    int available() {
      return bytes.size();
    }

    @Override
    int end() {
      return 0;
    }

    @Override
    void look(ByteBuffer target) {
      bytes.peek(target);
    }

    @Override
    void skip(int count) {
      bytes.skip(count);
      writeEnd.changed();
    }

    @Override
    int room() {
      return -Errno.EBADF;
    }

    @Override
    void send(ByteBuffer source) {
      throw new AssertionError(this + " is not sent to");
    }

    @Override
    boolean isOutput() {
      return false;
    }

    @Override
    boolean isConnection() {
      return false;
    }

    @Override
    void close(boolean withReset) {
      readEndClosed = true;
      writeEnd.changed();
    }

    @Override
    public String toString() {
      return "pipe to read";
    }
  }

  private final class WriteEnd extends SimStream {
    @Override
    boolean isReadable() {
      return false;
    }

    @Override
    int available() {
      return 0;
    }

    @Override
    int end() {
      return -Errno.EBADF;
    }

    @Override
    void look(ByteBuffer target) {
      throw new AssertionError(this + " is not received from");
    }

    @Override
    void skip(int count) {
      throw new AssertionError(this + " is not received from");
    }

    @Override
    int room() {
      return readEndClosed ? -Errno.EPIPE : CAPACITY - bytes.size();
    }

    @Override
    void send(ByteBuffer source) {
      bytes.put(source);
      readEnd.changed();
    }

    @Override
    boolean isInput() {
      return false;
    }

    @Override
    boolean isConnection() {
      return false;
    }

    @Override
    void close(boolean withReset) {
      writeEndClosed = true;
      readEnd.changed();
    }

    @Override
    public String toString() {
      return "pipe to write";
    }
  }
}
