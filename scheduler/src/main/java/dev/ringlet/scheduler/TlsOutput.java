package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.StreamSocket;
import dev.ringlet.spi.Errno;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts what is to be sent, in the order of the calls, and sends it: one buffer of data is on
 * its way at a time, and holds the records of as many sends as it has room for. What TLS itself has
 * to say need not wait for that, so that a peer that does not read does not keep it from reading.
 * Owner executor only.
 */
final class TlsOutput {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** Room for three full records. */
  private static final int BULK_BYTES = 64 * 1024;

  private static final int RECORD_BYTES = 16 * 1024;

  /** Buffers on their way before what TLS has to say waits too. */
  private static final int MAX_FLIGHTS = 4;

  /** The last words are an alert or two. */
  private static final int MAX_LAST_RECORDS = 8;

  private final TlsConnection connection;
  private final CoreExecutor executor;
  private final StreamSocket inner;
  private final SSLEngine engine;
  private final ArrayDeque<Output<?>> waiting = new ArrayDeque<>(2);
  private int flights;
  private long pending;

  /** A part of what was to be sent is missing on the wire. */
  private boolean broken;

  /** close_notify was written, or the peer's was answered. */
  private boolean ended;

  TlsOutput(TlsConnection connection, CoreExecutor executor, StreamSocket inner, SSLEngine engine) {
    this.connection = connection;
    this.executor = executor;
    this.inner = inner;
    this.engine = engine;
  }

  boolean isBroken() {
    return broken;
  }

  /** What was begun can neither be ended nor left out. */
  void breakOff() {
    broken = true;
  }

  void pump() {
    connection.pump();
  }

  boolean hasEnded() {
    return ended;
  }

  Operation<Integer> send(IoBuffer buffer) {
    return new Send(buffer);
  }

  Operation<Long> send(List<IoBuffer> buffers) {
    return new SendAll(List.copyOf(buffers));
  }

  Operation<Long> sendFile(DriverFile file, long position, long length) {
    return new TlsFileSend(this, file, position, length);
  }

  /** Plain bytes of sends that have begun and not ended. */
  long pendingBytes() {
    return pending;
  }

  Operation<Void> shutdown() {
    return new Shutdown();
  }

  /** Encrypts and sends data, if none is on its way. Returns whether anything has happened. */
  boolean next() throws SSLException {
    if (flights > 0 || waiting.isEmpty()) {
      return false;
    }
    if (broken || ended) {
      failWaiting(Errno.EPIPE, null);
      return true;
    }
    if (waiting.getFirst() instanceof TlsFileSend file && file.isReading()) {
      return false;
    }
    IoBuffer net = executor.buffers().acquire(Math.max(packetBytes(), wantedBytes()));
    int whole = encryptWaiting(net);
    List<Output<?>> carried = new ArrayList<>(whole);
    for (int i = 0; i < whole; i++) {
      Output<?> output = waiting.remove();
      output.queued = false;
      carried.add(output);
    }
    if (net.readableBytes() == 0) {
      net.release();
      ended |= engine.isOutboundDone();
      carried.forEach(Output::arrived);
      readOn();
      return whole > 0 || ended;
    }
    launch(net, carried);
    readOn();
    return true;
  }

  /** A file that is being sent is read while what was read of it is on its way. */
  private void readOn() {
    if (waiting.peek() instanceof TlsFileSend file) {
      file.readOn();
    }
  }

  private int wantedBytes() {
    boolean bulk = waiting.size() > 1 || waiting.getFirst().plainBytes() > RECORD_BYTES;
    return bulk ? BULK_BYTES : 1;
  }

  private int packetBytes() {
    return engine.getSession().getPacketBufferSize();
  }

  /** Returns how many of those that wait are encrypted to their ends. */
  private int encryptWaiting(IoBuffer net) throws SSLException {
    int packetBytes = packetBytes();
    int whole = 0;
    try {
      for (Output<?> output : waiting) {
        if (!output.encrypt(net, packetBytes)) {
          break;
        }
        whole++;
      }
      return whole;
    } catch (SSLException | RuntimeException failed) {
      net.release();
      throw failed;
    }
  }

