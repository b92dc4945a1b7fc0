package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for a socket's input, and the buffer for the first of them. Who finds none
 * free stands in the line of {@link NioReceiveBuffers}. Owner executor only.
 */
final class NioInput {
  /** Buffers filled before other sockets have their turn. */
  private static final int RECEIVES_PER_VISIT = 16;

  private final NioSocketHandle socket;
  private final NioReceiveBuffers buffers;
  private final Reader reader;
  private final NioOperationQueue receives = new NioOperationQueue();

  /** Data waits, a buffer does not. */
  private boolean starved;

  /** A buffer that was handed over from the line. */
  private int granted = NioReceiveBuffers.NONE;

  /** What was looked at and not received; null where nobody looks. */
  private @Nullable NioPeeked peeked;

  /** Reads from the channel. */
  interface Reader {
    /**
     * Reads into a buffer, which it lends or gives back, and reports what has come.
     *
     * @return true if there may be more to receive at once
     */
    boolean receive(NioSocketOperation receive, int slot, CompletionSink sink);
  }

  NioInput(NioSocketHandle socket, NioReceiveBuffers buffers, Reader reader) {
    this.socket = socket;
    this.buffers = buffers;
    this.reader = reader;
  }

  /** The input of a stream of bytes. */
  NioInput(NioSocketHandle socket, NioReceiveBuffers buffers, ReadableByteChannel channel) {
    this.socket = socket;
    this.buffers = buffers;
    this.reader = (receive, slot, sink) -> read(channel, receive, slot, sink);
  }

  private boolean read(
      ReadableByteChannel channel, NioSocketOperation receive, int slot, CompletionSink sink) {
    boolean ahead = peeked != null;
    int received;
    try {
      received = read(channel, receive.request, buffers.bytes(slot));
    } catch (IOException e) {
      buffers.giveBack(slot);
      remove(receive);
      socket.completions().fail(sink, receive, e);
      return true;
    }
    if (received > 0) {
      IoBuffer lent = buffers.lend(slot, received);
      received(receive, received, lent, sink);
      return ahead || received == lent.capacity();
    }
    buffers.giveBack(slot);
    if (received < 0) {
      remove(receive);
      socket.completions().finish(sink, receive, 0, null);
    }
    return received < 0;
  }

  private int read(ReadableByteChannel channel, IoRequest request, ByteBuffer target)
      throws IOException {
    NioPeeked known = peeked;
    if ((request.flags & IoRequest.RECEIVE_PEEK) != 0) {
      if (known == null) {
        known = new NioPeeked(buffers.bufferBytes());
        peeked = known;
      }
      return known.peek(channel, target.limit(Math.min(request.length, target.capacity())));
    }
    if (known == null) {
      return channel.read(target);
    }
    try {
      return known.isTaken() ? channel.read(target) : known.receive(target);
    } finally {
      if (known.isTaken()) {
        peeked = null;
      }
    }
  }

  /** What was looked at and not received. */
  @Nullable NioPeeked peeked() {
    return peeked;
  }

  /** Goes on with what another driver has looked at. */
  void attached(@Nullable NioPeeked elsewhere) {
    peeked = elsewhere;
  }

  boolean isEmpty() {
    return receives.isEmpty();
  }

  void add(NioSocketOperation receive) {
    receives.add(receive);
    socket.updateInterest();
    if (peeked != null) {
      socket.selector().ready(socket, SelectionKey.OP_READ);
    }
  }

  /** Takes a request out; true if it was here. */
  boolean remove(NioOperation receive) {
    return receives.remove(receive);
  }

  /** After a request was cancelled: no buffer stays with a socket that does not receive. */
  void afterCancel() {
    if (receives.isEmpty()) {
      leaveBuffers();
    }
  }

  /** {@link SelectionKey#OP_READ} if that is waited for. */
  int wantedOps() {
    boolean canRead = !starved && granted == NioReceiveBuffers.NONE;
    return canRead && !receives.isEmpty() ? SelectionKey.OP_READ : 0;
  }

  void work(CompletionSink sink) {
    if (starved) {
      return;
    }
    for (int i = 0; receives.peek() instanceof NioSocketOperation receive; i++) {
      if (i == RECEIVES_PER_VISIT || socket.completions().isBudgetSpent()) {
        socket.selector().ready(socket, SelectionKey.OP_READ);
        return;
      }
      int slot = takeBuffer();
      if (slot == NioReceiveBuffers.NONE || !reader.receive(receive, slot, sink)) {
        return;
      }
    }
  }

  private int takeBuffer() {
    int slot = granted;
    if (slot != NioReceiveBuffers.NONE) {
      granted = NioReceiveBuffers.NONE;
      return slot;
    }
    slot = buffers.take();
    if (slot == NioReceiveBuffers.NONE) {
      starved = true;
      buffers.await(this);
    }
    return slot;
  }

  /** A buffer for the one that stands first in the line; from {@link NioReceiveBuffers}. */
  void grant(int slot) {
    starved = false;
    granted = slot;
    socket.selector().ready(socket, SelectionKey.OP_READ);
  }

  /** Reports an element, the last one if the request is not a multishot one. */
  void received(NioSocketOperation receive, int count, Object payload, CompletionSink sink) {
    if (receive.isMultishot()) {
      socket.completions().element(sink, receive, count, payload);
    } else {
      receives.remove(receive);
      socket.completions().finish(sink, receive, count, payload);
    }
  }

  private void leaveBuffers() {
    if (starved) {
      starved = false;
      buffers.leave(this);
    }
    if (granted != NioReceiveBuffers.NONE) {
      int slot = granted;
      granted = NioReceiveBuffers.NONE;
      buffers.giveBack(slot);
    }
  }

  void cancelAll() {
    for (NioOperation each = receives.peek(); each != null; each = receives.peek()) {
      socket.cancel(each);
    }
  }
}
