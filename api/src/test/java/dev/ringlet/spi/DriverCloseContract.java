package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The end of a driver. Each test ends one of its own. */
interface DriverCloseContract extends DriverContractPart {
  @Test
  default void closingTwiceIsClosingOnce() {
    DriverRig other = new DriverRig(provider());
    other.closeDriver();
    other.closeDriver();
    other.assertQuiet();
  }

  @Test
  default void aClosedDriverRefuses() {
    DriverRig other = new DriverRig(provider());
    IoHandle listener = other.handle(TestRequest.listen(Peers.anyPort(), 16, 0));
    IoDriver driver = other.driver;
    other.closeDriver();
    TestRequest delay = TestRequest.delay(Duration.ZERO);
    List<Runnable> uses =
        List.of(
            () -> driver.submit(delay),
            () -> driver.cancel(delay),
            () -> driver.poll((request, result, payload, more) -> {}),
            driver::flush,
            () -> driver.park(0),
            () -> driver.park(Long.MAX_VALUE),
            () -> driver.allocate(1),
            () -> driver.localAddress(listener),
            () -> driver.remoteAddress(listener));
    for (Runnable use : uses) {
      assertThrows(IllegalStateException.class, use::run);
    }
  }

  @Test
  default void aClosedDriverIsStillWokenAndAsked() {
    DriverRig other = new DriverRig(provider());
    other.run(TestRequest.delay(Duration.ZERO));
    other.closeDriver();
    for (int i = 0; i < 100; i++) {
      other.driver.wakeup();
    }
    peers()
        .join(
            peers()
                .beside(
                    () -> {
                      other.driver.wakeup();
                      return other.driver.completionsPending();
                    }));
    assertFalse(other.driver.completionsPending());
    assertEquals(1, other.driver.stats().submitted());
    assertEquals(1, other.driver.stats().completed());
  }

  /** Threads that wake a driver while it ends; a mistake here would touch freed memory. */
  @Test
  default void wakingMeetsClosing() {
    for (int i = 0; i < 50; i++) {
      DriverRig other = new DriverRig(provider());
      var waker =
          peers()
              .beside(
                  () -> {
                    for (int round = 0; round < 2_000; round++) {
                      other.driver.wakeup();
                      other.driver.completionsPending();
                      other.driver.stats();
                    }
                    return null;
                  });
      other.driver.park(0);
      other.poll();
      other.closeDriver();
      waker.join();
    }
  }

  @Test
  default void requestsOfTheSinkAreRefusedDuringTheClose() {
    DriverRig other = new DriverRig(provider());
    TestRequest late = TestRequest.delay(Duration.ZERO);
    TestRequest hour = TestRequest.delay(Duration.ofHours(1));
    hour.onCompletion(() -> other.submit(late));
    other.submit(hour);
    other.closeDriver();
    assertEquals(-Errno.ECANCELED, hour.last().result());
    assertTrue(late.isFinished());
    assertEquals(-Errno.ECANCELED, late.last().result());
    other.assertQuiet();
  }

  @Test
  default void openHandlesAreClosed() throws IOException {
    DriverRig other = new DriverRig(provider());
    IoHandle listener = other.handle(TestRequest.listen(Peers.anyPort(), 16, 0));
    InetSocketAddress address = other.driver.localAddress(listener);
    Socket peer = peers().connect(address);
    other.handle(TestRequest.accept(listener));
    other.closeDriver();
    assertEquals(-1, peer.getInputStream().read());
    IoHandle again = rig().handle(TestRequest.listen(address, 16, 0));
    assertEquals(address, rig().driver.localAddress(again));
  }

  @Test
  default void aConnectionWithoutRequestIsResetOrClosedAtTheEnd() throws IOException {
    DriverRig other = new DriverRig(provider());
    IoHandle listener = other.handle(TestRequest.listen(Peers.anyPort(), 16, 0));
    TestRequest accept = other.submit(TestRequest.accept(listener).multishot());
    Socket peer = peers().connect(other.driver.localAddress(listener));
    other.driver.flush();
    other.closeDriver();
    assertTrue(accept.isFinished());
    try {
      assertEquals(-1, peer.getInputStream().read());
    } catch (IOException e) {
      assertTrue(e.getMessage().contains("reset"), e::toString);
    }
  }

