package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoDriverStats;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoMemory;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import dev.ringlet.spi.OpenFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A driver owned by the thread of the test, which is its scheduler. Closing it checks that nothing
 * is left.
 */
final class DriverFixture implements AutoCloseable {
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  final UringDriver driver;

  /** Handles that came by accept, in order. */
  final Deque<UringHandle> accepted = new ArrayDeque<>();

  /** What to do in the sink besides remembering. */
  CompletionSink then = (request, result, payload, more) -> {};

  private final List<String> files = OpenFiles.list();
  private final int mappings = ProcessState.ringMappings();

  DriverFixture(int sqEntries, int cqEntries, int buffers, int bufferBytes) {
    this(sqEntries, cqEntries, buffers, bufferBytes, 300);
  }

  DriverFixture(int sqEntries, int cqEntries, int buffers, int bufferBytes, int closeIdleRounds) {
    IoDriverOptions options =
        new IoDriverOptions(sqEntries, cqEntries, buffers, bufferBytes, System::nanoTime);
    driver = UringDriver.open(options, UringProbe.result().require(), closeIdleRounds);
  }

  static DriverFixture normal() {
    return new DriverFixture(64, 256, 16, 1024);
  }

  void sink(IoRequest request, int result, @Nullable Object payload, boolean more) {
    ((TestRequest) request).completions.add(new TestRequest.Completion(result, payload, more));
    if (request.opcode == IoOpcode.ACCEPT && payload != null) {
      accepted.add((UringHandle) payload);
    }
    then.completed(request, result, payload, more);
  }

  TestRequest submit(TestRequest request) {
    driver.submit(request);
    return request;
  }

  /** Submits and turns until it is done. */
  TestRequest run(TestRequest request) {
    submit(request);
    turnUntil(request::isDone);
    return request;
  }

  /** Runs a request that must succeed. */
  TestRequest succeed(TestRequest request) {
    run(request);
    assertTrue(request.result() >= 0, () -> request.opcode + " gave " + request.result());
    return request;
  }

  void turn() {
    driver.flush();
    driver.poll(this::sink);
  }

  void turnUntil(BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        fail("the condition did not come true; " + driver.stats());
      }
      driver.park(TURN_NANOS);
      driver.poll(this::sink);
    }
  }

  IoBuffer buffer(int bytes) {
    IoMemory memory = driver.allocate(bytes);
    return new IoBuffer(memory, 0, bytes, buffer -> {}, 0);
  }

  IoBuffer text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return buffer(bytes.length).write(bytes);
  }

  UringHandle openFile(Path path) {
    int flags = IoRequest.OPEN_READ | IoRequest.OPEN_WRITE | IoRequest.OPEN_CREATE;
    return succeed(TestRequest.open(path, flags)).handlePayload();
  }

  UringHandle listen() {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return succeed(TestRequest.listen(any, 0)).handlePayload();
  }

  UringHandle connect(UringHandle listener) {
    return succeed(TestRequest.connect(driver.localAddress(listener))).handlePayload();
  }

  /** Two ends of a connection, both of them of this driver. */
  Pair pair() {
    UringHandle listener = listen();
    TestRequest accept = submit(TestRequest.on(listener, IoOpcode.ACCEPT));
    UringHandle client = connect(listener);
    turnUntil(accept::isDone);
    accepted.clear();
    closeHandle(listener);
    return new Pair(client, accept.handlePayload());
  }

  record Pair(UringHandle client, UringHandle server) {}

  void send(UringHandle handle, String text) {
    IoBuffer buffer = text(text);
    int length = buffer.readableBytes();
    TestRequest send = succeed(TestRequest.transfer(IoOpcode.SEND, handle, buffer, length, 0));
    assertEquals(length, send.result());
  }

  void closeHandle(IoHandle handle) {
    succeed(TestRequest.on(handle, IoOpcode.CLOSE));
  }

  /** Reads and releases what a receive has brought so far. */
  static String received(TestRequest receive) {
    StringBuilder text = new StringBuilder();
    for (IoBuffer buffer : buffers(receive)) {
      text.append(new String(buffer.readAll(), StandardCharsets.UTF_8));
      buffer.release();
    }
    return text.toString();
  }

  /** The buffers of a receive that nobody has released. */
  static List<IoBuffer> buffers(TestRequest receive) {
    List<IoBuffer> buffers = new ArrayList<>();
    for (TestRequest.Completion completion : receive.completions) {
      if (completion.payload() instanceof IoBuffer buffer && !buffer.isReleased()) {
        buffers.add(buffer);
      }
    }
    return buffers;
  }

  @Override
  public void close() {
    closeAfterStale();
    assertEquals(0, driver.stats().staleCompletions(), () -> driver.stats().toString());
  }

  /** The same after a test to which stale completions belong. */
  void closeAfterStale() {
    driver.close(this::sink);
    driver.close(this::sink);
    IoDriverStats stats = driver.stats();
    assertEquals(0, stats.inFlight(), stats::toString);
    assertEquals(stats.submitted(), stats.completed(), stats::toString);
    assertEquals(List.of(), OpenFiles.since(files));
    assertEquals(mappings, ProcessState.ringMappings(), "mappings of rings");
  }
}
