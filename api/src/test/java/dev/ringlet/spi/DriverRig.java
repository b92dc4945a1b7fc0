package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * A driver under test, owned by the thread that made it, and what every driver must keep to
 * whatever a test does: completions come out of poll and close only, in the number that poll tells,
 * one last one for each request.
 */
final class DriverRig {
  static final int SUBMISSION_ENTRIES = 64;
  static final int COMPLETION_ENTRIES = 256;
  static final int RECEIVE_BUFFERS = 8;
  static final int RECEIVE_BUFFER_BYTES = 1024;

  /** After this a test fails: far beyond what anything here takes. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final long STEP_NANOS = Duration.ofMillis(1).toNanos();

  final IoDriver driver;
  private final Set<IoHandle> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Throwable> violations = new ArrayList<>();
  private boolean reporting;
  private int reported;
  private int mostPerPoll;

  DriverRig(IoDriverProvider provider) {
    this(provider, RECEIVE_BUFFERS);
  }

  DriverRig(IoDriverProvider provider, int receiveBuffers) {
    driver =
        provider.create(
            new IoDriverOptions(
                SUBMISSION_ENTRIES,
                COMPLETION_ENTRIES,
                receiveBuffers,
                RECEIVE_BUFFER_BYTES,
                Ticker.SYSTEM));
  }

  /** How many file descriptors the process has open. */
  static int descriptors() {
    return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
  }

  /** The largest number of completions that came out of one poll. */
  int mostPerPoll() {
    return mostPerPoll;
  }

  TestRequest submit(TestRequest request) {
    boolean outside = !reporting;
    int before = reported;
    request.inFlight = true;
    driver.submit(request);
    assertFalse(outside && reported != before, "a completion came out of submit");
    return request;
  }

  void cancel(TestRequest request) {
    int before = reported;
    driver.cancel(request);
    assertEquals(before, reported, "completions came out of cancel");
  }

  int poll() {
    int before = reported;
    reporting = true;
    int told = driver.poll(this::completed);
    reporting = false;
    throwViolations();
    assertEquals(reported - before, told, "what poll says it has reported");
    mostPerPoll = Math.max(mostPerPoll, told);
    return told;
  }

  private void completed(IoRequest ioRequest, int result, Object payload, boolean more) {
    try {
      TestRequest request = (TestRequest) ioRequest;
      assertTrue(reporting, "a completion outside of poll and close");
      assertTrue(request.inFlight, () -> "a completion after the last one: " + request);
      check(request, result, payload);
      request.inFlight = more;
      request.completions.add(new TestRequest.Completion(reported++, result, payload, more));
      track(request, result, payload);
      request.onCompletion.run();
    } catch (Throwable e) { // the sink must not throw: the test fails after the poll
      violations.add(e);
    }
  }

  private static void check(TestRequest request, int result, Object payload) {
    if (result < 0 && payload != null) {
      assertInstanceOf(Throwable.class, payload);
    }
    if (payload instanceof IoBuffer buffer) {
      assertEquals(result, buffer.readableBytes(), "readable bytes of a received buffer");
      assertTrue(result > 0, "a buffer without bytes");
    }
    assertTrue(result > -4096, () -> request + ": not an error number: " + result);
  }

  private void track(TestRequest request, int result, Object payload) {
    if (payload instanceof IoHandle handle) {
      open.add(handle);
    }
    if (payload instanceof PipeEnds ends) {
      open.add(ends.readEnd());
      open.add(ends.writeEnd());
    }
    if (request.opcode == IoOpcode.CLOSE && result == 0) {
      open.remove(request.handle);
    }
  }

  /** The driver has let go of it. */
  void gone(IoHandle handle) {
    open.remove(handle);
  }

  private void throwViolations() {
    if (!violations.isEmpty()) {
      AssertionError error = new AssertionError("in the sink: " + violations.get(0).getMessage());
      violations.forEach(error::addSuppressed);
      violations.clear();
      throw error;
    }
  }

  /** One turn of a loop: everything that is there is reported; waits a little if nothing is. */
  void turn() {
    driver.flush();
    if (poll() == 0) {
      driver.park(STEP_NANOS);
      poll();
    }
  }

  /** Enough turns for everything to show that is on its way. */
  void settle() {
    for (int i = 0; i < 20; i++) {
      turn();
    }
  }

  void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - deadline < 0, "waited in vain until " + what);
      turn();
    }
  }

  /** Waits for the last completion. */
  TestRequest await(TestRequest request) {
    until(request + " is finished", request::isFinished);
    return request;
  }

  void awaitCompletions(TestRequest request, int count) {
    until(count + " completions of " + request, () -> request.completions.size() >= count);
  }

  /** Submits a request with one completion and gives its result. */
  int run(TestRequest request) {
    return await(submit(request)).last().result();
  }

  /** Submits a request with one completion, which must succeed, and gives its payload. */
  <T> T payload(Class<T> type, TestRequest request) {
    int result = run(request);
    assertTrue(result >= 0, () -> request + ": " + Errno.describe(-result));
    return assertInstanceOf(type, request.last().payload());
  }

  IoHandle handle(TestRequest request) {
    return payload(IoHandle.class, request);
  }

  void fails(int errno, TestRequest request) {
    int result = run(request);
    assertEquals(-errno, result, () -> request + ": expected " + Errno.describe(errno));
  }

  void close(IoHandle handle) {
    assertEquals(0, run(TestRequest.close(handle)), "result of close");
  }

  /** An empty buffer on memory of the driver. */
  IoBuffer buffer(int bytes) {
    return new IoBuffer(driver.allocate(bytes), 0, bytes, buffer -> {}, 0);
  }

  IoBuffer buffer(byte[] content) {
    return buffer(content.length).write(content);
  }

  /** The bytes of a received buffer, which is released. */
  byte[] take(TestRequest.Completion completion) {
    IoBuffer buffer = assertInstanceOf(IoBuffer.class, completion.payload());
    byte[] bytes = buffer.readAll();
    buffer.release();
    return bytes;
  }

  /** The same for all completions that have a buffer, in order. */
  byte[] takeAll(TestRequest request) {
    Bytes bytes = new Bytes();
    for (TestRequest.Completion completion : request.completions) {
      if (completion.payload() instanceof IoBuffer) {
        bytes.add(take(completion));
      }
    }
    return bytes.toArray();
  }

  /** Closes what is open, checks that nothing is left over, and closes the driver. */
  void finish() {
    for (IoHandle handle : List.copyOf(open)) {
      close(handle);
    }
    assertEquals(Set.of(), open, "handles that are still open");
    assertQuiet();
    closeDriver();
    assertQuiet();
  }

  void assertQuiet() {
    IoDriverStats stats = driver.stats();
    assertEquals(0, stats.inFlight(), () -> "requests in flight: " + stats);
    assertEquals(stats.submitted(), stats.completed(), () -> "requests completed: " + stats);
    assertEquals(0, stats.buffersLent(), () -> "buffers lent: " + stats);
  }

  void closeDriver() {
    reporting = true;
    driver.close(this::completed);
    reporting = false;
    throwViolations();
  }
}
