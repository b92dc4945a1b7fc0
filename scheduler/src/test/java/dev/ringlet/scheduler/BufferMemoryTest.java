package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.BufferMemoryException;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.TcpStream;
import dev.ringlet.spi.Errno;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens when the memory for buffers is used up. */
@OnBothDrivers
final class BufferMemoryTest {
  private static final int LIMIT = 1 << 20;
  private static final int HALF = LIMIT / 2;

  private final String driver;
  @TempDir private Path folder;
  private ActorSystem system;
  private ActorExecutor executor;
  private Io io;
  private AsyncFile file;

  BufferMemoryTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() throws Exception {
    system = ActorSystem.create("test", Systems.pool(driver, 1).withBufferMemory(LIMIT));
    executor = system.executors().get(0);
    CompletableFuture<Io> given = new CompletableFuture<>();
    Systems.inTurn(executor, context -> given.complete(context.io()));
    io = Systems.get(given);
    Path path = Files.write(folder.resolve("data"), new byte[LIMIT]);
    file = Systems.get(io.open(path).toCompletionStage());
  }

  @AfterEach
  void close() {
    system.close();
  }

  private ExecutorStats stats() {
    return executor.stats();
  }

  private void assertAllIsGivenBack() {
    Systems.awaitUntil(() -> stats().buffersLent() == 0 && stats().bufferWaits() == 0);
    assertTrue(stats().bufferBytes() <= LIMIT, () -> stats().toString());
  }

  private IoBuffer lease(int bytes) {
    CompletableFuture<IoBuffer> given = new CompletableFuture<>();
    Systems.inTurn(executor, context -> given.complete(context.io().buffer(bytes)));
    return Systems.get(given);
  }

  private static <T> CompletableFuture<T> start(IoOp<T> operation) {
    return operation.toCompletionStage().toCompletableFuture();
  }

  private void awaitWaiting(int operations) {
    Systems.awaitUntil(() -> stats().bufferWaits() == operations);
  }

  private static int errnoOf(CompletableFuture<?> stage) {
    CompletionException thrown = assertThrows(CompletionException.class, () -> Systems.get(stage));
    return assertInstanceOf(IoException.class, thrown.getCause()).errno();
  }

  /** The second would fit at once, but must not overtake the first. */
  @Test
  void readsWaitForMemoryInTheirOrder() {
    IoBuffer held = lease(HALF);
    CompletableFuture<IoBuffer> large = start(file.read(0, LIMIT));
    CompletableFuture<IoBuffer> small = start(file.read(0, 100));
    awaitWaiting(2);
    assertFalse(large.isDone());
    assertFalse(small.isDone());
    held.release();
    IoBuffer first = Systems.get(large);
    assertEquals(LIMIT, first.readableBytes());
    awaitWaiting(1);
    assertFalse(small.isDone());
    first.release();
    IoBuffer second = Systems.get(small);
    assertEquals(100, second.readableBytes());
    second.release();
    assertAllIsGivenBack();
  }

  @Test
  void aSliceHoldsTheMemoryToo() {
    IoBuffer held = lease(LIMIT);
    IoBuffer slice = held.slice(0, 10);
    held.release();
    CompletableFuture<IoBuffer> read = start(file.read(0, 100));
    awaitWaiting(1);
    slice.release();
    Systems.get(read).release();
    assertAllIsGivenBack();
  }

  @Test
  void whoIsCancelledLetsTheNextPass() {
    IoBuffer held = lease(HALF);
    IoOp<IoBuffer> first = file.read(0, LIMIT);
    CompletableFuture<IoBuffer> large = start(first);
    CompletableFuture<IoBuffer> small = start(file.read(0, 100));
    awaitWaiting(2);
    first.cancel();
    assertEquals(Errno.ECANCELED, errnoOf(large));
    Systems.get(small).release();
    held.release();
    assertAllIsGivenBack();
  }

  @Test
  void whoWaitsTooLongTimesOutAndLetsTheNextPass() {
    IoBuffer held = lease(HALF);
    CompletableFuture<IoBuffer> large =
        start(io.bufferWhenFree(LIMIT).timeout(Duration.ofMillis(20)));
    CompletableFuture<IoBuffer> small = start(file.read(0, 100));
    assertEquals(Errno.ETIMEDOUT, errnoOf(large));
    Systems.get(small).release();
    held.release();
    assertAllIsGivenBack();
  }

  @Test
  void whoStopsLeavesTheLine() {
    IoBuffer held = lease(LIMIT);
    ActorRef<Object> reader = system.spawn(() -> new Reader(file), ActorOptions.defaults());
    awaitWaiting(1);
    CompletableFuture<IoBuffer> other = start(file.read(0, 100));
    awaitWaiting(2);
    system.stop(reader);
    awaitWaiting(1);
    held.release();
    Systems.get(other).release();
    assertAllIsGivenBack();
  }

  private record Reader(AsyncFile file) implements Actor<Object> {
    @Override
    public void preStart(ActorContext<Object> context) {
      context.await(file.read(0, 100), (buffer, failure) -> {});
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {}
  }

  @Test
  void closingTheSystemEndsTheWait() {
    IoBuffer held = lease(LIMIT);
    CompletableFuture<IoBuffer> read = start(file.read(0, 100));
    CompletableFuture<IoBuffer> lease = start(io.bufferWhenFree(100));
    awaitWaiting(2);
    system.close();
    assertEquals(Errno.ECANCELED, errnoOf(read));
    assertEquals(Errno.ECANCELED, errnoOf(lease));
    held.release();
  }

