package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.OpenFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The end of a driver; the fixture's close checks descriptors, mappings and counters. */
@RequiresUring
@Timeout(120)
class UringDriverCloseTest {
  private static final long LONG_NANOS = TimeUnit.HOURS.toNanos(1);

  @TempDir Path folder;

  @Test
  void closeReportsWhatWasInFlightAndClosesHandles() {
    List<TestRequest> requests = new ArrayList<>();
    try (DriverFixture io = new DriverFixture(4, 8, 4, 256)) {
      DriverFixture.Pair pair = io.pair();
      UringHandle listener = io.listen();
      UringHandle file = io.openFile(folder.resolve("data"));
      requests.add(io.submit(TestRequest.multishot(pair.server(), IoOpcode.RECEIVE)));
      requests.add(io.submit(TestRequest.multishot(listener, IoOpcode.ACCEPT)));
      requests.add(io.submit(TestRequest.on(file, IoOpcode.DATA_SYNC)));
      io.turn();
      for (int i = 0; i < 20; i++) {
        requests.add(io.submit(TestRequest.delay(LONG_NANOS)));
      }
      requests.add(io.submit(TestRequest.on(pair.client(), IoOpcode.CLOSE)));
      requests.add(io.submit(TestRequest.connect(io.driver.localAddress(listener))));
    }
    assertTrue(requests.stream().allMatch(TestRequest::isDone));
    assertTrue(
        requests.stream()
            .allMatch(request -> request.result() == 0 || request.result() == -Errno.ECANCELED));
  }

  @Test
  void closeOfAStarvedReceiveAndOfLeasedBuffers() {
    TestRequest receive;
    try (DriverFixture io = new DriverFixture(8, 8, 2, 64)) {
      DriverFixture.Pair pair = io.pair();
      receive = io.submit(TestRequest.multishot(pair.server(), IoOpcode.RECEIVE));
      io.send(pair.client(), "z".repeat(300));
      io.turnUntil(() -> io.driver.stats().bufferShortages() == 1);
    }
    assertEquals(-Errno.ECANCELED, receive.result());
    List<IoBuffer> leases = DriverFixture.buffers(receive);
    assertEquals(2, leases.size());
    assertEquals("z".repeat(128), DriverFixture.received(receive), "leases outlive the driver");
    assertTrue(leases.stream().allMatch(IoBuffer::isReleased));
  }

  /**
   * The disk takes its time and cannot be cancelled; the close waits for it however often it looks
   * in vain.
   */
  @Test
  void closeWaitsForTheDisk() {
    TestRequest sync;
    int size = 64 << 20;
    try (DriverFixture io = new DriverFixture(8, 8, 2, 64, 50)) {
      UringHandle file = io.openFile(folder.resolve("large"));
      io.succeed(TestRequest.transfer(IoOpcode.WRITE, file, io.buffer(size), size, 0));
      sync = io.submit(TestRequest.on(file, IoOpcode.DATA_SYNC));
      io.turn();
    }
    assertTrue(sync.isDone());
  }

  @Test
  void requestsOfTheSinkDuringCloseAreRefusedByCompletion() {
    List<TestRequest> late = new ArrayList<>();
    try (DriverFixture io = DriverFixture.normal()) {
      io.submit(TestRequest.delay(LONG_NANOS));
      io.then =
          (request, result, payload, more) -> {
            if (late.size() < 3) {
              TestRequest next = TestRequest.delay(LONG_NANOS);
              late.add(next);
              io.submit(next);
            }
          };
    }
    assertEquals(3, late.size());
    assertTrue(late.stream().allMatch(request -> request.result() == -Errno.ECANCELED));
  }

  @Test
  void useAfterCloseThrowsAndNeverCrashes() {
    DriverFixture io = DriverFixture.normal();
    DriverFixture.Pair pair = io.pair();
    TestRequest delay = io.submit(TestRequest.delay(LONG_NANOS));
    UringDriver driver = io.driver;
    io.close();
    assertThrows(IllegalStateException.class, () -> driver.submit(TestRequest.delay(1)));
    assertThrows(IllegalStateException.class, () -> driver.cancel(delay));
    assertThrows(IllegalStateException.class, () -> driver.poll(io::sink));
    assertThrows(IllegalStateException.class, driver::flush);
    assertThrows(IllegalStateException.class, () -> driver.park(1));
    assertThrows(IllegalStateException.class, () -> driver.allocate(8));
    assertThrows(IllegalStateException.class, () -> driver.localAddress(pair.client()));
    assertThrows(IllegalStateException.class, () -> driver.remoteAddress(pair.client()));
    assertFalse(driver.completionsPending());
    assertEquals(0, driver.stats().inFlight());
    assertTrue(driver.description().contains("io_uring"));
    driver.wakeup();
  }

