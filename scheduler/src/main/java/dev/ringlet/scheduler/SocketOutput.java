package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The output of one connection. Its operations are with the driver one at a time, so that bytes
 * leave in the order of the calls whatever the kernel does with a single send; the others wait
 * here, within the limit that the connection's options set. Owner executor only, but for making
 * operations.
 */
final class SocketOutput {
  private final CoreExecutor executor;
  private final IoHandle handle;
  private final SocketWatch watch;
  private final IoOpcode ending;
  private final ArrayDeque<Output<?>> waiting = new ArrayDeque<>(2);
  private long limit = SocketOptions.DEFAULT_OUTPUT_LIMIT;

  /** Sends of so many bytes are done without a copy; zero means none. */
  private int zeroCopyFrom;

  private @Nullable Output<?> current;

  /** What was begun and the kernel has not taken. */
  private long pendingBytes;

  /** A part of a send has left and the rest never will: what came after it would be nonsense. */
  private boolean broken;

  private boolean closing;
  private boolean starting;

  SocketOutput(CoreExecutor executor, IoHandle handle, SocketWatch watch) {
    this(executor, handle, watch, IoOpcode.SHUTDOWN_OUTPUT);
  }

  /**
   * @param ending how the other side is told that nothing more comes
   */
  SocketOutput(CoreExecutor executor, IoHandle handle, SocketWatch watch, IoOpcode ending) {
    this.executor = executor;
    this.ending = ending;
    this.handle = handle;
    this.watch = watch;
  }

  /** Takes what the options set; what waits already may stay. */
  void configure(SocketOptions options) {
    Integer from = options.zeroCopyFrom();
    if (from != null) {
      zeroCopyFrom = from;
    }
    Long bytes = options.outputLimit();
    if (bytes != null) {
      limit = bytes;
    }
  }

  long pendingBytes() {
    return pendingBytes;
  }

  SocketWatch watch() {
    return watch;
  }

  /** Whether what has begun is not to go on. */
  boolean isClosing() {
    return closing;
  }

  /** What was begun can neither be ended nor left out. */
  void breakOff() {
    broken = true;
  }

  boolean isIdle() {
    return current == null && waiting.isEmpty();
  }

  IoOp<Integer> send(IoBuffer buffer) {
    return new Send("send", buffer, true, null);
  }

  /** With the descriptor of {@code passed}. */
  IoOp<Integer> send(IoBuffer buffer, IoHandle passed) {
    return new Send("send descriptor", buffer, true, passed);
  }

  IoOp<Integer> write(IoBuffer buffer) {
    return new Send("write", buffer, false, null);
  }

  IoOp<Long> send(List<IoBuffer> buffers) {
    return new Gather(buffers.toArray(new IoBuffer[0]));
  }

  IoOp<Long> sendFile(DriverFile file, long position, long length) {
    return new FileSend(this, file, position, length);
  }

  IoOp<Void> shutdown() {
    return new Shutdown();
  }

  /** What waits for its turn ends before the close; what is in flight does not go on after it. */
  void cancelWaiting() {
    closing = true;
    for (Output<?> output = dequeue(); output != null; output = dequeue()) {
      output.complete(-Errno.ECANCELED, null);
    }
    Output<?> begun = current;
    if (begun != null && begun.isAside()) {
      begun.complete(-Errno.ECANCELED, null);
    }
  }

  /** The kernel has taken nothing for too long. */
  void expire() {
    Output<?> late = current;
    if (late != null) {
      late.expire();
    }
  }

  private void enqueue(Output<?> output) {
    pendingBytes += output.left();
    output.counted = true;
    waiting.add(output);
    output.queued = true;
    startNext();
  }

  private @Nullable Output<?> dequeue() {
    Output<?> first = waiting.poll();
    if (first != null) {
      first.queued = false;
    }
    return first;
  }

  /** A loop: on a broken socket each output ends as soon as it has begun. */
  private void startNext() {
    if (starting) {
      return;
    }
    starting = true;
    while (current == null) {
      Output<?> next = dequeue();
      if (next == null) {
        break;
      }
      current = next;
      try {
        next.start();
      } catch (RuntimeException refused) {
        next.complete(-Errno.EINVAL, refused);
      }
    }
    starting = false;
  }

  void outputEnded(Output<?> output) {
    if (output.counted) {
      output.counted = false;
      pendingBytes -= output.left();
    }
    if (output.queued) {
      output.queued = false;
      waiting.remove(output);
    } else if (current == output) {
      current = null;
      startNext();
    }
  }

  /** Takes its place in the queue of the socket's output. */
  abstract class Output<T> extends Operation<T> {
    private boolean queued;

    /** Whether {@link #left} is a part of {@link #pendingBytes}. */
    private boolean counted;

    Output(String name, IoOpcode opcode) {
      super(SocketOutput.this.executor, name);
      this.opcode = opcode;
      this.handle = SocketOutput.this.handle;
    }