  /** One record; false if there is no room for one, or the engine wants something else first. */
  boolean encrypt(ByteBuffer plain, IoBuffer net, int packetBytes) throws SSLException {
    if (net.writableBytes() < packetBytes) {
      return false;
    }
    SSLEngineResult result = engine.wrap(plain, net.writable());
    net.wrote(result.bytesProduced());
    if (result.getStatus() == Status.BUFFER_OVERFLOW) {
      throw new SSLException("the engine wants more than " + packetBytes + " bytes for a record");
    }
    return result.getStatus() == Status.OK && result.bytesProduced() > 0;
  }

  /** Sends what TLS itself has to say. Returns whether there was anything, and room for it. */
  boolean control() throws SSLException {
    if (flights >= MAX_FLIGHTS) {
      return false;
    }
    int packetBytes = packetBytes();
    IoBuffer net = executor.buffers().acquire(packetBytes);
    try {
      while (encrypt(NOTHING, net, packetBytes)
          && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        // The next record may have room too.
      }
    } catch (SSLException | RuntimeException failed) {
      net.release();
      throw failed;
    }
    if (net.readableBytes() == 0) {
      net.release();
      return false;
    }
    launch(net, List.of());
    return true;
  }

  /** The alert or close_notify that ends the connection, or null if there is nothing to say. */
  @Nullable IoBuffer lastWords() {
    int packetBytes = packetBytes();
    IoBuffer net = executor.buffers().tryAcquire(packetBytes, connection);
    engine.closeOutbound();
    ended = true;
    if (net == null) {
      return null;
    }
    for (int i = 0; i < MAX_LAST_RECORDS && !engine.isOutboundDone(); i++) {
      try {
        if (!encrypt(NOTHING, net, packetBytes)) {
          break;
        }
      } catch (SSLException | RuntimeException known) {
        // The engine tells once more what has failed; the alert comes next.
      }
    }
    if (net.readableBytes() == 0) {
      net.release();
      return null;
    }
    return net;
  }

  private void launch(IoBuffer net, List<Output<?>> carried) {
    flights++;
    CellContext.operation(inner.send(net)).startFor(new Flight(carried));
  }

  /** Ends all that waits; what is on its way ends when the kernel says so. */
  void failWaiting(int errno, @Nullable Throwable cause) {
    for (Output<?> output = waiting.poll(); output != null; output = waiting.poll()) {
      output.queued = false;
      output.complete(-errno, cause);
    }
  }

  private final class Flight extends Operation.Receiver<Integer> {
    private final List<Output<?>> carried;

    Flight(List<Output<?>> carried) {
      this.carried = carried;
    }

    @Override
    void outcome(Operation<Integer> send) {
      flights--;
      IoException failure = send.failure();
      if (failure == null) {
        carried.forEach(Output::arrived);
      } else {
        broken = true;
        carried.forEach(output -> output.failed(failure));
        failWaiting(failure.errno(), failure);
      }
      connection.pump();
    }
  }

  /** Takes its place in the order of what is sent. */
  abstract class Output<T> extends Operation<T> {
    boolean queued;
    boolean over;
    private long counted;

    Output(String name) {
      super(TlsOutput.this.executor, name);
    }

    /** How much it has still to encrypt. */
    abstract long plainBytes();

    /** Returns whether it has nothing more to encrypt. */
    abstract boolean encrypt(IoBuffer net, int packetBytes) throws SSLException;

    /** The kernel has all of it. */
    abstract void arrived();

    final void failed(IoException failure) {
      if (!over) {
        complete(-failure.errno(), failure);
      }
    }

    @Override
    final String subject() {
      return connection.peer();
    }

    @Override
    final void begin() {
      if (broken || ended || connection.isOver()) {
        complete(-connection.errno(Errno.EPIPE), connection.cause());
        return;
      }
      waiting.add(this);
      queued = true;
      counted = plainBytes();
      pending += counted;
      connection.pump();
    }

    @Override
    final boolean leavesQueue() {
      return true;
    }

    @Override
    final IoException failure(int errno, @Nullable Throwable cause) {
      return TlsConnection.failure(name(), subject(), errno, cause);
    }

