package dev.ringlet.scheduler;

import dev.ringlet.io.BufferMemoryException;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.StreamSocket;
import dev.ringlet.io.TcpStream;
import dev.ringlet.io.TlsException;
import dev.ringlet.io.TlsOptions;
import dev.ringlet.spi.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS over a connection: moves bytes between the network and the JDK's engine as far as somebody
 * wants them, and work with public keys to the threads for blocking work. While that runs nobody
 * else touches the engine, which would make the executor wait for its lock.
 *
 * <pre>
 * from        to          by
 * -           handshake   start
 * handshake   open        the engine has nothing more to negotiate
 * handshake   closing     a failure, cancellation, the timeout
 * open        failed      a failure of TLS or of receiving; sends and receives are told
 * open        closing     close
 * failed      closing     close
 * closing     closed      the connection below is closed
 * </pre>
 *
 * <p>Owner executor only.
 */
final class TlsConnection implements ElementSink<IoBuffer> {
  private final CoreExecutor executor;
  private final StreamSocket inner;
  private final StreamSource<IoBuffer> source;
  private final SSLEngine engine;
  private final String peer;
  private final TlsInput input;
  private final TlsOutput output;
  private final TlsReceived received;
  private final List<Operation<Void>> closers = new ArrayList<>(1);
  private final Subscription<IoBuffer> network;

  private @Nullable TlsHandshake handshake;
  private boolean open;

  /** It has failed or is being closed: the engine moves nothing any more. */
  private boolean over;

  private boolean closing;
  private boolean resets;
  private boolean closed;

  /** A {@link TlsFarewell} is being said. */
  private boolean parting;

  private boolean tasksRun;
  private boolean asked;
  private boolean pumping;
  private boolean pumpAgain;
  private int errno;
  private @Nullable Throwable cause;

  TlsConnection(
      CoreExecutor executor,
      StreamSocket inner,
      StreamSource<IoBuffer> source,
      TlsOptions options,
      String peer) {
    this.executor = executor;
    this.inner = inner;
    this.source = source;
    this.engine = TlsEngines.engine(options);
    this.peer = peer;
    this.input = new TlsInput(executor);
    this.output = new TlsOutput(this, executor, inner, engine);
    this.received = new TlsReceived(executor, this);
    this.network = source.subscribe(this);
  }

  void start(TlsHandshake waiting) {
    handshake = waiting;
    try {
      engine.beginHandshake();
    } catch (SSLException | RuntimeException e) {
      fail(Errno.EPROTO, e);
    }
    pump();
  }

  String peer() {
    return peer;
  }

  StreamSocket inner() {
    return inner;
  }

  CoreExecutor executor() {
    return executor;
  }

  TlsOutput output() {
    return output;
  }

  TlsReceived received() {
    return received;
  }

  SSLEngine engine() {
    return engine;
  }

  boolean isOver() {
    return over;
  }

  /** What the connection has failed with, else another number. */
  int errno(int otherwise) {
    return errno == 0 ? otherwise : errno;
  }

  @Nullable Throwable cause() {
    return cause;
  }

  static IoException failure(
      String operation, String subject, int errno, @Nullable Throwable cause) {
    return errno == Errno.EPROTO
        ? new TlsException(operation, subject, cause)
        : new IoException(operation, subject, errno, cause);
  }

