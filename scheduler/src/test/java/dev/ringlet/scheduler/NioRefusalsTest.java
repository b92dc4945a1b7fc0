package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixDatagramOptions;
import dev.ringlet.io.UnixDatagramSocket;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JDK cannot, the NIO driver refuses with the way out, and all else goes on. */
final class NioRefusalsTest {
  private ActorSystem system;
  private ActorExecutor executor;

  @TempDir Path directory;

  @BeforeEach
  void open() {
    system = Systems.open("nio", 1);
    executor = system.executors().get(0);
  }

  @AfterEach
  void close() {
    system.close();
  }

  private static void assertRefused(CompletionStage<?> stage) {
    IoException refused = Systems.failure(stage);
    assertEquals(Errno.EOPNOTSUPP, refused.errno());
    assertTrue(refused.getMessage().contains("uring driver"), refused.getMessage());
  }

  @Test
  void descriptorsAreNotPassedAndTheConnectionIsAsItWas() throws IOException {
    UnixPair pair = UnixPair.open(executor, directory.resolve("socket"));
    Path path = Files.writeString(directory.resolve("file"), "");
    AsyncFile file = Systems.value(executor, io -> io.open(path));
    assertRefused(pair.near().send(pair.text("x"), file).toCompletionStage());
    assertRefused(pair.far().receiveMessage().toCompletionStage());
    Systems.get(file.close().toCompletionStage());
    assertEquals(1, Systems.get(pair.near().send(pair.text("y")).toCompletionStage()));
    IoBuffer next = Systems.get(Subscriber.first(executor, pair.far().receive()));
    assertArrayEquals(new byte[] {'y'}, next.readAll());
    next.release();
    pair.close();
    Systems.assertAtRest(system);
  }

  @Test
  void unixDatagramSocketsAreNotMade() {
    UnixAddress address = UnixAddress.of(directory.resolve("server"));
    CompletableFuture<CompletionStage<UnixDatagramSocket>> bind = new CompletableFuture<>();
    Systems.inTurn(
        executor,
        context ->
            bind.complete(
                context.io().bind(address, UnixDatagramOptions.defaults()).toCompletionStage()));
    assertRefused(Systems.get(bind));
    Systems.assertAtRest(system);
  }
}