    /** Bytes that the kernel has not taken. */
    abstract long left();

    @Override
    final String subject() {
      return String.valueOf(SocketOutput.this.handle);
    }

    @Override
    final void begin() {
      long bytes = left();
      if (bytes > 0 && pendingBytes > 0 && bytes > limit - pendingBytes) {
        complete(-Errno.ENOBUFS, refusal(bytes));
      } else {
        enqueue(this);
      }
    }

    private IllegalStateException refusal(long bytes) {
      return new IllegalStateException(
          pendingBytes
              + " bytes wait already, "
              + bytes
              + " more are beyond the limit of "
              + limit
              + "; wait for earlier sends to complete, or raise SocketOptions.withOutputLimit");
    }

    /** Its turn has come. */
    void beforeSubmit() {}

    final void start() {
      if (broken) {
        complete(-Errno.EPIPE, null);
      } else {
        watch.outputBegins();
        beforeSubmit();
        proceed();
      }
    }

    /** Begins with what has its turn now. */
    void proceed() {
      submit();
    }

    /** Whether it has its turn but is not with the driver. */
    boolean isAside() {
      return false;
    }

    @Override
    final boolean leavesQueue() {
      return queued || isAside();
    }
  }

  /** Bytes for the peer, in as many sends as the kernel takes them in. */
  private abstract class Transfer<T> extends Output<T> {
    private final long total;
    private final boolean whole;
    private long sent;

    /** {@code whole}: goes on until all is sent; else it ends with the first bytes. */
    Transfer(String name, IoOpcode opcode, long total, boolean whole) {
      super(name, opcode);
      this.total = total;
      this.whole = whole;
    }

    @Override
    final long left() {
      return total - sent;
    }

    final long sent() {
      return sent;
    }

    /** All is done that was asked for. */
    abstract void succeed(long bytes);

    /** The request for what is left. */
    abstract void advance();

    @Override
    final boolean step(int result, @Nullable Object payload) {
      if (result < 0) {
        broken |= sent > 0;
        fail(result, payload);
        return true;
      }
      sent += result;
      pendingBytes -= result;
      watch.outputTaken();
      if (sent == total || !whole) {
        succeed(sent);
        return true;
      }
      if (result == 0) {
        broken |= sent > 0;
        fail(Errno.EINVAL, new IllegalStateException("the buffers were changed meanwhile"));
        return true;
      }
      if (isCancelled() || closing) {
        broken |= sent > 0;
        fail(Errno.ECANCELED, null);
        return true;
      }
      // What the driver refuses here leaves half of it sent.
      broken = true;
      advance();
      submit();
      broken = false; // It was not, or this would not have been started.
      return false;
    }
  }

  private final class Send extends Transfer<Integer> {
    private final int first;

    /** The first of the bytes carries the descriptor of {@code passed}, if there is one. */
    Send(String name, IoBuffer buffer, boolean whole, @Nullable IoHandle passed) {
      super(
          name,
          passed == null ? IoOpcode.SEND : IoOpcode.SEND_DESCRIPTOR,
          buffer.readableBytes(),
          whole);
      this.otherHandle = passed;
      this.buffer = buffer;
      this.first = buffer.readerIndex();
      this.bufferOffset = first;
      this.length = buffer.readableBytes();
    }

    @Override
    void beforeSubmit() {
      boolean zeroCopy = zeroCopyFrom > 0 && length >= zeroCopyFrom;
      flags = zeroCopy ? SEND_ZERO_COPY : 0;
    }

    @Override
    void succeed(long bytes) {
      succeed(Integer.valueOf((int) bytes));
    }

    @Override
    void advance() {
      opcode = IoOpcode.SEND;
      otherHandle = null;
      bufferOffset = first + (int) sent();
      length = (int) left();
      beforeSubmit();
    }

    @Override
    void ended() {
      releaseBuffer();
      outputEnded(this);
    }
  }

  private final class Gather extends Transfer<Long> {
    Gather(IoBuffer[] buffers) {
      super("send", IoOpcode.SEND_VECTOR, readable(buffers), true);
      this.buffers = buffers;
    }

    private static long readable(IoBuffer[] buffers) {
      long bytes = 0;
      for (IoBuffer each : buffers) {
        bytes += each.readableBytes();
      }
      return bytes;
    }

    @Override
    void succeed(long bytes) {
      succeed(Long.valueOf(bytes));
    }

    @Override
    void advance() {
      position = sent();
    }

    @Override
    void ended() {
      releaseBuffers();
      outputEnded(this);
    }
  }

  private final class Shutdown extends Output<Void> {
    Shutdown() {
      super("shutdown", ending);
    }

    @Override
    long left() {
      return 0;
    }

    @Override
    boolean step(int result, @Nullable Object payload) {
      if (result < 0) {
        fail(result, payload);
      }
      return true;
    }

    @Override
    void ended() {
      outputEnded(this);
    }
  }
}