  /** A request of each kind at once; after the first rounds none may leave a descriptor behind. */
  @Test
  default void closesWithEverythingInFlight() throws Exception {
    for (int i = 0; i < 3; i++) {
      closeWithEverythingInFlight(i);
    }
    int before = DriverRig.descriptors();
    for (int i = 0; i < 10; i++) {
      closeWithEverythingInFlight(i);
    }
    Awaitility.await("descriptors as before: " + before)
        .atMost(DriverRig.PATIENCE)
        .until(() -> DriverRig.descriptors() <= before);
  }

  private void closeWithEverythingInFlight(int turns) throws Exception {
    DriverRig other = new DriverRig(provider());
    try (Peers otherPeers = peers().of(other)) {
      List<TestRequest> requests = everything(other, otherPeers);
      for (int i = 0; i < turns; i++) {
        other.driver.flush();
      }
      other.closeDriver();
      for (TestRequest request : requests) {
        assertTrue(request.isFinished(), "no last completion: " + request);
        for (TestRequest.Completion completion : request.completions) {
          if (completion.payload() instanceof IoBuffer buffer) {
            buffer.release();
          }
        }
      }
      other.assertQuiet();
    }
  }

  private List<TestRequest> everything(DriverRig other, Peers otherPeers) throws IOException {
    List<TestRequest> requests = new ArrayList<>();
    IoHandle listener = other.handle(TestRequest.listen(Peers.anyPort(), 64, 0));
    for (int i = 0; i < 20; i++) {
      otherPeers.connect(other.driver.localAddress(listener));
    }
    requests.add(TestRequest.accept(listener).multishot());
    IoHandle quiet = other.handle(TestRequest.listen(Peers.anyPort(), 1, 0));
    requests.add(TestRequest.accept(quiet));
    for (int i = 0; i < 8; i++) {
      requests.add(TestRequest.connect(other.driver.localAddress(quiet)));
      requests.add(TestRequest.connect(otherPeers.serverAddress()));
    }
    Peers.Pair receiving = otherPeers.pair();
    receiving
        .peer()
        .getOutputStream()
        .write(new byte[4 * DriverRig.RECEIVE_BUFFERS * DriverRig.RECEIVE_BUFFER_BYTES]);
    requests.add(TestRequest.receive(receiving.handle()).multishot());
    requests.add(TestRequest.receive(otherPeers.pair().handle()));
    IoHandle full = otherPeers.pair().handle();
    for (int i = 0; i < 10; i++) {
      requests.add(TestRequest.send(full, other.buffer(new byte[1 << 20])));
    }
    addFileRequests(requests, other);
    requests.add(TestRequest.delay(Duration.ofHours(1)));
    requests.add(TestRequest.delay(Duration.ZERO));
    requests.add(TestRequest.listen(Peers.anyPort(), 16, 0));
    requests.add(TestRequest.shutdownOutput(otherPeers.pair().handle()));
    requests.add(TestRequest.close(otherPeers.pair().handle()));
    requests.forEach(other::submit);
    return requests;
  }

  private void addFileRequests(List<TestRequest> requests, DriverRig other) throws IOException {
    Path path = Files.write(directory().resolve("everything"), new byte[1 << 16]);
    int flags = IoRequest.OPEN_READ | IoRequest.OPEN_WRITE;
    IoHandle file = other.handle(TestRequest.open(path, flags));
    for (int i = 0; i < 50; i++) {
      requests.add(TestRequest.open(path, flags));
      requests.add(TestRequest.read(file, i, other.buffer(1 << 16)));
      requests.add(TestRequest.write(file, i, other.buffer(new byte[1 << 16])));
      requests.add(TestRequest.dataSync(file));
      requests.add(TestRequest.truncate(file, 1 << 16));
      requests.add(TestRequest.size(file));
    }
    IoHandle closing = other.handle(TestRequest.open(path, flags));
    requests.add(TestRequest.write(closing, 0, other.buffer(new byte[100])));
    requests.add(TestRequest.close(closing));
  }
}
