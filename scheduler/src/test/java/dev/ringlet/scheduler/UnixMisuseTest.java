package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixDatagramOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong use of Unix sockets is refused at once, also by a driver that has less of them. */
@OnBothDrivers
final class UnixMisuseTest {
  private final String driver;
  private ActorSystem system;
  private ActorExecutor executor;

  @TempDir Path directory;

  UnixMisuseTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = Systems.open(driver, 2);
    executor = system.executors().get(0);
  }

  @AfterEach
  void close() {
    system.close();
  }

  @Test
  void whatCannotBePassedIsRefusedAtOnce() throws IOException {
    UnixPair pair = UnixPair.open(executor, directory.resolve("socket"));
    Path path = Files.writeString(directory.resolve("file"), "");
    AsyncFile file = Systems.value(executor, io -> io.open(path, StandardOpenOption.READ));
    AsyncFile foreign =
        Systems.value(system.executors().get(1), io -> io.open(path, StandardOpenOption.READ));
    IoBuffer buffer = pair.text("x");
    IoBuffer empty = pair.text("");
    assertThrows(IllegalArgumentException.class, () -> pair.near().send(buffer, foreign));
    assertThrows(IllegalArgumentException.class, () -> pair.near().send(empty, file));
    buffer.release();
    empty.release();
    Systems.get(foreign.close().toCompletionStage());
    Systems.get(file.close().toCompletionStage());
    pair.close();
    Systems.assertAtRest(system);
  }

  @Test
  void optionsThatAUnixDatagramSocketDoesNotKnowAreRefusedAtOnce() {
    UnixAddress address = UnixAddress.of(directory.resolve("x"));
    SocketOptions times = SocketOptions.defaults().withReadTimeout(Duration.ofSeconds(1));
    SocketOptions broadcast = SocketOptions.defaults().withBroadcast(true);
    Systems.inTurn(
        executor,
        context -> {
          for (SocketOptions wrong : List.of(times, broadcast)) {
            UnixDatagramOptions options = UnixDatagramOptions.defaults().withSocket(wrong);
            assertThrows(IllegalArgumentException.class, () -> context.io().bind(address, options));
          }
        });
    Systems.assertAtRest(system);
  }
}
