package dev.ringlet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoMemory;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A world with one driver, whose requests are executed one after the other unless said. */
final class DiskRig {
  static final int READ_WRITE = IoRequest.OPEN_READ | IoRequest.OPEN_WRITE;
  static final int CREATE = READ_WRITE | IoRequest.OPEN_CREATE;

  final SimWorld world;
  private SimDriver driver;

  DiskRig(long seed) {
    world = new SimWorld(seed, FaultPlan.NONE);
    boot();
  }

  /** A request that keeps its completion. */
  static final class Request extends IoRequest {
    private boolean finished;
    private int result;
    private Object payload;

    Request(IoOpcode opcode) {
      this.opcode = opcode;
    }

    boolean isFinished() {
      return finished;
    }

    Object payload() {
      return payload;
    }

    int result() {
      assertTrue(finished, opcode + " is finished");
      return result;
    }
  }

  private void boot() {
    driver =
        (SimDriver) world.drivers().create(new IoDriverOptions(64, 256, 8, 1024, world.clock()));
  }

  /** The process is gone, and another one begins. */
  void kill() {
    driver.kill();
    boot();
  }

  void powerLoss() {
    driver.kill();
    world.powerLoss();
    boot();
  }

  Request submit(Request request) {
    request.finished = false;
    driver.submit(request);
    return request;
  }

  /** Does the next thing; false if nothing will come. */
  boolean step() {
    driver.flush();
    boolean more = world.stepToNext();
    driver.poll(
        (request, result, payload, ignored) -> {
          Request own = (Request) request;
          own.finished = true;
          own.result = result;
          own.payload = payload;
        });
    return more;
  }

  /** The kernel sees what was submitted. */
  void start() {
    driver.flush();
  }

  /** A fault comes in place of what it asks for. */
  void refuse(Request request) {
    SimOperation operation = world.operation(driver, request);
    operation.seen(world.disk());
    world.disk().refused(operation);
  }

  int run(Request request) {
    submit(request);
    while (!request.finished) {
      assertTrue(step() || request.finished, request.opcode + " is never finished");
    }
    return request.result;
  }

  void succeed(Request request) {
    assertEquals(0, run(request), request.opcode::toString);
  }

  IoHandle open(String path, int flags) {
    Request open = onPath(IoOpcode.OPEN, path);
    open.flags = flags;
    open.length = 0666;
    succeed(open);
    return (IoHandle) open.payload;
  }

  Request onPath(IoOpcode opcode, String path) {
    Request request = new Request(opcode);
    request.path = world.path(path);
    return request;
  }

  Request onPaths(IoOpcode opcode, String path, String other) {
    Request request = onPath(opcode, path);
    request.otherPath = world.path(other);
    return request;
  }

  Request on(IoHandle file, IoOpcode opcode) {
    Request request = new Request(opcode);
    request.handle = file;
    return request;
  }

  Request writing(IoHandle file, long position, byte[] bytes) {
    Request request = on(file, IoOpcode.WRITE);
    request.position = position;
    IoMemory memory = new IoMemory(ByteBuffer.allocate(Math.max(1, bytes.length)), 0);
    request.buffer = new IoBuffer(memory, 0, bytes.length, ignored -> {}, 0).write(bytes);
    request.length = bytes.length;
    return request;
  }

  void write(IoHandle file, long position, byte[] bytes) {
    assertEquals(bytes.length, run(writing(file, position, bytes)), "bytes written");
  }

  void sync(IoHandle file) {
    succeed(on(file, IoOpcode.DATA_SYNC));
  }

  void truncate(IoHandle file, long size) {
    Request request = on(file, IoOpcode.TRUNCATE);
    request.position = size;
    succeed(request);
  }

  void close(IoHandle file) {
    succeed(on(file, IoOpcode.CLOSE));
  }

  void syncDirectory(String path) {
    IoHandle directory = open(path, IoRequest.OPEN_READ);
    succeed(on(directory, IoOpcode.SYNC));
    close(directory);
  }

  void rename(String from, String to) {
    succeed(onPaths(IoOpcode.RENAME, from, to));
  }

  /** A file that survives a power loss. */
  void keep(String path, byte[] content) {
    IoHandle file = open(path, CREATE);
    write(file, 0, content);
    sync(file);
    close(file);
    Path parent = world.path(path).getParent();
    syncDirectory(parent.toString());
  }

  boolean exists(String path) {
    return Files.exists(world.path(path));
  }

  byte[] content(String path) {
    try {
      return Files.readAllBytes(world.path(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text(String path) {
    return new String(content(path), StandardCharsets.UTF_8);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] filled(int count, int value) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
