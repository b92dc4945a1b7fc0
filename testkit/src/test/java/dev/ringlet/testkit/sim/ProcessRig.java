package dev.ringlet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoRequest;
import dev.ringlet.spi.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A simulated process with one driver. What it waits for has the whole world go on. */
final class ProcessRig {
  static final int RECEIVE_BUFFERS = 8;
  static final int RECEIVE_BUFFER_BYTES = 1024;

  final SimWorld world;
  final SimDriver driver;
  private boolean killed;

  ProcessRig(SimWorld world, SimDriverProvider drivers) {
    this.world = world;
    this.driver =
        (SimDriver)
            drivers.create(
                new IoDriverOptions(64, 256, RECEIVE_BUFFERS, RECEIVE_BUFFER_BYTES, Ticker.SYSTEM));
  }

  /** Of the machine that is there from the beginning. */
  ProcessRig(SimWorld world) {
    this(world, (SimDriverProvider) world.drivers());
  }

  private static void completed(IoRequest request, int result, Object payload, boolean more) {
    Call call = (Call) request;
    assertTrue(call.inFlight, () -> "a completion after the last one: " + call);
    call.inFlight = more;
    call.completions.add(new Call.Completion(result, payload, more));
  }

  Call submit(Call call) {
    call.inFlight = true;
    driver.submit(call);
    driver.flush();
    return call;
  }

  void poll() {
    driver.flush();
    while (driver.completionsPending()) {
      driver.poll(ProcessRig::completed);
    }
  }

  /** Has the world go on until something holds here. */
  void until(BooleanSupplier condition) {
    poll();
    while (!condition.getAsBoolean()) {
      assertTrue(world.stepToNext(), () -> "nothing will come: " + driver.inFlight());
      poll();
    }
  }

  /** Everything that will come within a time has come. */
  void settle(long nanos) {
    long until = world.clock().elapsedNanos() + nanos;
    for (long left = nanos;
        world.agenda().nanosToNext() <= left;
        left = until - world.clock().elapsedNanos()) {
      world.stepToNext();
    }
    world.clock().advance(until - world.clock().elapsedNanos());
    poll();
  }

  void settle() {
    settle(20_000_000);
  }

  Call await(Call call) {
    until(call::isFinished);
    return call;
  }

  int run(Call call) {
    return await(submit(call)).last().result();
  }

  <T> T payload(Class<T> type, Call call) {
    int result = run(call);
    assertTrue(result >= 0, () -> call + ": " + Errno.describe(-result));
    return assertInstanceOf(type, call.last().payload());
  }

  IoHandle handle(Call call) {
    return payload(IoHandle.class, call);
  }

  void fails(int errno, Call call) {
    int result = run(call);
    assertEquals(-errno, result, () -> call + ": expected " + Errno.describe(errno));
  }

  void close(IoHandle handle) {
    assertEquals(0, run(Call.close(handle)));
  }

  IoBuffer buffer(byte[] content) {
    int capacity = Math.max(1, content.length);
    return new IoBuffer(driver.allocate(capacity), 0, capacity, buffer -> {}, 0).write(content);
  }

  IoBuffer buffer(String content) {
    return buffer(content.getBytes(StandardCharsets.US_ASCII));
  }

  /** A file of the simulated disk, open. */
  IoHandle file(String path, byte[] content) throws IOException {
    Files.write(world.path(path), content);
    return handle(Call.open(world.path(path), IoRequest.OPEN_READ | IoRequest.OPEN_WRITE));
  }

  void send(IoHandle handle, String content) {
    assertEquals(content.length(), run(Call.send(handle, buffer(content))));
  }

  /** Receives so many bytes. */
  String receive(IoHandle handle, int count) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (bytes.size() < count) {
      bytes.writeBytes(take(payload(IoBuffer.class, Call.receive(handle))));
    }
    return bytes.toString(StandardCharsets.US_ASCII);
  }

  static byte[] take(IoBuffer buffer) {
    byte[] bytes = buffer.readAll();
    buffer.release();
    return bytes;
  }

  /** Sends until a send waits, which it gives, and all that went before. */
  Call fill(IoHandle handle, List<Call> sent) {
    for (int i = 0; i < 100; i++) {
      Call send = submit(Call.send(handle, buffer(new byte[100_000])));
      settle();
      if (!send.isFinished()) {
        return send;
      }
      sent.add(send);
    }
    throw new AssertionError("10 MB went to a peer that does not read");
  }

  Call fill(IoHandle handle) {
    return fill(handle, new ArrayList<>());
  }

  void kill() {
    driver.kill();
    killed = true;
  }

  /** Nothing is in flight, and no buffer out. */
  void assertQuiet() {
    if (killed) {
      assertEquals(List.of(), driver.open());
      return;
    }
    assertEquals(List.of(), driver.inFlight());
    assertEquals(0, driver.stats().buffersLent());
    assertEquals(driver.stats().submitted(), driver.stats().completed());
  }
}
