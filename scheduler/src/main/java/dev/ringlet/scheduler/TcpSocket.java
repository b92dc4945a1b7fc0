package dev.ringlet.scheduler;

import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.TcpStream;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A connection over a driver's handle. Output operations are with the driver one at a time, so that
 * bytes leave in the order of the calls whatever the kernel does with a single send.
 */
final class TcpSocket implements TcpStream {
  private final CoreExecutor executor;
  private final IoHandle handle;
  private final Received received;
  private final ArrayDeque<Output<?>> waiting = new ArrayDeque<>(2);
  private @Nullable Output<?> current;
  private boolean broken;
  private boolean starting;
  private @Nullable InetSocketAddress remoteAddress;

  TcpSocket(CoreExecutor executor, IoHandle handle) {
    this.executor = executor;
    this.handle = handle;
    this.received = new Received();
  }

  @Override
  public IoStream<IoBuffer> receive() {
    return received;
  }

  @Override
  public IoOp<Integer> send(IoBuffer buffer) {
    return new Send(buffer);
  }

  @Override
  public DetachedTcpStream detach() {
    executor.checkCurrent("TcpStream.detach");
    if (current != null || !waiting.isEmpty() || received.isSubscribed()) {
      throw new IllegalStateException(
          handle
              + ": a send or a subscription is under way; detach before, or when they have ended");
    }
    return executor.ioDriver().detach(handle);
  }

  @Override
  public IoOp<Void> shutdownOutput() {
    return new Shutdown();
  }

  @Override
  public IoOp<Void> configure(SocketOptions options) {
    PlainOperation configure =
        new PlainOperation(
            executor, "configure", String.valueOf(handle), IoOpcode.CONFIGURE, handle);
    configure.options = options;
    return configure;
  }

  @Override
  public IoOp<Void> close() {
    return new Close();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    InetSocketAddress address = remoteAddress;
    if (address == null) {
      address = executor.ioDriver().remoteAddress(handle);
      remoteAddress = address;
    }
    return address;
  }

  @Override
  public InetSocketAddress localAddress() {
    return executor.ioDriver().localAddress(handle);
  }

  private void enqueue(Output<?> output) {
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

  private void outputEnded(Output<?> output) {
    if (output.queued) {
      output.queued = false;
      waiting.remove(output);
    } else if (current == output) {
      current = null;
      startNext();
    }
  }

  /** Takes its place in the queue of the socket's output. */
  private abstract class Output<T> extends Operation<T> {
    private boolean queued;

    Output(String name, IoOpcode opcode) {
      super(TcpSocket.this.executor, name);
      this.opcode = opcode;
      this.handle = TcpSocket.this.handle;
    }

    @Override
    final String subject() {
      return String.valueOf(TcpSocket.this.handle);
    }

    @Override
    final void begin() {
      enqueue(this);
    }

    final void start() {
      if (broken) {
        complete(-Errno.EPIPE, null);
      } else {
        submit();
      }
    }

    @Override
    final boolean leavesQueue() {
      return queued;
    }
  }

  private final class Send extends Output<Integer> {
    private final int first;
    private final int total;
    private int sent;

    Send(IoBuffer buffer) {
      super("send", IoOpcode.SEND);
      this.buffer = buffer;
      this.first = buffer.readerIndex();
      this.total = buffer.readableBytes();
      this.bufferOffset = first;
      this.length = total;
    }

    @Override
    boolean step(int result, @Nullable Object payload) {
      if (result < 0) {
        broken |= sent > 0;
        fail(result, payload);
        return true;
      }
      sent += result;
      if (sent == total) {
        succeed(total);
        return true;
      }
      if (isCancelled()) {
        broken |= sent > 0;
        fail(Errno.ECANCELED, null);
        return true;
      }
      bufferOffset = first + sent;
      length = total - sent;
      submit();
      return false;
    }

    @Override
    void ended() {
      releaseBuffer();
      outputEnded(this);
    }
  }

  private final class Shutdown extends Output<Void> {
    Shutdown() {
      super("shutdown", IoOpcode.SHUTDOWN_OUTPUT);
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

  /** Ends what waits for its turn, then lets the driver cancel what is in flight. */
  private final class Close extends CloseOperation {
    Close() {
      super(TcpSocket.this.executor, TcpSocket.this.handle, received);
    }

    @Override
    void beforeClose() {
      for (Output<?> output = dequeue(); output != null; output = dequeue()) {
        output.complete(-Errno.ECANCELED, null);
      }
    }
  }

  private final class Received extends StreamSource<IoBuffer> {
    Received() {
      super(TcpSocket.this.executor);
    }

    @Override
    void prepare(IoRequest request) {
      request.opcode = IoOpcode.RECEIVE;
      request.handle = handle;
    }

    @Override
    @Nullable IoBuffer element(int result, @Nullable Object payload) {
      return payload == null ? null : executor.watch((IoBuffer) payload, this);
    }

    /**
     * The executor's receive buffers are for all its connections; there are more output buffers, as
     * a rule.
     */
    @Override
    IoBuffer keep(IoBuffer received) {
      IoBuffer copy = executor.buffers().tryAcquire(Math.max(1, received.readableBytes()), this);
      if (copy == null) {
        return received;
      }
      copy.write(received.readable());
      received.release();
      return copy;
    }

    @Override
    Verdict verdict(int errno) {
      return switch (errno) {
        case Errno.ECANCELED, Errno.EBADF -> Verdict.END;
        case Errno.EINTR, Errno.EAGAIN -> Verdict.RETRY;
        default -> Verdict.FAIL;
      };
    }

    @Override
    String operation() {
      return "receive";
    }

    @Override
    String subject() {
      return String.valueOf(handle);
    }

    @Override
    public void discard(IoBuffer buffer) {
      buffer.release();
    }
  }
}
