package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoDriverProvider;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What this driver promises beyond the contract of all drivers. */
final class NioDriverTest {
  private static final int FILE_THREADS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration CLOSE_PATIENCE = Duration.ofMillis(100);

  /** A request with the one completion that was reported. */
  private static final class Request extends IoRequest {
    int result;
    @Nullable Object payload;
    boolean finished;
  }

  @TempDir Path directory;

  private long now = 1_000;
  private NioDriver driver;

  @BeforeEach
  void open() throws IOException {
    IoDriverOptions options = new IoDriverOptions(64, 256, 4, 1024, () -> now);
    driver = new NioDriver(options, Selector.open(), CLOSE_PATIENCE.toNanos());
  }

  @AfterEach
  void close() {
    driver.close(this::completed);
  }

  private void completed(IoRequest request, int result, @Nullable Object payload, boolean more) {
    Request own = (Request) request;
    own.result = result;
    own.payload = payload;
    own.finished = !more;
    if (payload instanceof IoBuffer buffer) {
      own.payload = buffer.readAll();
      buffer.release();
    }
  }

  private void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - deadline < 0, "waited in vain");
      driver.park(Duration.ofMillis(1).toNanos());
      driver.poll(this::completed);
    }
  }

  private Request submit(IoOpcode opcode, @Nullable IoHandle handle) {
    Request request = new Request();
    request.opcode = opcode;
    request.handle = handle;
    driver.submit(request);
    return request;
  }

  private Request await(Request request) {
    until(() -> request.finished);
    return request;
  }

  private Request submitOpen(Path path) {
    Request open = new Request();
    open.opcode = IoOpcode.OPEN;
    open.path = path;
    open.flags = IoRequest.OPEN_READ;
    driver.submit(open);
    return open;
  }

  private Request transfer(IoOpcode opcode, IoHandle handle, IoBuffer buffer) {
    Request request = new Request();
    request.opcode = opcode;
    request.handle = handle;
    request.buffer = buffer;
    request.length = buffer.capacity();
    driver.submit(request);
    return request;
  }

  private IoBuffer buffer(int bytes) {
    return new IoBuffer(driver.allocate(bytes), 0, bytes, unused -> {}, 0);
  }

  private IoHandle connect(ServerSocket server) {
    Request connect = new Request();
    connect.opcode = IoOpcode.CONNECT;
    connect.address = (InetSocketAddress) server.getLocalSocketAddress();
    driver.submit(connect);
    return (IoHandle) await(connect).payload;
  }

  private static ServerSocket server() throws IOException {
    return new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
  }

  private static long fileThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(fileThreadPrefix()))
        .peek(thread -> assertTrue(thread.isDaemon()))
        .count();
  }

  private static String fileThreadPrefix() {
    return Thread.currentThread().getName() + "-file-";
  }

  /** Opening a pipe for reading blocks until somebody opens it for writing. */
  private Path pipe(String name) throws Exception {
    Path pipe = directory.resolve(name);
    Process process = new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start();
    assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
    return pipe;
  }

  @Test
  void isFoundAsTheLastResort() {
    IoDriverProvider provider =
        ServiceLoader.load(IoDriverProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(found -> found.name().equals("nio"))
            .findFirst()
            .orElseThrow();
    assertEquals(0, provider.priority());
    assertNull(provider.unavailabilityCause());
  }

  @Test
  void goesByItsClock() {
    Request delay = new Request();
    delay.opcode = IoOpcode.DELAY;
    delay.position = Duration.ofHours(1).toNanos();
    driver.submit(delay);
    now += delay.position - 1;
    driver.flush();
    driver.poll(this::completed);
    assertFalse(delay.finished);
    now++;
    driver.flush();
    assertTrue(driver.completionsPending());
    assertEquals(1, driver.poll(this::completed));
    assertTrue(delay.finished);
  }

  @Test
  void theClockMayPassItsLargestNumber() {
    now = Long.MAX_VALUE - 10;
    Request delay = new Request();
    delay.opcode = IoOpcode.DELAY;
    delay.position = 100;
    driver.submit(delay);
    assertEquals(0, driver.poll(this::completed));
    now += 100;
    assertEquals(1, driver.poll(this::completed));
  }

  @Test
  void threadsForFilesStartWhenNeededAndEndWithTheDriver() throws IOException {
    assertEquals(0, fileThreads());
    Path path = Files.write(directory.resolve("file"), new byte[100]);
    IoHandle file = (IoHandle) await(submitOpen(path)).payload;
    assertNotNull(file);
    List<Request> reads = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      reads.add(transfer(IoOpcode.READ, file, buffer(100)));
    }
    reads.forEach(this::await);
    assertTrue(fileThreads() > 0 && fileThreads() <= FILE_THREADS);
    driver.close(this::completed);
    Awaitility.await().atMost(PATIENCE).until(() -> fileThreads() == 0);
  }

  /** All threads are stuck; the cancelled request neither waits for them nor runs later. */
  @Test
  void aFileRequestThatWaitsForAThreadIsCancelledAtOnce() throws Exception {
    Path path = Files.write(directory.resolve("file"), new byte[] {1, 2, 3});
    IoHandle file = (IoHandle) await(submitOpen(path)).payload;
    assertNotNull(file);
    List<Path> pipes = new ArrayList<>();
    List<Request> stuck = new ArrayList<>();
    for (int i = 0; i < FILE_THREADS; i++) {
      pipes.add(pipe("pipe" + i));
      stuck.add(submitOpen(pipes.get(i)));
    }
    until(() -> fileThreads() == FILE_THREADS);
    IoBuffer buffer = buffer(3);
    Request read = transfer(IoOpcode.READ, file, buffer);
    driver.cancel(read);
    assertEquals(-Errno.ECANCELED, await(read).result);
    for (Path pipe : pipes) {
      Files.newOutputStream(pipe).close();
    }
    stuck.forEach(this::await);
    assertEquals(3L, await(submit(IoOpcode.SIZE, file)).payload);
    assertArrayEquals(new byte[3], buffer.setIndex(0, 3).readAll());
  }

  /** Better an end with a complaint than an executor that never ends. */
  @Test
  void theCloseGivesUpOnAThreadThatIsStuck() throws Exception {
    Path pipe = pipe("pipe");
    Request stuck = submitOpen(pipe);
    Request delay = new Request();
    delay.opcode = IoOpcode.DELAY;
    delay.position = Duration.ofHours(1).toNanos();
    driver.submit(delay);
    until(() -> fileThreads() == 1);
    driver.close(this::completed);
    assertTrue(delay.finished);
    boolean cancelledInTime = stuck.finished;
    assertEquals(cancelledInTime ? 0 : 1, driver.stats().inFlight());
    assertThrows(IllegalStateException.class, driver::flush);
    if (!cancelledInTime) {
      Files.newOutputStream(pipe).close();
    }
    Awaitility.await().atMost(PATIENCE).until(() -> fileThreads() == 0);
  }

  @Test
  void extendingAFileSparesWhatIsWrittenMeanwhile() throws IOException {
    Path path = directory.resolve("file");
    Request open = new Request();
    open.opcode = IoOpcode.OPEN;
    open.path = path;
    open.flags = IoRequest.OPEN_WRITE | IoRequest.OPEN_CREATE;
    driver.submit(open);
    IoHandle file = (IoHandle) await(open).payload;
    assertNotNull(file);
    IoBuffer ones = buffer(1).write(new byte[] {1});
    int count = 2_000;
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Request write = new Request();
      write.opcode = IoOpcode.WRITE;
      write.handle = file;
      write.buffer = ones;
      write.length = 1;
      write.position = i;
      Request extend = new Request();
      extend.opcode = IoOpcode.TRUNCATE;
      extend.handle = file;
      extend.position = count;
      driver.submit(write);
      driver.submit(extend);
      requests.add(write);
      requests.add(extend);
    }
    requests.forEach(this::await);
    byte[] content = Files.readAllBytes(path);
    assertEquals(count, content.length);
    for (byte value : content) {
      assertEquals(1, value);
    }
  }

  @Test
  void receivesOfOneConnectionAreServedInOrder() throws IOException {
    try (ServerSocket server = server()) {
      IoHandle handle = connect(server);
      try (Socket peer = server.accept()) {
        List<Request> receives = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          receives.add(submit(IoOpcode.RECEIVE, handle));
        }
        for (int i = 0; i < 10; i++) {
          peer.getOutputStream().write(i);
          assertArrayEquals(new byte[] {(byte) i}, (byte[]) await(receives.get(i)).payload);
        }
      }
    }
  }

  @Test
  void outputOfOneConnectionKeepsItsOrder() throws Exception {
    try (ServerSocket server = server()) {
      IoHandle handle = connect(server);
      try (Socket peer = server.accept()) {
        List<Request> outputs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          outputs.add(transfer(IoOpcode.SEND, handle, buffer(1 << 20)));
        }
        outputs.add(submit(IoOpcode.SHUTDOWN_OUTPUT, handle));
        driver.poll(this::completed);
        assertFalse(outputs.get(20).finished, "behind what waits for room");
        Thread reader = new Thread(() -> drain(peer));
        reader.start();
        outputs.forEach(this::await);
        reader.join(PATIENCE.toMillis());
        assertFalse(reader.isAlive(), "the end of the output arrives last");
        outputs.forEach(output -> assertTrue(output.result >= 0));
      }
    }
  }

  private static void drain(Socket peer) {
    try {
      peer.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void requestsThatAHandleDoesNotKnowFail() throws IOException {
    try (ServerSocket server = server()) {
      IoHandle connection = connect(server);
      Path path = Files.write(directory.resolve("file"), new byte[1]);
      IoHandle file = (IoHandle) await(submitOpen(path)).payload;
      assertEquals(-Errno.EINVAL, await(submit(IoOpcode.ACCEPT, connection)).result);
      assertEquals(-Errno.EINVAL, await(submit(IoOpcode.SIZE, connection)).result);
      assertEquals(-Errno.EINVAL, await(submit(IoOpcode.RECEIVE, file)).result);
    }
  }

  @Test
  void failuresCarryTheException() {
    Request open = await(submitOpen(directory.resolve("none")));
    assertEquals(-Errno.ENOENT, open.result);
    assertTrue(open.payload instanceof IOException);
  }
}
