package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.OpenFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cancelling, and closing handles with things in flight. */
@RequiresUring
@Timeout(60)
class UringDriverCancelTest {
  private static final long LONG_NANOS = TimeUnit.HOURS.toNanos(1);

  private final DriverFixture io = new DriverFixture(4, 8, 16, 1024);

  @AfterEach
  void close() {
    io.close();
  }

  @Test
  void delayEndsWithItsTime() {
    long start = System.nanoTime();
    TestRequest delay = io.succeed(TestRequest.delay(TimeUnit.MILLISECONDS.toNanos(20)));
    assertEquals(0, delay.result());
    assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(20));
    io.succeed(TestRequest.delay(0));
    io.succeed(TestRequest.delay(-1));
  }

  @Test
  void cancelledDelayEndsAtOnce() {
    TestRequest delay = io.submit(TestRequest.delay(LONG_NANOS));
    io.turn();
    io.driver.cancel(delay);
    io.driver.cancel(delay);
    io.turnUntil(delay::isDone);
    assertEquals(-Errno.ECANCELED, delay.result());
    assertEquals(1, delay.completions.size());
  }

  @Test
  void cancelBeforeTheKernelHasSeenTheRequest() {
    TestRequest delay = io.submit(TestRequest.delay(LONG_NANOS));
    io.driver.cancel(delay);
    io.turnUntil(delay::isDone);
    assertEquals(-Errno.ECANCELED, delay.result());
  }

  @Test
  void cancelOfWhatWaitsForRoomNeedsNoKernel() {
    List<TestRequest> delays = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      delays.add(io.submit(TestRequest.delay(LONG_NANOS)));
    }
    TestRequest waiting = delays.get(19);
    io.driver.cancel(waiting);
    assertTrue(waiting.completions.isEmpty(), "never inside of cancel");
    assertTrue(io.driver.completionsPending());
    io.driver.poll(io::sink);
    assertEquals(-Errno.ECANCELED, waiting.result());
    delays.forEach(io.driver::cancel);
    io.turnUntil(() -> delays.stream().allMatch(TestRequest::isDone));
    assertTrue(delays.stream().allMatch(delay -> delay.result() == -Errno.ECANCELED));
  }

  @Test
  void cancelOfAQueuedConnectClosesItsSocket() {
    for (int i = 0; i < 10; i++) {
      io.submit(TestRequest.delay(LONG_NANOS));
    }
    List<String> files = OpenFiles.list();
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
    TestRequest connect = io.submit(TestRequest.connect(address));
    io.driver.cancel(connect);
    io.driver.poll(io::sink);
    assertEquals(-Errno.ECANCELED, connect.result());
    assertEquals(List.of(), OpenFiles.since(files));
  }

  /** Its bytes are in the pipe already, and its next step waits for room in the ring. */
  @Test
  void cancelOfAFileOnItsWayLeavesNothingForTheNext(@TempDir Path folder) throws Exception {
    DriverFixture.Pair pair = io.pair();
    UringHandle file = io.openFile(Files.writeString(folder.resolve("data"), "0123456789"));
    TestRequest cancelled = io.submit(sendFile(pair.client(), file, 10));
    io.driver.flush();
    while (!io.driver.completionsPending()) {
      Thread.onSpinWait();
    }
    List<TestRequest> delays = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      delays.add(io.submit(TestRequest.delay(LONG_NANOS)));
    }
    io.driver.poll(io::sink);
    assertFalse(cancelled.isDone());
    io.driver.cancel(cancelled);
    io.driver.poll(io::sink);
    assertEquals(-Errno.ECANCELED, cancelled.result(), "it was not with the kernel");
    delays.forEach(io.driver::cancel);
    io.turnUntil(() -> delays.stream().allMatch(TestRequest::isDone));
    assertEquals(4, io.run(sendFile(pair.client(), file, 4)).result());
    TestRequest received = io.run(TestRequest.on(pair.server(), IoOpcode.RECEIVE));
    assertEquals("0123", DriverFixture.received(received));
  }

  private static TestRequest sendFile(UringHandle socket, UringHandle file, int length) {
    TestRequest send = TestRequest.on(socket, IoOpcode.SEND_FILE);
    send.otherHandle = file;
    send.length = length;
    return send;
  }

  @Test
  void cancelOfWhatIsNotThereDoesNothing() {
    TestRequest never = TestRequest.delay(1);
    io.driver.cancel(never);
    TestRequest done = io.succeed(TestRequest.delay(1));
    io.driver.cancel(done);
    never.driverSlot = 1 << 20;
    io.driver.cancel(never);
    io.turn();
    assertTrue(never.completions.isEmpty());
    assertEquals(1, done.completions.size());
  }

  @Test
  void cancelledRequestMayBeSubmittedAgain() {
    TestRequest delay = TestRequest.delay(LONG_NANOS);
    for (int i = 0; i < 50; i++) {
      io.submit(delay);
      io.driver.cancel(delay);
      io.turnUntil(delay::isDone);
      assertEquals(1, delay.completions.size());
      assertEquals(-Errno.ECANCELED, delay.result());
      delay.completions.clear();
    }
  }

  @Test
  void closingASocketEndsWhatIsInFlightFirst() {
    DriverFixture.Pair pair = io.pair();
    List<TestRequest> receives = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      receives.add(io.submit(TestRequest.on(pair.server(), IoOpcode.RECEIVE)));
      io.turn();
    }
    for (int i = 0; i < 10; i++) {
      receives.add(io.submit(TestRequest.on(pair.server(), IoOpcode.RECEIVE)));
    }
    TestRequest close = io.submit(TestRequest.on(pair.server(), IoOpcode.CLOSE));
    io.then =
        (request, result, payload, more) -> {
          if (request == close) {
            assertTrue(receives.stream().allMatch(TestRequest::isDone), "closed too early");
          }
        };
    io.turnUntil(close::isDone);
    assertEquals(0, close.result());
    assertTrue(receives.stream().allMatch(receive -> receive.result() == -Errno.ECANCELED));
    TestRequest end = io.run(TestRequest.on(pair.client(), IoOpcode.RECEIVE));
    assertTrue(end.result() == 0 || end.result() == -Errno.ECONNRESET, "the peer sees the end");
  }

  @Test
  void closingAListenerEndsItsAccept() {
    UringHandle listener = io.listen();
    TestRequest accept = io.submit(TestRequest.multishot(listener, IoOpcode.ACCEPT));
    io.turn();
    io.closeHandle(listener);
    assertEquals(-Errno.ECANCELED, accept.result());
    assertFalse(accept.last().more());
  }

  /** Each round leaves other things in flight; the fixture checks that no descriptor is left. */
  @Test
  void closingUnderTrafficManyTimesLeavesNothing(@TempDir Path folder) {
    List<String> files = OpenFiles.list();
    for (int round = 0; round < 100; round++) {
      DriverFixture.Pair pair = io.pair();
      TestRequest receive = io.submit(TestRequest.multishot(pair.server(), IoOpcode.RECEIVE));
      TestRequest send =
          io.submit(
              TestRequest.transfer(IoOpcode.SEND, pair.client(), io.text("some bytes"), 10, 0));
      UringHandle file = io.openFile(folder.resolve("f"));
      TestRequest write =
          io.submit(TestRequest.transfer(IoOpcode.WRITE, file, io.text("text"), 4, round));
      for (int i = 0; i < round % 4; i++) {
        io.turn();
      }
      TestRequest first = io.submit(TestRequest.on(pair.server(), IoOpcode.CLOSE));
      TestRequest second = io.submit(TestRequest.on(pair.client(), IoOpcode.CLOSE));
      TestRequest third = io.submit(TestRequest.on(file, IoOpcode.CLOSE));
      io.turnUntil(
          () ->
              first.isDone()
                  && second.isDone()
                  && third.isDone()
                  && send.isDone()
                  && receive.isDone());
      assertEquals(4, write.result());
      DriverFixture.received(receive);
      io.accepted.clear();
    }
    assertEquals(List.of(), OpenFiles.since(files));
    assertEquals(0, io.driver.stats().inFlight());
    assertEquals(0, io.driver.stats().buffersLent());
  }

  @Test
  void requestsInTheSinkAreTaken() {
    List<TestRequest> chain = new ArrayList<>();
    io.then =
        (request, result, payload, more) -> {
          if (chain.size() < 100) {
            TestRequest next = TestRequest.delay(0);
            chain.add(next);
            io.submit(next);
            TestRequest cancelled = io.submit(TestRequest.delay(LONG_NANOS));
            chain.add(cancelled);
            io.driver.cancel(cancelled);
          }
        };
    io.run(TestRequest.delay(0));
    io.turnUntil(() -> chain.stream().allMatch(TestRequest::isDone));
    assertTrue(chain.size() >= 100);
  }

  @Test
  void closeIsNoThingToCancel() {
    UringHandle listener = io.listen();
    TestRequest accept = io.submit(TestRequest.on(listener, IoOpcode.ACCEPT));
    io.turn();
    TestRequest close = io.submit(TestRequest.on(listener, IoOpcode.CLOSE));
    io.driver.cancel(close);
    io.turnUntil(close::isDone);
    assertEquals(0, close.result());
    assertTrue(accept.isDone());
    assertThrows(NullPointerException.class, () -> io.submit(TestRequest.on(null, IoOpcode.CLOSE)));
  }
}