  /** Does all that can be done now; whoever changes something calls it. */
  void pump() {
    pumpAgain = true;
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (pumpAgain) {
        pumpAgain = false;
        while (advance()) {
          // One thing at a time: each may change what comes next.
        }
      }
      if (!over) {
        input.keep();
      }
    } catch (BufferMemoryException e) {
      fail(Errno.ENOMEM, e);
    } catch (SSLException | RuntimeException e) {
      fail(Errno.EPROTO, e);
    } finally {
      pumping = false;
    }
  }

  /** Returns whether anything has happened. */
  private boolean advance() throws SSLException {
    if (over || tasksRun) {
      return false;
    }
    return switch (status()) {
      case NEED_TASK -> runTasks();
      case NEED_WRAP -> output.control() || waitForRoom();
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> negotiate();
      case NOT_HANDSHAKING, FINISHED -> transfer();
    };
  }

  /** The engine calls a connection that is closed in one direction only one in a handshake. */
  private HandshakeStatus status() {
    HandshakeStatus status = engine.getHandshakeStatus();
    if (!open) {
      return status;
    }
    boolean halfClosed =
        status == HandshakeStatus.NEED_UNWRAP
            ? output.hasEnded() || engine.isOutboundDone()
            : status == HandshakeStatus.NEED_WRAP && engine.isInboundDone() && keepsOutput();
    return halfClosed ? HandshakeStatus.NOT_HANDSHAKING : status;
  }

  /** RFC 8446, section 6.1: each direction is closed by itself, other than before. */
  private boolean keepsOutput() {
    return engine.getSession().getProtocol().equals("TLSv1.3");
  }

  private boolean waitForRoom() throws SSLException {
    if (open) {
      return transfer();
    }
    if (engine.isOutboundDone()) {
      throw new SSLException("TLS was closed during the handshake");
    }
    return false;
  }

  private boolean runTasks() {
    tasksRun = true;
    Callable<Void> all =
        () -> {
          for (Runnable task = next(); task != null; task = next()) {
            task.run();
          }
          return null;
        };
    new OffloadOperation<>(executor, "TLS tasks", peer, all, nothing -> {}).then(this::tasksEnded);
    return false;
  }

  private void tasksEnded(Operation<Void> tasks) {
    IoException failure = tasks.failure();
    if (failure == null) {
      tasksRun = false;
      pump();
    } else if (failure.isCancelled()) {
      // The executor ends. What runs may have the engine still.
      fail(Errno.ECANCELED, failure);
    } else {
      tasksRun = false;
      boolean tooMuch = failure.errno() == Errno.EAGAIN;
      fail(tooMuch ? Errno.EAGAIN : Errno.EPROTO, failure.getCause());
    }
  }

  private @Nullable Runnable next() {
    return engine.getDelegatedTask();
  }

  /**
   * Reads without being asked to. When keys are renegotiated data comes and goes besides; what
   * comes is not read on until it is wanted, and who wants it may wait for what it sends.
   */
  private boolean negotiate() throws SSLException {
    boolean moved = open && output.next();
    moved |= received.deliver();
    if (!received.hasPlain()) {
      moved |= read();
    }
    return moved;
  }

  private boolean transfer() throws SSLException {
    if (!open) {
      opened();
      return true;
    }
    boolean moved = output.next();
    moved |= received.deliver();
    moved |= received.wants() && read();
    return moved;
  }

  private void opened() throws SSLException {
    TlsHandshake waiting = handshake;
    if (waiting == null || engine.isInboundDone() || engine.isOutboundDone()) {
      throw new SSLException("TLS was closed during the handshake");
    }
    open = true;
    handshake = null;
    waiting.complete(0, new TlsSocket(this));
  }

  /** Decrypts one record, or asks the network for it. */
  private boolean read() throws SSLException {
    if (engine.isInboundDone()) {
      return inputEnded();
    }
    IoBuffer record = input.next();
    if (record == null) {
      if (!asked) {
        asked = true;
        network.request(1);
      }
      return false;
    }
    return decrypt(record, TlsInput.plainBytes(record));
  }

  private boolean inputEnded() throws SSLException {
    if (!open) {
      throw new SSLException("the peer closed TLS during the handshake");
    }
    stopReading();
    if (!received.wants()) {
      return false;
    }
    received.end();
    return true;
  }

  private boolean decrypt(IoBuffer record, int plainBytes) throws SSLException {
    IoBuffer plain = executor.buffers().acquire(plainBytes);
    try {
      HandshakeStatus before = engine.getHandshakeStatus();
      SSLEngineResult result = engine.unwrap(record.readable(), plain.writable());
      input.consumed(record, result.bytesConsumed());
      if (result.bytesProduced() > 0) {
        received.add(plain.retain().wrote(result.bytesProduced()));
      }
      return switch (result.getStatus()) {
        case BUFFER_UNDERFLOW -> {
          input.tooLittle(record);
          yield true;
        }
        case BUFFER_OVERFLOW -> enlarge(record, plainBytes);
        case OK, CLOSED ->
            result.bytesConsumed() > 0
                || result.getHandshakeStatus() != before
                || result.getStatus() == Status.CLOSED;
      };
    } finally {
      plain.release();
    }
  }

  private boolean enlarge(IoBuffer record, int tooFew) throws SSLException {
    int wanted = engine.getSession().getApplicationBufferSize();
    if (wanted <= tooFew) {
      throw new SSLException("the engine wants more than " + tooFew + " bytes for a record");
    }
    return decrypt(record, wanted);
  }

  /** Somebody wants plain bytes. */
  void wanted() {
    if (!over) {
      pump();
    } else {
      received.fail(errno(Errno.ECANCELED), cause);
    }
  }

  @Override
  public void element(IoBuffer piece) {
    asked = false;
    if (over) {
      piece.release();
      return;
    }
    input.add(piece);
    pump();
  }

  /** The network gives nothing any more: an end that TLS has not announced may be an attack. */
  @Override
  public void ended(@Nullable IoException failure) {
    asked = false;
    if (failure != null) {
      fail(failure.errno(), failure);
    } else if (!executor.takesIo()) {
      fail(Errno.ECANCELED, new IllegalStateException(executor + " ends"));
    } else if (open) {
      fail(
          Errno.EPROTO,
          new SSLException(
              "the peer ended the connection without close_notify; what it sent may have been cut"
                  + " short"));
    } else {
      fail(Errno.EPROTO, new SSLException("the peer closed the connection during the handshake"));
    }
  }

  private void stopReading() {
    network.end();
    input.release();
  }

  private void fail(int number, @Nullable Throwable reason) {
    if (over) {
      return;
    }
    over = true;
    errno = number;
    cause = reason;
    TlsHandshake waiting = handshake;
    handshake = null;
    closing = waiting != null;
    stopReading();
    output.failWaiting(number, reason);
    if (number == Errno.EPROTO) {
      part(true);
    } else {
      parted();
    }
    received.fail(number, reason);
    if (waiting != null) {
      waiting.complete(-number, reason);
    }
  }

  /** Nobody waits for the handshake any more. */
  void abandoned() {
    handshake = null;
    if (!closing) {
      leave(false);
    }
  }

  /** Completes the operation when the connection below is closed. */
  void close(Operation<Void> closer, boolean reset) {
    if (closed) {
      closer.complete(0, null);
      return;
    }
    closers.add(closer);
    resets |= reset;
    if (!closing) {
      leave(!reset && !over && !output.isBroken());
    }
  }

  void forget(Operation<Void> closer) {
    closers.remove(closer);
  }

  private void leave(boolean politely) {
    closing = true;
    over = true;
    stopReading();
    output.failWaiting(Errno.ECANCELED, null);
    received.close();
    if (parting) {
      return;
    }
    if (politely) {
      part(!output.isBroken()); // only now is it known whether a send was cut short
    } else {
      parted();
    }
  }

  /** Tells the peer that, or why, this is the end; without words it finds something missing. */
  private void part(boolean withWords) {
    IoBuffer last = withWords && !tasksRun ? output.lastWords() : null;
    parting = true;
    new TlsFarewell(executor, inner, source, this::parted).say(last);
  }

  private void parted() {
    parting = false;
    if (!closing) {
      return;
    }
    CellContext.operation(closeInner()).then(close -> innerClosed(close.failure()));
  }

  /** Only TCP can be reset; on others the peer finds the end without close_notify. */
  private IoOp<Void> closeInner() {
    return resets && inner instanceof TcpStream tcp ? tcp.abort() : inner.close();
  }

  private void innerClosed(@Nullable IoException failure) {
    closed = true;
    List<Operation<Void>> waiting = List.copyOf(closers);
    closers.clear();
    waiting.forEach(closer -> closer.complete(failure == null ? 0 : -failure.errno(), failure));
  }
}
