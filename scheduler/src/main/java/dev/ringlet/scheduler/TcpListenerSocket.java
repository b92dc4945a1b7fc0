package dev.ringlet.scheduler;

import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A listener over a driver's handle. */
final class TcpListenerSocket implements TcpListener {
  private static final int EPROTO = 71;

  private final CoreExecutor executor;
  private final IoHandle handle;
  private final SocketOptions options;
  private final InetSocketAddress localAddress;
  private final Connections connections;

  TcpListenerSocket(CoreExecutor executor, IoHandle handle, SocketOptions options) {
    this.executor = executor;
    this.handle = handle;
    this.options = options;
    this.localAddress = executor.ioDriver().localAddress(handle);
    this.connections = new Connections();
  }

  @Override
  public IoStream<TcpStream> connections() {
    return connections;
  }

  @Override
  public InetSocketAddress localAddress() {
    return localAddress;
  }

  @Override
  public IoOp<Void> close() {
    return new CloseOperation(executor, handle, connections) {
      @Override
      void beforeClose() {}
    };
  }

  private final class Connections extends StreamSource<TcpStream> {
    Connections() {
      super(TcpListenerSocket.this.executor);
    }

    @Override
    void prepare(IoRequest request) {
      request.opcode = IoOpcode.ACCEPT;
      request.handle = handle;
    }

    @Override
    boolean isIntake() {
      return true;
    }

    @Override
    TcpStream element(int result, @Nullable Object payload) {
      return new TcpSocket(executor, (IoHandle) Objects.requireNonNull(payload), options);
    }

    @Override
    Verdict verdict(int errno) {
      return switch (errno) {
        case Errno.ECONNABORTED, Errno.EINTR, Errno.EAGAIN, EPROTO -> Verdict.RETRY;
        case Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM -> Verdict.BACK_OFF;
        case Errno.ECANCELED, Errno.EBADF, Errno.EINVAL -> Verdict.END;
        default -> Verdict.FAIL;
      };
    }

    @Override
    String operation() {
      return "accept";
    }

    @Override
    String subject() {
      return String.valueOf(localAddress);
    }

    @Override
    public void discard(TcpStream connection) {
      connection.close().toCompletionStage();
    }
  }
}
