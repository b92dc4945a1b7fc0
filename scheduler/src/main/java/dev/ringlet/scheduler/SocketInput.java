package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoMemory;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a connection receives: as a subscription, or in single operations, which are with the driver
 * one at a time. They are refused while there is a subscription; one that begins meanwhile is not
 * armed before they have ended. Owner executor only.
 */
final class SocketInput extends StreamSource<IoBuffer> {
  private static final IoMemory NOTHING = new IoMemory(ByteBuffer.allocateDirect(0), 0);

  private final CoreExecutor executor;
  private final IoHandle handle;
  private final SocketWatch watch;

  /** The one that is with the driver. */
  private @Nullable SingleReceive<?> current;

  /** Those behind it; most connections have none, ever. */
  private @Nullable ArrayDeque<SingleReceive<?>> waiting;

  /**
   * What came for a subscription that had ended when single operations waited already: they are
   * served from it, and then the next subscription. Most connections have none, ever.
   */
  private @Nullable ArrayDeque<IoBuffer> kept;

  private boolean starting;

  SocketInput(CoreExecutor executor, IoHandle handle, SocketWatch watch) {
    super(executor);
    this.executor = executor;
    this.handle = handle;
    this.watch = watch;
  }

  IoHandle handle() {
    return handle;
  }

  /** What a single operation gets at the end: a lease as any other, without a byte. */
  static IoBuffer nothing() {
    return new IoBuffer(NOTHING, 0, 0, buffer -> {}, 0);
  }

  /** Whether nobody takes anything from it. */
  boolean isIdle() {
    return !isSubscribed() && !anySingle() && !keeps();
  }

  private boolean keeps() {
    return kept != null && !kept.isEmpty();
  }

  private boolean anySingle() {
    return current != null || (waiting != null && !waiting.isEmpty());
  }

  /** Its turn comes behind those that have begun, and behind a subscription that is ending. */
  void begin(SingleReceive<?> single) {
    if (isTaken()) {
      single.complete(
          -Errno.EBUSY,
          new IllegalStateException(
              this + " has a subscription, which gets all that comes; cancel it before"));
      return;
    }
    if (waiting == null) {
      waiting = new ArrayDeque<>(2);
    }
    waiting.add(single);
    single.queued = true;
    startNext();
  }

  void ended(SingleReceive<?> single) {
    if (single.queued && waiting != null) {
      single.queued = false;
      waiting.remove(single);
    } else if (current == single) {
      current = null;
      startNext();
    }
    handOnKept();
    goOn();
  }

  /** Those that wait for their turn end before the socket is closed. */
  void cancelWaiting() {
    ArrayDeque<IoBuffer> unwanted = kept;
    kept = null;
    if (unwanted != null) {
      unwanted.forEach(this::discard);
    }
    for (SingleReceive<?> single = dequeue(); single != null; single = dequeue()) {
      single.complete(-Errno.ECANCELED, null);
    }
  }

  private @Nullable SingleReceive<?> dequeue() {
    SingleReceive<?> first = waiting == null ? null : waiting.poll();
    if (first != null) {
      first.queued = false;
    }
    return first;
  }

  /** A loop: what the driver refuses ends at once. */
  private void startNext() {
    if (starting) {
      return;
    }
    starting = true;
    while (current == null && !isDraining()) {
      SingleReceive<?> next = dequeue();
      if (next == null) {
        break;
      }
      current = next;
      try {
        serve(next);
      } catch (RuntimeException refused) {
        next.complete(-Errno.EINVAL, refused);
      }
    }
    starting = false;
  }

  private void serve(SingleReceive<?> next) {
    IoBuffer first = kept == null ? null : kept.peek();
    if (kept == null || first == null) {
      next.submit();
      return;
    }
    if (next.takes()) {
      kept.remove();
    }
    next.serve(first);
  }

  @Override
  boolean keepsForOthers(IoBuffer element) {
    if (!anySingle() && !keeps()) {
      return false;
    }
    if (kept == null) {
      kept = new ArrayDeque<>(2);
    }
    kept.add(keep(element));
    return true;
  }

  @Override
  void opened() {
    handOnKept();
  }

  /** Once nobody is before it the subscription has what is left. */
  private void handOnKept() {
    while (kept != null && isTaken() && !isHeld()) {
      IoBuffer first = kept.poll();
      if (first == null) {
        break;
      }
      inherit(first);
    }
  }

  @Override
  boolean isHeld() {
    return super.isHeld() || anySingle();
  }

  @Override
  void drained() {
    startNext();
    handOnKept();
  }

  @Override
  void prepare(IoRequest request) {
    request.opcode = IoOpcode.RECEIVE;
    request.handle = handle;
  }

  @Override
  void armed() {
    watch.inputBegins();
  }

  @Override
  @Nullable IoBuffer element(int result, @Nullable Object payload) {
    watch.inputCame();
    return payload == null ? null : executor.watch((IoBuffer) payload, this);
  }

  @Override
  IoBuffer keep(IoBuffer received) {
    return copy(received, this);
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