  /**
   * Others wake and look while the owner unmaps; they must touch neither the mapping nor a reused
   * descriptor.
   */
  @Test
  void othersMayWakeAndLookDuringClose() throws InterruptedException {
    for (int round = 0; round < 50; round++) {
      DriverFixture io = DriverFixture.normal();
      UringDriver driver = io.driver;
      AtomicBoolean stop = new AtomicBoolean();
      List<Thread> others = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Thread other =
            new Thread(
                () -> {
                  while (!stop.get()) {
                    driver.wakeup();
                    driver.completionsPending();
                    driver.stats();
                  }
                });
        other.start();
        others.add(other);
      }
      io.turn();
      io.turn();
      io.close();
      stop.set(true);
      for (Thread other : others) {
        other.join();
      }
    }
  }

  @Test
  void manyDriversInARowLeaveNothing() {
    List<String> files = OpenFiles.list();
    int mappings = ProcessState.ringMappings();
    for (int i = 0; i < 100; i++) {
      try (DriverFixture io = DriverFixture.normal()) {
        DriverFixture.Pair pair = io.pair();
        TestRequest receive = io.submit(TestRequest.multishot(pair.server(), IoOpcode.RECEIVE));
        io.send(pair.client(), "hello");
        io.turnUntil(() -> !receive.completions.isEmpty());
      }
    }
    assertEquals(List.of(), OpenFiles.since(files));
    assertEquals(mappings, ProcessState.ringMappings());
  }

  @Test
  void onlyTheOwnerCloses() throws InterruptedException {
    try (DriverFixture io = DriverFixture.normal()) {
      AtomicBoolean refused = new AtomicBoolean();
      Thread other =
          new Thread(
              () -> {
                assertThrows(IllegalStateException.class, () -> io.driver.close(io::sink));
                refused.set(true);
              });
      other.start();
      other.join();
      assertTrue(refused.get());
      io.succeed(TestRequest.delay(1));
    }
  }

  /**
   * With no patience at all the driver keeps its memory for good, since the kernel may still use
   * it.
   */
  @Test
  void memoryThatTheKernelKeepsIsNotGivenBack() {
    DriverFixture io = new DriverFixture(8, 8, 2, 64, 0);
    int mappings = ProcessState.ringMappings();
    TestRequest delay = io.submit(TestRequest.delay(LONG_NANOS));
    io.turn();
    io.driver.close(io::sink);
    assertEquals(mappings, ProcessState.ringMappings());
    assertFalse(delay.isDone());
    assertThrows(IllegalStateException.class, io.driver::flush);
    io.driver.wakeup();
    io.driver.close(io::sink);
  }

  /** What was interrupted before it did anything is tried again, the second answer is stale. */
  @Test
  void interruptedOperationsAreRepeated() {
    DriverFixture io = DriverFixture.normal();
    UringHandle file = io.openFile(folder.resolve("data"));
    TestRequest write = TestRequest.transfer(IoOpcode.WRITE, file, io.text("hello"), 5, 0);
    io.submit(write);
    long userData = UserData.of(write.driverSlot, generation(io, write));
    assertFalse(io.driver.completer.complete(userData, -Errno.EINTR, 0, io::sink));
    io.turnUntil(write::isDone);
    assertEquals(5, write.result());
    io.turnUntil(() -> io.driver.stats().staleCompletions() == 1);
    assertEquals(1, write.completions.size());

    io.submit(write);
    io.driver.cancel(write);
    userData = UserData.of(write.driverSlot, generation(io, write));
    assertTrue(io.driver.completer.complete(userData, -Errno.EINTR, 0, io::sink));
    assertEquals(-Errno.ECANCELED, write.result(), "but not after it was cancelled");
    io.driver.close(io::sink);
  }

  private static int generation(DriverFixture io, TestRequest request) {
    return io.driver.table.slot(request.driverSlot).generation;
  }

  /** A ring that the kernel has taken away is given up, loudly and once. */
  @Test
  void brokenRingIsClosedNevertheless() {
    DriverFixture io = DriverFixture.normal();
    io.submit(TestRequest.delay(LONG_NANOS));
    io.turn();
    Syscalls.unregisterRings(ProcessState.ringFd());
    assertThrows(UringException.class, () -> io.driver.close(io::sink));
    assertThrows(IllegalStateException.class, io.driver::flush);
    assertFalse(io.driver.completionsPending());
    io.driver.wakeup();
    io.driver.close(io::sink);
  }

  @Test
  void staleAndDoubleCompletionsAreCountedNotDelivered() {
    DriverFixture io = DriverFixture.normal();
    TestRequest delay = io.submit(TestRequest.delay(LONG_NANOS));
    int slot = delay.driverSlot;
    io.driver.completer.complete(UserData.of(slot, 77), 0, 0, io::sink);
    io.driver.completer.complete(UserData.of(9_999, 1), 0, 0, io::sink);
    io.driver.cancel(delay);
    io.turnUntil(delay::isDone);
    io.driver.completer.complete(UserData.of(slot, 1), 0, 0, io::sink);
    assertEquals(1, delay.completions.size());
    assertEquals(3, io.driver.stats().staleCompletions());
    io.driver.close(io::sink);
  }
}
