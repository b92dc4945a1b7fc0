package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who has the memory of a send without a copy, and until when. */
@RequiresUring
@Timeout(60)
class UringDriverZeroCopyTest {
  private static final int BYTES = 1 << 16;
  private static final IoDriverOptions OPTIONS =
      new IoDriverOptions(8, 16, 4, 256, System::nanoTime);

  private final DriverFixture io = DriverFixture.normal();
  private final List<IoBuffer> back = new ArrayList<>();

  @BeforeEach
  void needsSendZeroCopy() {
    Capabilities capabilities = UringProbe.result().require();
    assumeTrue(capabilities.supports(Abi.IORING_OP_SEND_ZC), "SEND_ZC needs Linux 6.0");
  }

  @AfterEach
  void close() {
    io.close();
  }

  private TestRequest send(UringHandle handle) {
    IoBuffer buffer = new IoBuffer(io.driver.allocate(BYTES), 0, BYTES, back::add, 0);
    buffer.wrote(BYTES);
    TestRequest send = TestRequest.transfer(IoOpcode.SEND, handle, buffer, BYTES, 0);
    send.flags = IoRequest.SEND_ZERO_COPY;
    return io.submit(send);
  }

  /**
   * Sends to a peer that does not read, until one send waits; all that have completed are released
   * by their user. The kernel still has those that the peer has no room for.
   */
  private TestRequest fill(UringHandle handle) {
    for (int i = 0; i < 10_000; i++) {
      TestRequest send = send(handle);
      for (int turn = 0; turn < 20 && !send.isDone(); turn++) {
        io.turn();
      }
      if (!send.isDone()) {
        return send;
      }
      assertTrue(send.result() > 0);
      assertEquals(1, send.completions.size(), "the notification is the driver's own");
      assertEquals(-1, send.driverSlot);
      send.buffer.release();
    }
    throw new AssertionError("the peer that does not read has got it all");
  }

  private void drainPeer(UringHandle server, TestRequest waiting) {
    TestRequest receive = TestRequest.multishot(server, IoOpcode.RECEIVE);
    io.then =
        (request, result, payload, more) -> {
          if (payload instanceof IoBuffer buffer) {
            buffer.release();
            if (!more) {
              io.submit(receive);
            }
          }
        };
    io.submit(receive);
    io.turnUntil(waiting::isDone);
  }

  @Test
  void aBufferComesBackWhenThePeerHasTheBytes() {
    DriverFixture.Pair pair = io.pair();
    TestRequest waiting = fill(pair.client());
    assertTrue(lingering() > 0, "the kernel needs none of the buffers");
    assertEquals(1, io.driver.stats().inFlight(), "only the one that waits");
    drainPeer(pair.server(), waiting);
    waiting.buffer.release();
    io.turnUntil(() -> lingering() == 0);
    assertEquals(0, io.driver.stats().staleCompletions());
    io.turnUntil(() -> back.contains(waiting.buffer));
  }

  private int lingering() {
    int lingering = 0;
    for (int i = 0; i < io.driver.table.capacity(); i++) {
      Operation operation = io.driver.table.slot(i);
      lingering += operation.kind == Operation.Kind.ZERO_COPY ? 1 : 0;
    }
    return lingering;
  }

  @Test
  void aCloseIsDoneBeforeThePeerHasTheBytes() {
    DriverFixture.Pair pair = io.pair();
    TestRequest waiting = fill(pair.client());
    io.closeHandle(pair.client());
    assertTrue(waiting.isDone());
    waiting.buffer.release();
    assertTrue(lingering() > 0, "the kernel goes on sending");
    drainPeer(pair.server(), waiting);
    io.turnUntil(() -> lingering() == 0);
    io.turnUntil(() -> back.contains(waiting.buffer));
  }

  @Test
  void aResetGivesEverythingBack() {
    DriverFixture.Pair pair = io.pair();
    TestRequest waiting = fill(pair.client());
    TestRequest reset = TestRequest.on(pair.client(), IoOpcode.CLOSE);
    reset.flags = IoRequest.CLOSE_RESET;
    io.succeed(reset);
    waiting.buffer.release();
    io.turnUntil(() -> lingering() == 0);
    assertTrue(back.contains(waiting.buffer));
  }

  @Test
  void aCancelLeavesTheMemoryToTheKernel() {
    DriverFixture.Pair pair = io.pair();
    TestRequest waiting = fill(pair.client());
    io.driver.cancel(waiting);
    io.turnUntil(waiting::isDone);
    waiting.buffer.release();
    drainPeer(pair.server(), waiting);
    io.turnUntil(() -> lingering() == 0 && back.contains(waiting.buffer));
  }

  /**
   * The close of the driver does not wait for a peer that never reads, and loses no memory to it.
   */
  @Test
  void theEndOfTheDriverDoesNotWaitForThePeer() {
    DriverFixture.Pair pair = io.pair();
    TestRequest waiting = fill(pair.client());
    TestRequest close = io.submit(TestRequest.on(pair.client(), IoOpcode.CLOSE));
    io.turnUntil(close::isDone);
    waiting.buffer.release();
    assertTrue(lingering() > 0);
    // The peer lives on with a driver of its own.
    UringDriver other = UringDriver.open(OPTIONS, UringProbe.result().require());
    other.attach(io.driver.detach(pair.server()));
    io.driver.close(io::sink);
    assertTrue(lingering() > 0, "nobody has read");
    other.close((request, result, payload, more) -> {});
  }
}
