package dev.ringlet.scheduler;

import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixListener;
import dev.ringlet.io.UnixStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Both ends of a Unix connection, at home on one executor. */
record UnixPair(ActorExecutor executor, UnixStream near, UnixStream far) {
  static UnixPair open(ActorExecutor executor, Path socket) {
    UnixAddress address = UnixAddress.of(socket);
    UnixListener listener =
        Systems.value(executor, io -> io.listen(address, ListenOptions.defaults()));
    CompletableFuture<UnixStream> accepted = Subscriber.first(executor, listener.connections());
    UnixStream near = Systems.value(executor, io -> io.connect(address, SocketOptions.defaults()));
    UnixStream far = Systems.get(accepted);
    Systems.get(listener.close().toCompletionStage());
    return new UnixPair(executor, near, far);
  }

  /** What an end may send. */
  IoBuffer text(String text) {
    CompletableFuture<IoBuffer> buffer = new CompletableFuture<>();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Systems.inTurn(
        executor,
        context -> buffer.complete(context.io().buffer(Math.max(1, bytes.length)).write(bytes)));
    return Systems.get(buffer);
  }

  void close() {
    Systems.get(near.close().toCompletionStage());
    Systems.get(far.close().toCompletionStage());
  }
}