    @Override
    void ended() {
      over = true;
      pending -= counted;
      counted = 0;
      if (queued) {
        queued = false;
        waiting.remove(this);
      }
    }
  }

  /** Bytes of the user, which have been sent when the kernel has all of them. */
  abstract class Data<T extends Number> extends Output<T> {
    Data(String name) {
      super(name);
    }

    /** How many. */
    abstract T bytes();

    @Override
    final void arrived() {
      if (!over) {
        complete(0, null);
      }
    }

    @Override
    final boolean step(int result, @Nullable Object payload) {
      if (result < 0) {
        fail(result, payload);
      } else {
        succeed(bytes());
      }
      return true;
    }
  }

  private final class Send extends Data<Integer> {
    private final int total;
    private @Nullable ByteBuffer plain;

    Send(IoBuffer buffer) {
      super("TLS send");
      this.buffer = buffer;
      this.total = buffer.readableBytes();
    }

    @Override
    long plainBytes() {
      return plain == null ? total : plain.remaining();
    }

    @Override
    boolean encrypt(IoBuffer net, int packetBytes) throws SSLException {
      ByteBuffer left = plain;
      if (left == null) {
        IoBuffer given = buffer;
        left = given == null ? NOTHING : given.readable();
        plain = left;
      }
      while (left.hasRemaining()) {
        if (!TlsOutput.this.encrypt(left, net, packetBytes)) {
          return false;
        }
      }
      return true;
    }

    @Override
    Integer bytes() {
      return total;
    }

    /** What the peer has got a part of cannot be left out any more. */
    @Override
    void ended() {
      super.ended();
      broken |= plain != null && plain.hasRemaining() && plain.position() > 0;
      releaseBuffer();
    }
  }

  /** Several buffers, of which nothing else comes in between. */
  private final class SendAll extends Data<Long> {
    private final List<IoBuffer> given;
    private final long total;
    private final ArrayDeque<ByteBuffer> plain = new ArrayDeque<>();
    private boolean begun;
    private boolean released;

    SendAll(List<IoBuffer> given) {
      super("TLS send");
      this.given = given;
      this.total = given.stream().mapToLong(IoBuffer::readableBytes).sum();
    }

    @Override
    long plainBytes() {
      return total;
    }

    @Override
    boolean encrypt(IoBuffer net, int packetBytes) throws SSLException {
      if (!begun) {
        begun = true;
        given.forEach(buffer -> plain.add(buffer.readable()));
      }
      for (ByteBuffer left = plain.peek(); left != null; left = plain.peek()) {
        while (left.hasRemaining()) {
          if (!TlsOutput.this.encrypt(left, net, packetBytes)) {
            return false;
          }
        }
        plain.remove();
      }
      return true;
    }

    @Override
    Long bytes() {
      return total;
    }

    @Override
    void ended() {
      super.ended();
      if (released) {
        return;
      }
      released = true;
      long left = plain.stream().mapToLong(ByteBuffer::remaining).sum();
      broken |= left > 0 && left < total;
      plain.clear();
      for (IoBuffer each : given) {
        buffer = each;
        releaseBuffer();
      }
    }
  }

  private final class Shutdown extends Output<Void> {
    Shutdown() {
      super("TLS shutdown");
    }

    @Override
    long plainBytes() {
      return 0;
    }

    @Override
    boolean encrypt(IoBuffer net, int packetBytes) throws SSLException {
      engine.closeOutbound();
      ended = true;
      while (!engine.isOutboundDone()) {
        if (!TlsOutput.this.encrypt(NOTHING, net, packetBytes)) {
          return net.writableBytes() >= packetBytes;
        }
      }
      return true;
    }

    @Override
    void arrived() {
      CellContext.operation(inner.shutdownOutput()).then(this::innerEnded);
    }

    private void innerEnded(Operation<Void> shutdown) {
      IoException failure = shutdown.failure();
      if (!over) {
        complete(failure == null ? 0 : -failure.errno(), failure);
      }
    }

    @Override
    boolean step(int result, @Nullable Object payload) {
      if (result < 0) {
        fail(result, payload);
      }
      return true;
    }
  }
}
