package dev.ringlet.scheduler;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.BufferLeak;
import dev.ringlet.io.BufferLease;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.TcpStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Buffers that got lost are found. */
@OnBothDrivers
final class BufferLeakTest {
  private static final int LIMIT = 1 << 20;

  private final String driver;
  private final List<BufferLeak> leaks = new CopyOnWriteArrayList<>();
  @TempDir private Path folder;
  private @Nullable ActorSystem system;

  BufferLeakTest(String driver) {
    this.driver = driver;
  }

  private ActorExecutor start(int oneIn) {
    ActorSystem made =
        ActorSystem.create(
            "test", Systems.pool(driver, 1).withBufferMemory(LIMIT).withLeakDetection(oneIn));
    system = made;
    made.subscribe(
        BufferLeak.class,
        made.spawn(() -> (leak, context) -> leaks.add(leak), ActorOptions.defaults()));
    return made.executors().get(0);
  }

  @AfterEach
  void close() {
    if (system != null) {
      system.close();
    }
  }

  private static Io io(ActorExecutor executor) {
    CompletableFuture<Io> given = new CompletableFuture<>();
    Systems.inTurn(executor, context -> given.complete(context.io()));
    return Systems.get(given);
  }

  private static IoBuffer lease(ActorExecutor executor, int bytes) {
    CompletableFuture<IoBuffer> given = new CompletableFuture<>();
    Systems.inTurn(executor, context -> given.complete(context.io().buffer(bytes)));
    return Systems.get(given);
  }

  private static void lose(ActorContext<Object> context) {
    context.io().buffer(1000).write(new byte[10]);
  }

  private static void awaitLeaks(ActorExecutor executor, int count) {
    Systems.awaitUntil(
        () -> {
          System.gc();
          return executor.stats().buffersLeaked() == count;
        });
  }

  @Test
  void aLostBufferIsCountedToldLoggedAndTakenBack() {
    ActorExecutor executor = start(1);
    try (LogCapture log = LogCapture.of(LeakDetector.class)) {
      Systems.inTurn(executor, BufferLeakTest::lose);
      assertEquals(1, executor.stats().buffersLent());
      awaitLeaks(executor, 1);
      Systems.awaitUntil(() -> executor.stats().buffersLent() == 0 && leaks.size() == 1);
      BufferLease lease = leaks.get(0).lease();
      assertEquals(0, lease.executor());
      assertEquals("Io.buffer", lease.operation());
      assertEquals(1024, lease.bytes());
      assertTrue(lease.actor().startsWith("/test/"), lease.actor());
      assertEquals("lose", lease.place().get(0).getMethodName());
      assertEquals(1, log.warnings().size());
      assertTrue(log.warnings().get(0).contains("1024 bytes from Io.buffer of /test/"));
      assertEquals(List.of(), executor.watchedBuffers());
    }
  }

  @Test
  void aReleasedBufferIsNoLeak() {
    ActorExecutor executor = start(1);
    IoBuffer kept = lease(executor, 100);
    for (int i = 0; i < 100; i++) {
      lease(executor, 1000).release();
    }
    IoBuffer again = lease(executor, 1000);
    again.release();
    assertThrows(IllegalStateException.class, again::release);
    Systems.inTurn(executor, BufferLeakTest::lose);
    awaitLeaks(executor, 1);
    assertEquals(1, executor.watchedBuffers().size());
    assertEquals(256, executor.watchedBuffers().get(0).bytes());
    kept.release();
    assertEquals(List.of(), executor.watchedBuffers());
    Systems.awaitUntil(() -> executor.stats().buffersLent() == 0);
  }

  @Test
  void aSliceKeepsItsBufferFromBeingLost() {
    ActorExecutor executor = start(1);
    // Nothing on this thread's stack keeps it.
    AtomicReference<@Nullable IoBuffer> slice = new AtomicReference<>();
    Systems.inTurn(executor, context -> slice.set(context.io().buffer(100).slice(0, 10)));
    Systems.inTurn(executor, BufferLeakTest::lose);
    awaitLeaks(executor, 1);
    assertEquals(1, executor.watchedBuffers().size());
    slice.set(null);
    awaitLeaks(executor, 2);
    Systems.awaitUntil(() -> executor.stats().buffersLent() == 0);
  }

  @Test
  void aLostReadNamesTheFile() throws Exception {
    ActorExecutor executor = start(1);
    Io io = io(executor);
    Path path = Files.write(folder.resolve("data"), "hello".getBytes(US_ASCII));
    AsyncFile file = Systems.get(io.open(path).toCompletionStage());
    assertEquals(5, Systems.get(file.read(0, 10).toCompletionStage()).readableBytes());
    awaitLeaks(executor, 1);
    Systems.awaitUntil(() -> leaks.size() == 1);
    assertEquals("read " + path, leaks.get(0).lease().operation());
  }

  /** Also while the executor has nothing to run: who waits is a reason to look. */
  @Test
  void whoWaitsForMemoryGetsThatOfLostBuffers() {
    ActorExecutor executor = start(1);
    Io io = io(executor);
    Systems.inTurn(executor, context -> context.io().buffer(LIMIT).setIndex(0, 1));
    CompletableFuture<IoBuffer> waiting =
        io.bufferWhenFree(LIMIT).toCompletionStage().toCompletableFuture();
    Systems.awaitUntil(
        () -> {
          System.gc();
          return waiting.isDone();
        });
    Systems.get(waiting).release();
    assertEquals(1, executor.stats().buffersLeaked());
  }

  @Test
  void whatArrivedAndGotLostNamesTheActor() throws Exception {
    ActorExecutor executor = start(1);
    InetSocketAddress address =
        Systems.listen(
            executor,
            (stream, context) ->
                context.spawn(() -> new Forgetful(stream), ActorOptions.named("forgetful")));
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.getOutputStream().write("hello".getBytes(US_ASCII));
      awaitLeaks(executor, 1);
      Systems.awaitUntil(() -> leaks.size() == 1 && executor.stats().io().buffersLent() == 0);
      BufferLease lease = leaks.get(0).lease();
      assertTrue(lease.operation().startsWith("receive "), lease.operation());
      assertTrue(lease.actor().endsWith("/forgetful"), lease.actor());
    }
  }

  private record Forgetful(TcpStream stream) implements Actor<IoBuffer> {
    @Override
    public void preStart(ActorContext<IoBuffer> context) {
      context.subscribe(stream.receive(), buffer -> buffer, Long.MAX_VALUE);
    }

    @Override
    public void receive(IoBuffer buffer, ActorContext<IoBuffer> context) {}
  }

  @Test
  void someOfManyAreWatched() {
    ActorExecutor executor = start(10);
    int count = 2000;
    CompletableFuture<List<IoBuffer>> all = new CompletableFuture<>();
    Systems.inTurn(
        executor,
        context ->
            all.complete(Stream.generate(() -> context.io().buffer(100)).limit(count).toList()));
    int watched = executor.watchedBuffers().size();
    // A mean of 200; it cannot be less than one in 19, nor, by any luck, half of them.
    assertTrue(watched >= count / 19 - 1 && watched < count / 2, watched + " are watched");
    Systems.get(all).forEach(IoBuffer::release);
    assertEquals(List.of(), executor.watchedBuffers());
  }

  @Test
  void nothingIsWatchedWithoutDetection() {
    ActorExecutor executor = start(0);
    IoBuffer buffer = lease(executor, 100);
    assertEquals(List.of(), executor.watchedBuffers());
    buffer.release();
    assertThrows(
        IllegalArgumentException.class, () -> ExecutorPool.defaults().withLeakDetection(-1));
  }
}
