package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a datagram socket receives. Owner executor only, but for {@link #discard}.
 *
 * @param <D> the datagram, with the address of its sender
 */
abstract class DatagramSource<D> extends StreamSource<D> {
  private final CoreExecutor executor;
  private final IoHandle handle;
  private final Class<D> type;
  private final Object localAddress;

  DatagramSource(CoreExecutor executor, IoHandle handle, Class<D> type, Object localAddress) {
    super(executor);
    this.executor = executor;
    this.handle = handle;
    this.type = type;
    this.localAddress = localAddress;
  }

  abstract IoBuffer data(D datagram);

  /** The same datagram with its bytes in another buffer. */
  abstract D with(D datagram, IoBuffer data);

  /** Whether the error is about earlier datagrams, or a peer that may come back. */
  abstract boolean passes(int errno);

  @Override
  final void prepare(IoRequest request) {
    request.opcode = IoOpcode.RECEIVE_DATAGRAM;
    request.handle = handle;
  }

  @Override
  final @Nullable D element(int result, @Nullable Object payload) {
    if (!type.isInstance(payload)) {
      return null;
    }
    D datagram = type.cast(payload);
    return in(executor.watch(data(datagram), this), datagram);
  }

  @Override
  final D keep(D datagram) {
    return in(copy(data(datagram), this), datagram);
  }

  private D in(IoBuffer data, D datagram) {
    return data == data(datagram) ? datagram : with(datagram, data);
  }

  @Override
  final Verdict verdict(int errno) {
    return switch (errno) {
      case Errno.ECANCELED, Errno.EBADF -> Verdict.END;
      case Errno.EINTR, Errno.EAGAIN -> Verdict.RETRY;
      default -> passes(errno) ? Verdict.RETRY : Verdict.FAIL;
    };
  }

  @Override
  final String operation() {
    return "receive";
  }

  @Override
  final String subject() {
    return String.valueOf(localAddress);
  }

  @Override
  public final void discard(D datagram) {
    data(datagram).release();
  }
}