  @Test
  void aFileThatIsClosedMeanwhileIsNotRead() {
    IoBuffer held = lease(LIMIT);
    CompletableFuture<IoBuffer> read = start(file.read(0, 100));
    awaitWaiting(1);
    Systems.get(file.close().toCompletionStage());
    held.release();
    assertEquals(Errno.EBADF, errnoOf(read));
    assertAllIsGivenBack();
  }

  @Test
  void whoDoesNotWaitIsToldWhyAndTheWayOut() {
    IoBuffer held = lease(LIMIT);
    String message = refused(1000);
    assertTrue(message.contains("a buffer of 1000 bytes"), message);
    assertTrue(message.contains("limit is " + LIMIT + " bytes"), message);
    assertTrue(message.contains(LIMIT + " of them are taken for 1 buffers"), message);
    assertTrue(message.contains("bufferWhenFree"), message);
    assertTrue(message.contains("withBufferMemory"), message);
    held.release();
    lease(1000).release();
    assertAllIsGivenBack();
  }

  private String refused(int bytes) {
    CompletableFuture<String> message = new CompletableFuture<>();
    Systems.inTurn(
        executor,
        context ->
            message.complete(
                assertThrows(BufferMemoryException.class, () -> context.io().buffer(bytes))
                    .getMessage()));
    return Systems.get(message);
  }

  /** Else those who do not wait could keep those who do from ever getting memory. */
  @Test
  void whoDoesNotWaitMustNotOvertake() {
    IoBuffer held = lease(HALF);
    CompletableFuture<IoBuffer> large = start(io.bufferWhenFree(LIMIT));
    awaitWaiting(1);
    assertTrue(refused(100).contains("1 operations wait"));
    held.release();
    Systems.get(large).release();
    lease(100).release();
    assertAllIsGivenBack();
  }

  @Test
  void whatCanNeverFitIsRefusedAtOnce() {
    assertNeverFits(() -> file.read(0, LIMIT + 1));
    assertNeverFits(() -> io.bufferWhenFree(LIMIT + 1));
    Systems.inTurn(executor, context -> assertNeverFits(() -> context.io().buffer(LIMIT + 1)));
    assertThrows(
        IllegalArgumentException.class, () -> ExecutorPool.defaults().withBufferMemory(LIMIT - 1));
  }

  private static void assertNeverFits(Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    assertTrue(message.contains(String.valueOf(LIMIT + 1)), message);
    assertTrue(message.contains("withBufferMemory"), message);
  }

  @Test
  void keptMemoryOfOneSizeGivesWayToAnother() {
    for (int size = 256; size <= LIMIT; size *= 2) {
      List<IoBuffer> all = new ArrayList<>();
      for (int i = 0; i < LIMIT / Math.max(size, 256 * 1024); i++) {
        all.add(lease(size));
      }
      all.forEach(IoBuffer::release);
      assertAllIsGivenBack();
    }
    lease(HALF).release();
    assertAllIsGivenBack();
  }

  /** What arrives without demand stays in the receive buffers then. */
  @Test
  void whatArrivesMeanwhileIsNotLost() throws Exception {
    IoBuffer held = lease(LIMIT);
    AtomicLong received = new AtomicLong();
    InetSocketAddress address =
        Systems.listen(
            executor,
            (stream, context) ->
                context.spawn(() -> new OneByOne(stream, received), ActorOptions.defaults()));
    int count = 500;
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setTcpNoDelay(true);
      for (int i = 0; i < count; i++) {
        socket.getOutputStream().write(new byte[1000]);
      }
      Systems.awaitUntil(() -> received.get() == count * 1000L);
    }
    assertEquals(1, stats().buffersLent());
    held.release();
    assertAllIsGivenBack();
  }

  private static final class OneByOne implements Actor<IoBuffer> {
    private final TcpStream stream;
    private final AtomicLong received;
    private @Nullable IoSubscription subscription;

    OneByOne(TcpStream stream, AtomicLong received) {
      this.stream = stream;
      this.received = received;
    }

    @Override
    public void preStart(ActorContext<IoBuffer> context) {
      subscription = context.subscribe(stream.receive(), buffer -> buffer, 1);
    }

    @Override
    public void receive(IoBuffer buffer, ActorContext<IoBuffer> context) {
      received.addAndGet(buffer.readableBytes());
      buffer.release();
      Objects.requireNonNull(subscription).request(1);
    }
  }

  /** Sizes mixed, released by other threads in any order: everyone is served. */
  @Test
  void everyoneIsServedInTheEnd() {
    Random random = new Random(5);
    ExecutorService others = Executors.newFixedThreadPool(3);
    AtomicLong served = new AtomicLong();
    int count = 3_000;
    try {
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int bytes = 1 << random.nextInt(21);
        IoOp<IoBuffer> lease = i % 4 == 0 ? file.read(0, bytes) : io.bufferWhenFree(bytes);
        if (i % 7 == 0) {
          lease.timeout(Duration.ofMillis(1 + random.nextInt(20)));
        }
        all.add(
            start(lease)
                .handleAsync(
                    (buffer, failure) -> {
                      if (buffer != null) {
                        served.incrementAndGet();
                        buffer.release();
                      }
                      return null;
                    },
                    others));
        if (i % 5 == 0) {
          lease.cancel();
        }
        assertTrue(stats().bufferBytes() <= LIMIT);
      }
      all.forEach(Systems::get);
    } finally {
      others.shutdown();
    }
    assertTrue(served.get() >= count / 2, served + " were served");
    assertAllIsGivenBack();
  }
}
