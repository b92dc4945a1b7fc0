package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.io.IoException;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixListener;
import dev.ringlet.io.UnixStream;
import dev.ringlet.spi.Errno;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unix domain sockets as users see them. */
@OnBothDrivers
final class UnixSocketsTest {
  private final String driver;
  private ActorSystem system;
  private ActorExecutor executor;

  @TempDir Path directory;

  UnixSocketsTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = ActorSystem.create("test", Systems.pool(driver, 1).withReceiveBuffers(64, 4096));
    executor = system.executors().get(0);
  }

  @AfterEach
  void close() {
    system.close();
  }

  private ExecutorStats stats() {
    return system.stats().executors().get(0);
  }

  private UnixAddress path() {
    return UnixAddress.of(directory.resolve("socket"));
  }

  private UnixListener listen(UnixAddress address) {
    return Systems.value(executor, io -> io.listen(address, ListenOptions.defaults()));
  }

  private UnixStream connect(UnixAddress address, SocketOptions options) {
    return Systems.value(executor, io -> io.connect(address, options));
  }

  private CompletionStage<Long> send(UnixStream stream, byte[] data) {
    CompletableFuture<CompletionStage<Long>> sent = new CompletableFuture<>();
    Systems.inTurn(
        executor,
        context ->
            sent.complete(
                stream
                    .send(
                        List.of(
                            context.io().buffer(data.length).write(data, 0, data.length / 2),
                            context
                                .io()
                                .buffer(data.length)
                                .write(data, data.length / 2, data.length - data.length / 2)))
                    .toCompletionStage()));
    return Systems.get(sent);
  }

  private void assertConversation(UnixAddress address) {
    UnixListener listener = listen(address);
    assertEquals(address, listener.address());
    CompletableFuture<UnixStream> accepted = Subscriber.first(executor, listener.connections());
    UnixStream near = connect(address, SocketOptions.defaults().withSendBuffer(100_000));
    UnixStream far = Systems.get(accepted);
    assertEquals(address, near.address());
    assertEquals(address, far.address());
    byte[] data = new byte[2_000_000];
    new Random(1).nextBytes(data);
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    CompletableFuture<Object> end =
        Subscriber.all(
            executor,
            far.receive(),
            buffer -> {
              got.writeBytes(buffer.readAll());
              buffer.release();
            });
    assertEquals(data.length, Systems.get(send(near, data)));
    Systems.get(near.shutdownOutput().toCompletionStage());
    assertEquals("regular end", Systems.get(end));
    assertArrayEquals(data, got.toByteArray());
    Systems.get(near.close().toCompletionStage());
    Systems.get(far.close().toCompletionStage());
    Systems.get(listener.close().toCompletionStage());
    Systems.awaitUntil(() -> stats().buffersLent() == 0 && stats().io().inFlight() == 0);
  }

  @Test
  void bytesGoThroughAPath() throws Exception {
    assertConversation(path());
    assertTrue(Files.exists(directory.resolve("socket")), "the file stays");
  }

  @Test
  void abstractNamesAreForUring() {
    UnixAddress address = UnixAddress.ofAbstract("ringlet-test-" + directory);
    if (driver.equals("uring")) {
      assertConversation(address);
      return;
    }
    CompletableFuture<CompletionStage<UnixStream>> connect = new CompletableFuture<>();
    Systems.inTurn(
        executor,
        context ->
            connect.complete(
                context.io().connect(address, SocketOptions.defaults()).toCompletionStage()));
    IoException refused =
        (IoException) Systems.get(Systems.get(connect).handle((stream, failure) -> failure));
    assertEquals(Errno.EINVAL, refused.errno());
    assertTrue(refused.getMessage().contains("uring driver"), refused.getMessage());
  }

  @Test
  void aSilentPeerEndsTheStreamAtTheReadTimeout() {
    UnixListener listener = listen(path());
    UnixStream stream =
        connect(path(), SocketOptions.defaults().withReadTimeout(Duration.ofMillis(20)));
    IoException failure = (IoException) Systems.get(Subscriber.end(executor, stream.receive()));
    assertEquals(Errno.ETIMEDOUT, failure.errno());
    Systems.get(stream.close().toCompletionStage());
    Systems.get(listener.close().toCompletionStage());
  }

  @Test
  void whatOnlyTcpKnowsIsRefusedAtOnce() {
    ListenOptions defaults = ListenOptions.defaults();
    SocketOptions noDelay = SocketOptions.defaults().withNoDelay(true);
    Systems.inTurn(
        executor,
        context -> {
          assertThrows(
              IllegalArgumentException.class,
              () -> context.io().listen(path(), defaults.withSharedPort()));
          assertThrows(
              IllegalArgumentException.class,
              () -> context.io().listen(path(), defaults.withSocket(noDelay)));
          assertThrows(IllegalArgumentException.class, () -> context.io().connect(path(), noDelay));
        });
    assertThrows(IllegalArgumentException.class, () -> UnixAddress.ofAbstract(""));
    assertThrows(IllegalArgumentException.class, () -> UnixAddress.ofAbstract("x".repeat(108)));
    assertThrows(IllegalArgumentException.class, () -> UnixAddress.ofAbstract("a\0b"));
    assertEquals(path(), path());
    assertEquals("unix:@name", UnixAddress.ofAbstract("name").toString());
  }
}
