package dev.ringlet.scheduler;

import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * The requests that are written to a channel, in order: tried when they are submitted, and waiting
 * for room otherwise. One that sends a file is tried by a thread for files, since the disk may let
 * it wait; the others wait for that one. Owner executor only.
 */
final class NioOutput {
  static final int WOULD_BLOCK = -Errno.EAGAIN;

  private final NioSocketHandle socket;
  private final GatheringByteChannel channel;
  private final Ending ending;
  private final NioOperationQueue waiting = new NioOperationQueue();

  /** What a thread for files has, first in the queue unless it was cancelled. */
  private @Nullable NioFileSend busy;

  private boolean ended;

  /** Tells the other side that nothing more comes. */
  interface Ending {
    void end() throws IOException;
  }

  NioOutput(NioSocketHandle socket, GatheringByteChannel channel, Ending ending) {
    this.socket = socket;
    this.channel = channel;
    this.ending = ending;
  }

  boolean isEmpty() {
    return waiting.isEmpty() && busy == null;
  }

  boolean isBusy() {
    return busy != null;
  }

  GatheringByteChannel channel() {
    return channel;
  }

  /** {@link SelectionKey#OP_WRITE} if that is waited for. */
  int wantedOps() {
    return waiting.isEmpty() || busy != null ? 0 : SelectionKey.OP_WRITE;
  }

  void submit(IoRequest request) {
    NioSocketOperation output = operation(request);
    socket.completions().take(output);
    if (output instanceof NioFileSend send && send.file().isClosing()) {
      socket.completions().end(send, -Errno.EBADF, null);
      return;
    }
    if (output instanceof NioFileSend send) {
      send.takeFile();
    }
    boolean first = isEmpty();
    waiting.add(output);
    if (first) {
      begin(output);
    }
  }

  private NioSocketOperation operation(IoRequest request) {
    return request.opcode == IoOpcode.SEND_FILE
        ? new NioFileSend(socket, this, request)
        : new NioSocketOperation(socket, request);
  }

  private void begin(NioOperation output) {
    try {
      int result = perform(output);
      if (result == WOULD_BLOCK) {
        socket.updateInterest();
      } else {
        take(output);
        socket.completions().end(output, result, null);
      }
    } catch (IOException | RuntimeException e) {
      take(output);
      socket.completions().failed(output, e);
    }
  }

  private int perform(NioOperation output) throws IOException {
    IoRequest request = output.request;
    if (request.opcode != IoOpcode.SHUTDOWN_OUTPUT) {
      return ended ? -Errno.EPIPE : send(output);
    }
    if (!ended) {
      ending.end();
      ended = true;
    }
    return 0;
  }

  private int send(NioOperation output) throws IOException {
    IoRequest request = output.request;
    if (output instanceof NioFileSend send) {
      busy = send;
      send.start();
      return WOULD_BLOCK;
    }
    if (request.opcode == IoOpcode.SEND_VECTOR) {
      return sendAll(NioMemory.slices(request));
    }
    if (request.length == 0) {
      return 0;
    }
    int sent = channel.write(NioMemory.slice(request));
    return sent == 0 ? WOULD_BLOCK : sent;
  }

  private int sendAll(ByteBuffer[] slices) throws IOException {
    long sent = channel.write(slices);
    return sent == 0 && anyRemaining(slices) ? WOULD_BLOCK : (int) sent;
  }

  private static boolean anyRemaining(ByteBuffer[] slices) {
    for (ByteBuffer slice : slices) {
      if (slice.hasRemaining()) {
        return true;
      }
    }
    return false;
  }

  /** There is room. */
  void work(CompletionSink sink) {
    for (NioOperation output = waiting.peek();
        output != null && busy == null;
        output = waiting.peek()) {
      if (socket.completions().isBudgetSpent()) {
        socket.selector().ready(socket, SelectionKey.OP_WRITE);
        return;
      }
      try {
        int result = perform(output);
        if (result == WOULD_BLOCK) {
          return;
        }
        take(output);
        socket.completions().finish(sink, output, result, null);
      } catch (IOException | RuntimeException e) {
        take(output);
        socket.completions().fail(sink, output, e);
      }
    }
  }

  /** A thread for files has tried it; {@code result} may be {@link #WOULD_BLOCK}. */
  void tried(NioFileSend send, int result, @Nullable Throwable failure) {
    busy = null;
    if (result == WOULD_BLOCK && !send.isStopped()) {
      socket.updateInterest();
      return;
    }
    take(send);
    int told = result == WOULD_BLOCK ? -Errno.ECANCELED : result;
    socket.completions().end(send, told, failure);
    socket.notBusy();
  }

  /** Takes one out; false if a thread has it, which ends it soon. */
  boolean remove(NioOperation output) {
    NioFileSend running = busy;
    if (running != null && output == running) {
      running.stop();
      return false;
    }
    take(output);
    return true;
  }

  private void take(NioOperation output) {
    waiting.remove(output);
    if (output instanceof NioFileSend send) {
      send.leaveFile();
    }
  }

  void cancelAll() {
    NioFileSend running = busy;
    if (running != null) {
      running.stop();
      waiting.remove(running);
    }
    for (NioOperation each = waiting.peek(); each != null; each = waiting.peek()) {
      socket.cancel(each);
    }
  }
}
