package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import org.jspecify.annotations.Nullable;

/** Moves what comes through a pipe into a file, request by request. Owner executor only. */
final class PipeReceive extends Operation<Long> {
  /** What one request moves at most. */
  private static final int REQUEST_BYTES = 1 << 20;

  private final StreamSource<?> source;
  private final DriverFile file;
  private final long to;
  private final long total;
  private long done;
  private boolean reserved;

  /** Whether the request of a subscription that was ended is with the driver. */
  private boolean waits;

  PipeReceive(StreamSource<?> source, IoHandle pipe, DriverFile file, long to, long total) {
    super(source.home(), "receiveTo");
    this.opcode = IoOpcode.RECEIVE_FILE;
    this.handle = pipe;
    this.otherHandle = file.handle();
    this.source = source;
    this.file = file;
    this.to = to;
    this.total = total;
  }

  @Override
  String subject() {
    return source.subject() + " to " + file.path();
  }

  @Override
  void begin() {
    if (file.turns().isClosing()) {
      complete(-Errno.EBADF, null);
    } else if (total == 0) {
      complete(0, null);
    } else if (source.reserve(this)) {
      reserved = true;
      waits = source.isDraining();
      if (!waits) {
        aim();
        submit();
      }
    } else {
      complete(
          -Errno.EBUSY,
          new IllegalStateException("it is read already; end the subscription or operation first"));
    }
  }

  /** Nobody else reads any more. */
  void drained() {
    if (!waits) {
      return;
    }
    waits = false;
    if (file.turns().isClosing()) {
      complete(-Errno.EBADF, null);
      return;
    }
    try {
      aim();
      submit();
    } catch (RuntimeException refused) {
      complete(-Errno.EINVAL, refused);
    }
  }

  @Override
  boolean leavesQueue() {
    return waits;
  }

  private void aim() {
    position = to + done;
    length = (int) Math.min(REQUEST_BYTES, total - done);
  }

  @Override
  boolean step(int result, @Nullable Object payload) {
    if (result == -Errno.EOPNOTSUPP) {
      String way = "this kernel cannot do it; subscribe to receive() and write what comes";
      fail(Errno.EOPNOTSUPP, new UnsupportedOperationException(way));
      return true;
    }
    if (result < 0) {
      fail(result, payload);
      return true;
    }
    done += result;
    if (result == 0 || done == total) {
      succeed(done);
      return true;
    }
    if (isCancelled()) {
      fail(Errno.ECANCELED, null);
      return true;
    }
    aim();
    submit();
    return false;
  }

  @Override
  void ended() {
    waits = false;
    if (reserved) {
      reserved = false;
      source.giveFree();
    }
  }
}
